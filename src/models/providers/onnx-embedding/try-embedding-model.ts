/** @file Tries both towers: each must answer with a finite vector, of one width. One after the other, so the peak of memory is the larger one. */
import { FototecaError } from '../../../domain/errors.ts'
import type { Runtime } from '../../onnx/session.ts'
import { measureRuns } from '../../trial/measure-runs.ts'
import { TEST_PICTURE } from '../../vision/test-picture.ts'
import { type EmbeddingModel, openEmbeddingModel } from './open-embedding-model.ts'

/**
 * With `runtime.batch` above 1 only the image tower is timed, that many pictures in a run.
 * @param before what an earlier try found, which need not be found again @returns null where it takes one at a time
 */
export async function tryEmbeddingModel(
  folder: string,
  runtime: Runtime,
  signal: AbortSignal,
  before?: { readonly width: number | null },
): Promise<{ width: number; msPerPicture: number } | null> {
  const model = await openEmbeddingModel(folder, { ...runtime, ...(before?.width ? { width: before.width } : {}) })
  if (runtime.batch !== undefined && runtime.batch > 1) return tryTogether(model, runtime.batch, signal)
  const { vector, msPerPicture } = await tryImages(model, signal)
  await using text = model.text()
  const query = await text.embedText('a photo', { signal })
  if (vector.length !== query.length)
    throw new FototecaError(
      'invalid',
      `${folder}: pictures give ${vector.length} numbers and texts ${query.length}; these two towers do not belong together`,
    )
  return { width: vector.length, msPerPicture }
}

async function tryImages(model: EmbeddingModel, signal: AbortSignal): Promise<{ vector: Float32Array; msPerPicture: number }> {
  await using image = model.image()
  const vector = await image.embedImage(TEST_PICTURE, { signal })
  return { vector, msPerPicture: await measureRuns(() => image.embedImage(TEST_PICTURE, { signal })) }
}

async function tryTogether(
  model: EmbeddingModel,
  batch: number,
  signal: AbortSignal,
): Promise<{ width: number; msPerPicture: number } | null> {
  await using image = model.image()
  if (!(await image.isBatched())) return null
  const pictures = Array.from({ length: batch }, () => TEST_PICTURE)
  const run = () => image.embedTogether(pictures, { signal })
  try {
    await run()
  } catch {
    signal.throwIfAborted()
    return null // the graph says it takes several and fails at it: one at a time works, which was tried before
  }
  return { width: model.space.width, msPerPicture: (await measureRuns(run)) / batch }
}
