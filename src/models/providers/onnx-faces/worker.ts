/** @file The face models’ thread: finds faces in a laid-out picture, turns them upright, describes them. */
import { join } from 'node:path'
import type { Point } from '../../../domain/geometry.ts'
import type { Pixels } from '../../../media/picture.ts'
import {
  findImageInput,
  fixedDimension,
  floatTensor,
  listTensors,
  openSession,
  type Runtime,
  runSession,
  toFloats,
  toUnitVectors,
  unusable,
} from '../../onnx/session.ts'
import { cutCrop, findTurn } from '../../vision/face-geometry.ts'
import { rateSharpness } from '../../vision/face-quality.ts'
import type { Shape } from '../../vision/letterbox.ts'
import { serveModel } from '../../workers/worker-model.ts'
import { openDetector } from './detector.ts'
import type { FaceCandidate } from './face-candidate.ts'
import type { FaceFolder } from './read-folder.ts'
import { ARCFACE_POINTS, ARCFACE_SIDE, FACES } from './tuning.ts'

export interface FaceWorkerData {
  readonly parts: FaceFolder
  readonly runtime: Runtime
}

/** A face with its surroundings and its five points, in pixels. */
export interface FaceToDescribe {
  readonly pixels: Pixels
  readonly points: readonly Point[]
}

export interface DescribedFace {
  /** [width] float32 of unit length */
  readonly vector: Float32Array
  readonly sharpness: number
}

export interface FaceModelFacts {
  readonly width: number
  readonly detector: string
  readonly shape: Shape | null
  readonly notice: string | null
}

serveModel(async ({ parts, runtime }: FaceWorkerData) => {
  const detectionFile = join(parts.folder, parts.detection)
  const recognitionFile = join(parts.folder, parts.recognition)
  const detection = await openSession(detectionFile, runtime)
  const detector = openDetector(detection.session, detectionFile)
  const { session } = await openSession(recognitionFile, runtime)
  const input = findImageInput(session.inputMetadata, recognitionFile)
  const outputs = listTensors(session.outputMetadata)
  const width = outputs.length === 1 ? fixedDimension(outputs[0]?.shape.at(-1)) : null
  if ((input.width ?? ARCFACE_SIDE) !== ARCFACE_SIDE || (input.height ?? ARCFACE_SIDE) !== ARCFACE_SIDE || width === null || width < 16)
    throw unusable(
      recognitionFile,
      `is no face recogniser: it needs one picture of ${ARCFACE_SIDE} × ${ARCFACE_SIDE} and one output [n, width]`,
      outputs,
    )

  const describe = async (faces: readonly FaceToDescribe[]): Promise<DescribedFace[]> => {
    const crops = faces.map(({ pixels, points }) => cutCrop(pixels, findTurn(ARCFACE_POINTS, points), ARCFACE_SIDE))
    const tensor = floatTensor(input.type, toArcface(crops), [crops.length, 3, ARCFACE_SIDE, ARCFACE_SIDE])
    const [result] = Object.values(await runSession(session, recognitionFile, { [input.name]: tensor }))
    const values = result ? toFloats(result) : new Float32Array(0)
    const vectors = toUnitVectors(values, width, recognitionFile)
    return crops.map((crop, index) => ({ vector: vectors[index] ?? new Float32Array(0), sharpness: rateSharpness(crop, ARCFACE_SIDE) }))
  }

  return {
    async facts(): Promise<FaceModelFacts> {
      return { width, detector: detector.name, shape: detector.shape, notice: detection.notice }
    },
    detect: (pixels: Pixels, shape: Shape): Promise<FaceCandidate[]> => detector.detect(pixels, shape),
    async describe(faces: readonly FaceToDescribe[]): Promise<DescribedFace[]> {
      // a graph made for one picture answers one vector, whatever goes in (the int8 export here does)
      const batch = input.isBatched && fixedDimension(outputs[0]?.shape[0]) === null ? FACES.batch : 1
      const described: DescribedFace[] = []
      for (let start = 0; start < faces.length; start += batch) described.push(...(await describe(faces.slice(start, start + batch))))
      return described
    },
  }
})

/** [n,3,112,112], RGB planes, (x − 127.5) / 127.5. */
function toArcface(crops: readonly Float32Array[]): Float32Array {
  const plane = ARCFACE_SIDE * ARCFACE_SIDE
  const out = new Float32Array(crops.length * 3 * plane)
  crops.forEach((crop, face) => {
    for (let channel = 0; channel < 3; channel++)
      for (let index = 0; index < plane; index++)
        out[(face * 3 + channel) * plane + index] = ((crop[index * 3 + channel] ?? 0) - 127.5) / 127.5
  })
  return out
}
