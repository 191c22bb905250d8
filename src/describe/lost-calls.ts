/** @file What the call for a photo is named, and what one that was lost with its process is counted for. */
import { dayOf } from '../background/budget.ts'
import type { PaidCall } from '../background/store-paid-calls.ts'
import type { Purpose } from '../contract/words.ts'
import type { Trx } from '../db/client.ts'
import type { CallSubject } from './call-gate.ts'
import { chargeRuns } from './store-runs.ts'
import { addUsage } from './store-usage.ts'

/** What is said of the photo for a purpose, whatever describes it. */
export const subjectOf = (photoId: number, purpose: Purpose = 'facts'): CallSubject => ({
  photoId,
  subject: purpose === 'facts' ? `photo ${photoId}` : `photo ${photoId} ${purpose}`,
})

/** The day and the run pay what such a call is likely to take. */
export const chargeLost = (purpose: Purpose) => async (trx: Trx, call: PaidCall) => {
  const { model, subject, tokens, cost, sent_at } = call
  const likely = { tokens: Math.round(tokens ?? 0), cost: cost ?? 0 }
  await addUsage(trx, dayOf(sent_at.getTime()), model, purpose, {
    ...{ calls: 1, failures: 1, input_tokens: likely.tokens, output_tokens: 0, cost: likely.cost, estimated_cost: likely.cost },
    currency: null,
  })
  const photoId = /^photo (\d+)\b/.exec(subject)?.[1]
  if (photoId !== undefined) await chargeRuns(trx, purpose, Number(photoId), likely)
}
