/** @file The thread of a network that cuts out: pixels in, one alpha per pixel out. */
import { FototecaError } from '../../../domain/errors.ts'
import type { Pixels } from '../../../media/picture.ts'
import { floatTensor, listTensors, openSession, type Runtime, runSession, toFloats, unusable } from '../../onnx/session.ts'
import { Moved, serveModel } from '../../workers/worker-model.ts'
import { checkPictureInput, pictureShape, toTensor } from '../onnx-vision/feed.ts'
import type { CutOutModel } from './manifest.ts'

export interface CutOutWorkerData {
  readonly model: CutOutModel
  readonly runtime: Runtime
}

serveModel(async ({ model, runtime }: CutOutWorkerData) => {
  const { modelFile, input, output } = model
  const { session, notice } = await openSession(modelFile, runtime)
  const { name, type } = checkPictureInput(session.inputMetadata, input, modelFile)
  const outputs = listTensors(session.outputMetadata)
  const wanted = output.name ?? outputs[0]?.name ?? ''
  if (!session.outputNames.includes(wanted)) throw unusable(modelFile, `has no output “${wanted}”, which the manifest names`, outputs)
  return {
    async notice(): Promise<string | null> {
      return notice
    },
    /** @returns [height × width] of the network, 0–255 */
    async cutOut(pixels: Pixels) {
      const tensor = floatTensor(type, toTensor(pixels, input), pictureShape(input))
      const result = (await runSession(session, modelFile, { [name]: tensor }, [wanted]))[wanted]
      if (!result) throw new FototecaError('model_failed', `${modelFile} gave no ${wanted}`)
      const values = toFloats(result)
      if (values.length !== input.width * input.height)
        throw new FototecaError(
          'invalid',
          `${modelFile} answered [${result.dims.join(', ')}], which is no mask of ${input.width} × ${input.height}`,
        )
      if (!values.every(Number.isFinite))
        throw new FototecaError(
          'model_failed',
          `${modelFile} answered with values that are not numbers; it is damaged or made for another device`,
        )
      const alpha = Uint8Array.from(values, (value) =>
        Math.round(255 * (output.kind === 'logits' ? 1 / (1 + Math.exp(-value)) : Math.min(1, Math.max(0, value)))),
      )
      return new Moved(alpha, [alpha.buffer as ArrayBuffer])
    },
  }
})
