/** @file The thread of a brought-along tagger or detector: pixels in, classes or boxes out. */
import { FototecaError } from '../../../domain/errors.ts'
import type { Pixels } from '../../../media/picture.ts'
import { Tensor } from '../../onnx/onnxruntime.ts'
import { floatTensor, listTensors, openSession, type Runtime, runSession, toFloats, unusable } from '../../onnx/session.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { checkPictureInput, pictureShape, toTensor } from './feed.ts'
import type { VisionModel } from './manifest.ts'
import { type Answer, readBoxes, readDetr, readTags, readYolo, type Said, type SaidBox } from './read-answer.ts'

export interface VisionWorkerData {
  readonly model: VisionModel
  readonly runtime: Runtime
}

serveModel(async ({ model, runtime }: VisionWorkerData) => {
  const { modelFile, input, output, thresholds } = model
  const { session, notice } = await openSession(modelFile, runtime)
  const sizeInput = output.kind === 'boxes' ? output.size : null
  const { name, type } = checkPictureInput(session.inputMetadata, input, modelFile, sizeInput)
  const size = new Tensor('int64', BigInt64Array.of(BigInt(input.width), BigInt(input.height)), [1, 2])
  const outputs = listTensors(session.outputMetadata)
  const wanted =
    output.kind === 'detr'
      ? [output.scores, output.boxes]
      : output.kind === 'boxes'
        ? [output.labels, output.scores, output.boxes]
        : [output.name ?? outputs[0]?.name ?? '']
  for (const one of wanted)
    if (!session.outputNames.includes(one)) throw unusable(modelFile, `has no output “${one}”, which the manifest names`, outputs)

  const run = async (pixels: Pixels): Promise<Answer[]> => {
    const tensor = floatTensor(type, toTensor(pixels, input), pictureShape(input))
    const results = await runSession(session, modelFile, { [name]: tensor, ...(sizeInput === null ? {} : { [sizeInput]: size }) }, wanted)
    return wanted.map((one) => {
      const result = results[one]
      if (!result) throw new FototecaError('model_failed', `${modelFile} gave no ${one}`)
      const data = toFloats(result)
      if (!data.every(Number.isFinite))
        throw new FototecaError(
          'model_failed',
          `${modelFile} answered with values that are not numbers; it is damaged or made for another device`,
        )
      return { data, dims: result.dims }
    })
  }
  const wrongShape = ({ dims }: Answer) =>
    new FototecaError(
      'invalid',
      `${modelFile} answered [${dims.join(', ')}], which is no ${output.kind} of ${thresholds.length} labels; check the labels and the kind in the manifest`,
    )
  return {
    async notice(): Promise<string | null> {
      return notice
    },
    async tag(pixels: Pixels): Promise<Said[]> {
      const [answer] = await run(pixels)
      if (!answer || output.kind === 'yolo' || output.kind === 'detr' || output.kind === 'boxes')
        throw new FototecaError('internal', `${modelFile} is no tagger`)
      if (answer.data.length !== thresholds.length) throw wrongShape(answer)
      return readTags(answer.data, output.kind, thresholds, output.max)
    },
    async detect(pixels: Pixels): Promise<SaidBox[]> {
      const [answer, second, third] = await run(pixels)
      if (!answer) throw new FototecaError('internal', `${modelFile} is no detector`)
      const found =
        output.kind === 'yolo'
          ? readYolo(answer, thresholds, input, output.overlap, output.max)
          : output.kind === 'detr' && second
            ? readDetr(answer, second, thresholds, output.max)
            : output.kind === 'boxes' && second && third
              ? readBoxes(answer, second, third, thresholds, input, output.max)
              : null
      if (!found) throw wrongShape(answer)
      return found
    },
  }
})
