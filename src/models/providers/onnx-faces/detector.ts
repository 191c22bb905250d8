/** @file A face detector on onnxruntime: SCRFD or YuNet, told apart by their outputs. */

import { FototecaError } from '../../../domain/errors.ts'
import type { Pixels } from '../../../media/picture.ts'
import type { InferenceSession } from '../../onnx/onnxruntime.ts'
import { findImageInput, fixedDimension, floatTensor, listTensors, runSession, toFloats, unusable } from '../../onnx/session.ts'
import { layInto, type Shape } from '../../vision/letterbox.ts'
import type { FaceCandidate, Outputs } from './face-candidate.ts'
import { readScrfd } from './scrfd.ts'
import { FACES } from './tuning.ts'
import { readYunet, YUNET_STRIDES } from './yunet.ts'

interface Family {
  readonly read: (outputs: Outputs, shape: Shape, minScore: number) => FaceCandidate[]
  readonly minScore: number
  /** how a value 0–255 goes in, and in which order the planes lie */
  readonly offset: number
  readonly scale: number
  readonly planes: readonly [number, number, number]
}

const FAMILIES = {
  // InsightFace, `scrfd.py`: (x − 127.5) / 128, RGB
  scrfd: { read: readScrfd, minScore: FACES.minScore.scrfd, offset: -127.5, scale: 1 / 128, planes: [0, 1, 2] },
  // OpenCV, `face_detect.cpp`: 0–255 as they are, BGR
  yunet: { read: readYunet, minScore: FACES.minScore.yunet, offset: 0, scale: 1, planes: [2, 1, 0] },
} as const satisfies Record<string, Family>

export interface Detector {
  readonly name: keyof typeof FAMILIES
  /** the one input it takes; null where any size goes in */
  readonly shape: Shape | null
  /** @param pixels laid into the top left corner of `shape` */
  detect(pixels: Pixels, shape: Shape): Promise<FaceCandidate[]>
}

/** @throws FototecaError `invalid` when its inputs or outputs are of no detector known here */
export function openDetector(session: InferenceSession, modelFile: string): Detector {
  const input = findImageInput(session.inputMetadata, modelFile)
  const name = findFamily(session.outputMetadata, modelFile)
  const family: Family = FAMILIES[name]
  return {
    name,
    shape: input.width === null || input.height === null ? null : { width: input.width, height: input.height },
    async detect(pixels, shape) {
      const tensor = floatTensor(input.type, toPlanes(layInto(pixels, shape), family), [1, 3, shape.height, shape.width])
      const results = await runSession(session, modelFile, { [input.name]: tensor })
      const outputs = Object.fromEntries(Object.entries(results).map(([key, value]) => [key, { data: toFloats(value), dims: value.dims }]))
      for (const { data } of Object.values(outputs))
        if (data.some((value) => Number.isNaN(value)))
          throw new FototecaError('model_failed', `${modelFile} answered with values that are not numbers; faces cannot be found with it`)
      return family.read(outputs, shape, family.minScore)
    },
  }
}

function findFamily(metadata: readonly InferenceSession.ValueMetadata[], modelFile: string): keyof typeof FAMILIES {
  const outputs = listTensors(metadata)
  const names = new Set(outputs.map(({ name }) => name))
  if (YUNET_STRIDES.every((stride) => ['cls', 'obj', 'bbox', 'kps'].every((part) => names.has(`${part}_${stride}`)))) return 'yunet'
  const ofWidth = (width: number) => outputs.filter(({ shape }) => fixedDimension(shape.at(-1)) === width).length
  const levels = ofWidth(1)
  if (levels >= 3 && ofWidth(4) === levels && ofWidth(10) === levels && outputs.length === 3 * levels) return 'scrfd'
  throw unusable(modelFile, 'is neither SCRFD with five points per face (scores, edges and points of each level) nor YuNet', outputs)
}

/** [h,w,3] 0–255 to [3,h,w] as the network wants it. */
function toPlanes(values: Uint8Array, { offset, scale, planes }: Family): Float32Array {
  const plane = values.length / 3
  const out = new Float32Array(values.length)
  planes.forEach((channel, at) => {
    for (let index = 0; index < plane; index++) out[at * plane + index] = ((values[index * 3 + channel] ?? 0) + offset) * scale
  })
  return out
}
