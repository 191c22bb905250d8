/** @file The image tower's thread: prepared pixels of one or several pictures in, a unit vector of each out. */

import { FototecaError } from '../../../domain/errors.ts'
import type { Pixels } from '../../../media/picture.ts'
import { findImageInput, floatTensor, openSession, type Runtime, runSession, toFloats, toUnitVectors } from '../../onnx/session.ts'
import { Moved, serveModel } from '../../workers/worker-model.ts'
import { type ImagePreparation, toTensor } from './image-preparation.ts'
import { findEmbeddingOutput, unitVector } from './session.ts'

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
  const embed = async (pixels: Pixels): Promise<Float32Array> => {
    const tensor = floatTensor(input.type, toTensor(pixels, preparation), [1, 3, preparation.height, preparation.width])
    const result = (await runSession(session, modelFile, { [input.name]: tensor }, [output.name]))[output.name]
    if (!result) throw new FototecaError('model_failed', `${modelFile} gave no ${output.name}`)
    return unitVector(result, width, modelFile)
  }
  /** As many at once as are given. @throws FototecaError `model_failed` where the graph says it takes several and does not */
  const embedTogether = async (pictures: readonly Pixels[]): Promise<Float32Array[]> => {
    const side = 3 * preparation.height * preparation.width
    const values = new Float32Array(pictures.length * side)
    for (const [at, pixels] of pictures.entries()) values.set(toTensor(pixels, preparation), at * side)
    const tensor = floatTensor(input.type, values, [pictures.length, 3, preparation.height, preparation.width])
    const result = (await runSession(session, modelFile, { [input.name]: tensor }, [output.name]))[output.name]
    const answer = result ? toFloats(result) : new Float32Array(0)
    const own = answer.length / pictures.length
    if (!Number.isInteger(own) || own === 0 || (width !== null && own !== width))
      throw new FototecaError('model_failed', `${modelFile} answered ${answer.length} numbers to ${pictures.length} pictures`)
    return toUnitVectors(answer, own, modelFile)
  }
  return {
    /** width of the space (run once on grey where the model does not state it) and what a person should know */
    async describe(): Promise<{ width: number; notice: string | null; isBatched: boolean }> {
      const { resizeWidth, resizeHeight } = preparation
      const grey = () =>
        embed({ width: resizeWidth, height: resizeHeight, channels: 3, data: new Uint8Array(resizeWidth * resizeHeight * 3).fill(128) })
      return { width: output.width ?? (await grey()).length, notice, isBatched: input.isBatched }
    },
    async embed(pictures: readonly Pixels[]): Promise<Moved<Float32Array[]>> {
      const [first, ...others] = pictures
      const vectors = first && others.length === 0 ? [await embed(first)] : await embedTogether(pictures)
      return new Moved(
        vectors,
        vectors.map((vector) => vector.buffer as ArrayBuffer),
      )
    },
  }
})
