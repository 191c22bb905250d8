/** @file What the probe found, stored as the pipeline’s steps would: the next upload is compared with it at once, and no step runs twice. */
import type { StepName } from '../contract/words.ts'
import type { Trx } from '../db/client.ts'
import { finishStep } from '../pipeline/ledger.ts'
import type { Steps } from '../pipeline/steps.ts'
import type { Probed } from './probe/protocol.ts'

export interface SaveProbedDeps {
  readonly steps: Pick<Steps, 'look' | 'hash' | 'embedding'>
  /** the library’s own embedding model: what it says is the photo’s embedding */
  readonly activeModelId: () => string | null
}

/** @param photo one that was here before has been through its steps, or will be */
export async function saveProbed(
  { steps, activeModelId }: SaveProbedDeps,
  trx: Trx,
  photo: { readonly id: number; readonly isNew: boolean },
  probed: Probed,
): Promise<void> {
  const save = async (step: StepName & keyof SaveProbedDeps['steps'], result: unknown, modelId: string | null, isStep: boolean) => {
    await steps[step].save(trx, photo.id, result, { modelId })
    if (isStep && photo.isNew)
      await finishStep(trx, photo.id, { step, version: steps[step].version, modelId, state: 'done', reason: null, durationMs: 0 })
  }
  await save('look', probed.look, null, true)
  await save('hash', probed.hash, null, true)
  const { embedding } = probed
  if (embedding) await save('embedding', embedding, embedding.modelId, embedding.modelId === activeModelId())
}
