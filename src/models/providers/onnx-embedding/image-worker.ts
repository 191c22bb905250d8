/** @file The image tower's thread: prepared pixels of one or several pictures in, a unit vector of each out. */

import { FototecaError } from '../../../domain/errors.ts'
import type { Pixels } from '../../../media/picture.ts'
import { findImageInput, floatTensor, openSession, type Runtime, runSession } from '../../onnx/session.ts'
import { Moved, serveModel } from '../../workers/worker-model.ts'
import { type ImagePreparation, toTensor } from './image-preparation.ts'
import { findEmbeddingOutput, unitVectors } from './session.ts'

export interface ImageWorkerData {
  readonly modelFile: string
  readonly runtime: Runtime
  readonly width: number | null
  readonly preparation: ImagePreparation
}

serveModel(async ({ modelFile, runtime, width, preparation }: ImageWorkerData) => {
  const { session, notice } = await openSession(modelFile, runtime)
  const input = findImageInput(session.inputMetadata, modelFile)
  const output = findEmbeddingOutput(session.outputMetadata, modelFile, width)
  if ((input.height ?? preparation.height) !== preparation.height || (input.width ?? preparation.width) !== preparation.width)
    throw new FototecaError(
      'invalid',
      `${modelFile} takes pictures of ${input.width} × ${input.height}, but the preprocessing config beside it says ${preparation.width} × ${preparation.height}; they are from different models`,
    )
  /** These in one run. @throws FototecaError `model_failed` where the graph says it takes several and does not */
  const embed = async (pictures: readonly Pixels[]): Promise<Float32Array[]> => {
    const dims = [pictures.length, 3, preparation.height, preparation.width]
    const tensor = floatTensor(input.type, toTensor(pictures, preparation), dims)
    const result = (await runSession(session, modelFile, { [input.name]: tensor }, [output.name]))[output.name]
    if (!result) throw new FototecaError('model_failed', `${modelFile} gave no ${output.name}`)
    return unitVectors(result, pictures.length, width, modelFile)
  }
  return {
    /** width of the space (run once on grey where the model does not state it) and what a person should know */
    async describe(): Promise<{ width: number; notice: string | null; isBatched: boolean }> {
      const { resizeWidth, resizeHeight } = preparation
      const grey = () =>
        embed([{ width: resizeWidth, height: resizeHeight, channels: 3, data: new Uint8Array(resizeWidth * resizeHeight * 3).fill(128) }])
      return { width: output.width ?? (await grey())[0]?.length ?? 0, notice, isBatched: input.isBatched }
    },
    async embed(pictures: readonly Pixels[]): Promise<Moved<Float32Array[]>> {
      const vectors = await embed(pictures)
      return new Moved(
        vectors,
        vectors.map((vector) => vector.buffer as ArrayBuffer),
      )
    },
  }
})
