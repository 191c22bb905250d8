/** @file Asks the describer that is switched on about a new product picture, through its gate; what it says is the photo’s description too. */

import { concludeCalls } from '../background/store-paid-calls.ts'
import { render, textMessage } from '../contract/messages/message.ts'
import type { Db } from '../db/client.ts'
import type { ActiveDescriber } from '../describe/describe-worker.ts'
import { subjectOf } from '../describe/lost-calls.ts'
import { finishStep, updatePhotoStates } from '../pipeline/ledger.ts'
import { description } from '../pipeline/steps/description/step.ts'
import type { Probed } from './probe/protocol.ts'
import type { ProductWords } from './say-product.ts'
import { sayProduct } from './say-product.ts'
import { readSaid } from './store-pictures.ts'

export interface DescribePictureDeps {
  readonly db: Db
  /** null while none is switched on or it cannot be opened */
  readonly active: () => ActiveDescriber | null
  /** why there is none */
  readonly notice: () => string | null
  readonly limitMs?: number
}

/** A client waits for the answer. */
const LIMIT_MS = 120_000
const NEEDS_MODEL =
  'name, description, attributes and prompt need a describe model; switch one on (“fototeca describe use …”). Colour and quality are measured'

/** What is known in words, and why the rest is not. Never throws for a describer that fails: the picture is stored. */
export async function describePicture(
  deps: DescribePictureDeps,
  photoId: number,
  kind: string | null,
  jpeg: Probed['jpeg'],
): Promise<{ readonly words: ProductWords; readonly notice: string | null }> {
  const known = await readSaid(deps.db, photoId)
  if (known) return { words: sayProduct(known, kind), notice: null }
  const active = deps.active()
  if (!active || !jpeg) return { words: sayProduct(null, kind), notice: deps.notice() ?? NEEDS_MODEL }
  const startedAt = performance.now()
  const said = await active.gate
    .call(subjectOf(photoId), jpeg, AbortSignal.timeout(deps.limitMs ?? LIMIT_MS))
    .catch((error: unknown) => ({ end: 'failed' as const, reason: textMessage(String(error)) }))
  if (said.end !== 'done')
    return {
      words: sayProduct(null, kind),
      notice: `the describe model did not answer (${typeof said.reason === 'string' ? said.reason : render(said.reason)}); the picture is stored, and described later`,
    }
  await deps.db.transaction().execute(async (trx) => {
    await description.save(trx, photoId, { saidBy: active.gate.describer.info.id, result: said.result }, { modelId: active.modelId })
    await finishStep(trx, photoId, {
      step: 'description', version: description.version, modelId: active.modelId, state: 'done', reason: null, durationMs: performance.now() - startedAt,
    }) // biome-ignore format: a row
    await updatePhotoStates(trx, [photoId])
    await concludeCalls(trx, subjectOf(photoId).subject)
  })
  active.gate.forget(subjectOf(photoId))
  const { description: text, altText, tags } = said.result.description
  return { words: sayProduct({ description: text, altText, tags }, kind), notice: said.result.fallbackReason }
}
