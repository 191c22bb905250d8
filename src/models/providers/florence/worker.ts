/**
 * @file The thread of Florence-2. transformers.js is no dependency of ours (474 MB for this alone, ADR 15): it is looked for
 * when the model is used, and asked for in words where it is absent.
 */
import { basename, dirname } from 'node:path'
import { describeError, FototecaError } from '../../../domain/errors.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { findPrecision, sayPackageMissing } from './requirements.ts'

export interface FlorenceData {
  readonly folder: string
  readonly packageName: string
}
export interface FlorenceAnswer {
  readonly text: string
  readonly short: string
  readonly objects: readonly string[]
}

/** The part of transformers.js (4.3.1) that is used, as its documents show Florence-2. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; allowLocalModels: boolean; localModelPath: string }
  readonly Florence2ForConditionalGeneration: {
    from_pretrained(name: string, options: object): Promise<{ generate(inputs: object): Promise<unknown> }>
  }
  readonly AutoProcessor: { from_pretrained(name: string): Promise<Processor> }
  readonly RawImage: { fromBlob(blob: Blob): Promise<{ readonly size: readonly [number, number] }> }
}
interface Processor {
  (image: unknown, prompts: unknown): Promise<object>
  construct_prompts(task: string): unknown
  batch_decode(ids: unknown, options: object): string[]
  post_process_generation(text: string, task: string, size: readonly [number, number]): Record<string, unknown>
}

/** `<MORE_DETAILED_CAPTION>` ends by itself at about 120. */
const MAX_NEW_TOKENS = 256

serveModel(async ({ folder, packageName }: FlorenceData) => {
  const dtype = await findPrecision(folder)
  const { env, Florence2ForConditionalGeneration, AutoProcessor, RawImage } = await importTransformers(packageName)
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.localModelPath = dirname(folder)
  const name = basename(folder)
  const load = async () => ({
    model: await Florence2ForConditionalGeneration.from_pretrained(name, { dtype }),
    processor: await AutoProcessor.from_pretrained(name),
  })
  const { model, processor } = await load().catch((error: unknown) => {
    throw new FototecaError(
      'model_missing',
      `Florence-2 in ${folder} does not load: ${describeError(error).slice(0, 300)}; bring its files again`,
    )
  })
  return {
    async caption(jpeg: Uint8Array): Promise<FlorenceAnswer> {
      const image = await RawImage.fromBlob(new Blob([jpeg as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }))
      const run = async (task: string): Promise<unknown> => {
        const inputs = await processor(image, processor.construct_prompts(task))
        const ids = await model.generate({ ...inputs, max_new_tokens: MAX_NEW_TOKENS })
        const [text = ''] = processor.batch_decode(ids, { skip_special_tokens: false })
        return processor.post_process_generation(text, task, image.size)[task]
      }
      const located = (await run('<OD>')) as { labels?: unknown } | undefined
      const labels = Array.isArray(located?.labels) ? located.labels : []
      return {
        text: String((await run('<MORE_DETAILED_CAPTION>')) ?? ''),
        short: String((await run('<CAPTION>')) ?? ''),
        objects: labels.filter((label) => typeof label === 'string'),
      }
    },
  }
})

async function importTransformers(name: string): Promise<Transformers> {
  try {
    return (await import(name)) as Transformers
  } catch (error) {
    throw new FototecaError('model_missing', sayPackageMissing(describeError(error).slice(0, 160)), { cause: error })
  }
}
