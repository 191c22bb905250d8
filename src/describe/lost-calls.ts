/** @file What the call for a photo’s description is named, and what one that was lost with its process is counted for. */
import { dayOf } from '../background/budget.ts'
import type { PaidCall } from '../background/store-paid-calls.ts'
import type { Trx } from '../db/client.ts'
import type { CallSubject } from './call-gate.ts'
import { chargeRuns } from './store-runs.ts'
import { addUsage } from './store-usage.ts'

/** A description of the photo, whatever describes it. */
export const subjectOf = (photoId: number): CallSubject => ({ photoId, subject: `photo ${photoId}` })

/** The day and the run pay what such a call is likely to take. */
export async function chargeLost(trx: Trx, { model, subject, tokens, cost, sent_at }: PaidCall): Promise<void> {
  const likely = { tokens: Math.round(tokens ?? 0), cost: cost ?? 0 }
  await addUsage(trx, dayOf(sent_at.getTime()), model, {
    ...{ calls: 1, failures: 1, input_tokens: likely.tokens, output_tokens: 0, cost: likely.cost, estimated_cost: likely.cost },
    currency: null,
  })
  const photoId = /^photo (\d+)$/.exec(subject)?.[1]
  if (photoId !== undefined) await chargeRuns(trx, Number(photoId), likely)
}
