/** @file What the probe found, stored as the pipeline’s steps would: the next upload is compared with it at once, and no step runs twice. */
import type { Trx } from '../db/client.ts'
import type { PdqHash } from '../domain/likeness/pdq.ts'
import { finishStep } from '../pipeline/ledger.ts'
import type { Step } from '../pipeline/step.ts'
import type { PhotoEmbedding } from '../pipeline/steps/embedding/store.ts'
import type { Look } from '../pipeline/steps/look/look-at.ts'
import type { Probed } from './probe/protocol.ts'

type Saving<Result> = Pick<Step<Result>, 'name' | 'version' | 'save'>

export interface SaveProbedDeps {
  /** with what each saves, so that a result that has changed is found here too */
  readonly steps: {
    readonly look: Saving<Look>
    readonly hash: Saving<PdqHash>
    readonly embedding: Saving<PhotoEmbedding>
  }
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
  const save = async <Result>(step: Saving<Result>, result: Result, modelId: string | null, isStep: boolean) => {
    await step.save(trx, photo.id, result, { modelId })
    if (isStep && photo.isNew)
      await finishStep(trx, photo.id, { step: step.name, version: step.version, modelId, state: 'done', reason: null, durationMs: 0 })
  }
  await save(steps.look, probed.look, null, true)
  await save(steps.hash, probed.hash, null, true)
  const { embedding } = probed
  if (embedding) await save(steps.embedding, embedding, embedding.modelId, embedding.modelId === activeModelId())
}
