/** @file Asks the describer that is switched on about a new product picture, as a product of the kind that was given; its answer is the photo’s description too. (ADR 84) */

import { concludeCalls } from '../background/store-paid-calls.ts'
import { render } from '../contract/messages/message.ts'
import type { Db } from '../db/client.ts'
import type { ActiveDescriber } from '../describe/describe-worker.ts'
import { refreshSearchDocument } from '../document/store.ts'
import { describeError } from '../domain/errors.ts'
import { freeOfLane, keepFromLane } from '../pipeline/lease-ledger.ts'
import { finishStep, updatePhotoStates } from '../pipeline/ledger.ts'
import { description } from '../pipeline/steps/description/step.ts'
import { copyAnswer, saveAnswer } from './store-answers.ts'
import type { PictureRow } from './store-pictures.ts'

export interface DescribePictureDeps {
  readonly db: Db
  /** null while none is switched on or it cannot be opened */
  readonly active: () => ActiveDescriber | null
  /** why there is none */
  readonly notice: () => string | null
  /** the lane may describe the photo after all */
  readonly wakeLane: () => void
  readonly limitMs?: number
}

/** A client waits for the answer. */
const LIMIT_MS = 120_000
const NEEDS_MODEL =
  'No describe model is switched on (“fototeca describe use …”): the name and attributes are put together from the type and the measured colour'

/** @returns what is missing and why; null when the model answered whole. Never throws for a describer that fails: the picture is stored */
export async function describePicture(
  { db, active, notice, wakeLane, limitMs = LIMIT_MS }: DescribePictureDeps,
  { id, photoId, kind }: Pick<PictureRow, 'id' | 'photoId' | 'kind'>,
  jpeg: { readonly jpeg: Uint8Array; readonly width: number; readonly height: number } | null,
): Promise<string | null> {
  if (kind !== null && (await copyAnswer(db, id))) return null
  const describer = active()
  if (!describer || !jpeg) return notice() ?? NEEDS_MODEL
  const { gate, modelId } = describer
  const startedAt = performance.now()
  const subject = { photoId, subject: `product picture ${id}`, product: { kind: kind ?? 'product' } }
  await keepFromLane(db, photoId, 'describe', limitMs)
  try {
    const said = await gate
      .call(subject, jpeg, AbortSignal.timeout(limitMs))
      .catch((error: unknown) => ({ end: 'failed' as const, reason: describeError(error) }))
    if (said.end !== 'done')
      return `The describe model did not answer (${typeof said.reason === 'string' ? said.reason : render(said.reason)}). The picture is stored and will be described later`
    const { result } = said
    await db.transaction().execute(async (trx) => {
      await description.save(trx, photoId, { saidBy: gate.describer.info.id, result }, { modelId })
      if (result.product) await saveAnswer(trx, id, subject.product.kind, gate.describer.info.id, { ...result, product: result.product })
      await finishStep(trx, photoId, {
        step: 'description',
        version: description.version,
        modelId,
        state: 'done',
        reason: null,
        durationMs: performance.now() - startedAt,
      })
      await updatePhotoStates(trx, [photoId])
      await refreshSearchDocument(trx, photoId)
      await concludeCalls(trx, subject.subject)
    })
    gate.forget(subject)
    return result.product ? result.fallbackReason : 'The describe model said nothing of the product, only of the picture'
  } finally {
    await freeOfLane(db, photoId, 'describe')
    wakeLane()
  }
}
