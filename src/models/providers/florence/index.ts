/** @file Florence-2 on this machine: captions and object names by transformers.js, in a thread of its own. */
import { join } from 'node:path'
import { FototecaError } from '../../../domain/errors.ts'
import type { Captioner } from '../../ports/chat.ts'
import { WorkerModel } from '../../workers/worker-model.ts'
import { ProviderFailure } from '../provider-failure.ts'
import { findMissing } from './requirements.ts'
import type { FlorenceAnswer, FlorenceData } from './worker.ts'

/**
 * @param modelDir the models’ folder; the model lies in `<modelDir>/<name>` in the hub’s layout (`config.json`, `onnx/…`)
 * @param packageName where transformers.js is found; tests name a stand-in
 */
export function openFlorence(
  modelDir: string,
  name: string,
  packageName = '@huggingface/transformers',
): Captioner & { readonly findMissing: () => Promise<string | null>; readonly close: () => Promise<void> } {
  const data: FlorenceData = { folder: join(modelDir, name), packageName }
  const worker = new WorkerModel(new URL('./worker.ts', import.meta.url), data)
  return {
    host: null,
    findMissing: () => findMissing(data.folder, data.packageName),
    async checkPresence() {
      const missing = await findMissing(data.folder, data.packageName)
      if (missing !== null) throw new ProviderFailure('misconfigured', missing)
      return 'its files and its package are on this machine'
    },
    async caption(jpeg, { signal }) {
      try {
        const said = await worker.call<FlorenceAnswer>('caption', [jpeg], { signal })
        return { ...said, model: name, usage: { inputTokens: null, outputTokens: null, cost: null, calls: 1 } }
      } catch (error) {
        signal?.throwIfAborted()
        // not installed, not whole or not loadable: no photo will succeed until someone brings it
        if (error instanceof FototecaError && error.code === 'model_missing')
          throw new ProviderFailure('misconfigured', error.message, { cause: error })
        throw new ProviderFailure('unavailable', `Florence-2 failed: ${(error as Error).message}`, { cause: error })
      }
    },
    close: () => worker[Symbol.asyncDispose](),
  }
}
