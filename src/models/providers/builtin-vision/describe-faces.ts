/** @file From regions with a candidate to a second opinion, five points, an upright crop and its vector. Runs in the vision thread. */
import type { GraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import type { Point } from '../../../domain/geometry.ts'
import { cutCrop, findFaceTurn, pickFivePoints, squareTurn, type Turn } from '../../vision/face-geometry.ts'
import { rateSharpness } from '../../vision/face-quality.ts'
import type { DescribedFace, RegionToDescribe } from './described-face.ts'
import { MESH_MARGIN, MESH_SIDE, runMesh } from './face-mesh.ts'
import { DESCRIPTOR_SIDE, type DescriptorNet, LANDMARK_SIDE, type LandmarkNet, runDescriptor, runLandmarks } from './face-nets.ts'
import { judgeFace } from './judge-face.ts'
import { FACES } from './tuning.ts'

export interface FaceNets {
  readonly landmarks: LandmarkNet
  readonly mesh: GraphModel
  readonly descriptor: DescriptorNet
}

/** null for a candidate that is no face after all, or for which the networks answered no numbers. */
export function describeFaces(nets: FaceNets, regions: readonly RegionToDescribe[]): (DescribedFace | null)[] {
  const points = findPoints(nets.landmarks, regions)
  const isSound = regions.map((_, index) => (points[index] ?? []).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
  const crop = (index: number, side: number, margin?: number) => {
    const region = regions[index] as RegionToDescribe
    return cutCrop(region.pixels, findFaceTurn(points[index] ?? [], side, margin), side)
  }

  const indexes = [...regions.keys()].filter((index) => isSound[index])
  const judged = indexes.filter((index) => faceWidth(regions[index]) >= FACES.judge.minWidth)
  const flags = runBatch(
    judged.map((index) => crop(index, MESH_SIDE, MESH_MARGIN)),
    MESH_SIDE,
    (faces) => runMesh(nets.mesh, faces),
  )
  const presence = new Map(judged.map((index, order) => [index, flags[order] ?? 0]))
  const confidence = new Map(indexes.map((index) => [index, judgeFace((regions[index] as RegionToDescribe).score, presence.get(index))]))

  const accepted = indexes.filter((index) => confidence.get(index) != null)
  const crops = accepted.map((index) => crop(index, DESCRIPTOR_SIDE))
  const vectors = runBatch(crops, DESCRIPTOR_SIDE, (faces) => runDescriptor(nets.descriptor, faces))
  const described: (DescribedFace | null)[] = regions.map(() => null)
  accepted.forEach((index, order) => {
    const vector = vectors.slice(order * FACES.vectorWidth, (order + 1) * FACES.vectorWidth)
    if (!vector.every(Number.isFinite)) return
    described[index] = {
      points: points[index] ?? [],
      vector,
      confidence: confidence.get(index) ?? 0,
      sharpness: rateSharpness(crops[order] as Float32Array, DESCRIPTOR_SIDE),
    }
  })
  return described
}

function faceWidth(region: RegionToDescribe | undefined): number {
  return region ? Math.min(region.face.width, region.face.height) : 0
}

/** Per region: left eye, right eye, nose tip, mouth corners in pixels of the region. */
function findPoints(net: LandmarkNet, regions: readonly RegionToDescribe[]): Point[][] {
  const turns = regions.map(({ face }): Turn => {
    const size = Math.max(face.width, face.height)
    return squareTurn(face.x + face.width / 2 - size / 2, face.y + face.height / 2 - size / 2, size, LANDMARK_SIDE)
  })
  const relative = runBatch(
    regions.map(({ pixels }, index) => cutCrop(pixels, turns[index] as Turn, LANDMARK_SIDE)),
    LANDMARK_SIDE,
    (faces) => runLandmarks(net, faces),
  )
  return turns.map((turn, index) => {
    const all = Array.from({ length: 68 }, (_, point) => ({
      x: turn.a * (relative[index * 136 + point * 2] ?? Number.NaN) * LANDMARK_SIDE + turn.tx,
      y: turn.a * (relative[index * 136 + point * 2 + 1] ?? Number.NaN) * LANDMARK_SIDE + turn.ty,
    }))
    return pickFivePoints(all)
  })
}

function runBatch(crops: readonly Float32Array[], side: number, run: (faces: tf.Tensor4D) => tf.Tensor2D): Float32Array {
  if (crops.length === 0) return new Float32Array(0)
  const all = new Float32Array(crops.length * side * side * 3)
  crops.forEach((crop, index) => {
    all.set(crop, index * side * side * 3)
  })
  const faces = tf.tensor4d(all, [crops.length, side, side, 3])
  const result = run(faces)
  const values = result.dataSync<'float32'>().slice()
  tf.dispose([faces, result])
  return values
}
