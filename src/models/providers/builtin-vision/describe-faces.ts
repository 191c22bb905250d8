/** @file From regions with a candidate to a second opinion, five points, an upright crop and its vector. Runs in the vision thread. */
import type { Point } from '../../../domain/geometry.ts'
import { cutCrop, findFaceTurn, pickFivePoints, squareTurn, type Turn } from '../../vision/face-geometry.ts'
import { rateSharpness } from '../../vision/face-quality.ts'
import type { DescribedFace, RegionToDescribe } from './described-face.ts'
import { judgeFace } from './judge-face.ts'
import type { Network } from './run-network.ts'
import { FACES } from './tuning.ts'

export interface FaceNetworks {
  /** 68 points of a crop */
  readonly landmarks: Network
  /** MediaPipe’s face mesh, of which only the flag is used that says whether a crop shows a face at all: it drops dogs, backs of heads and watches */
  readonly mesh: Network
  /** dlib’s vector of 128 numbers */
  readonly descriptor: Network
}

const LANDMARK_SIDE = 112
const MESH_SIDE = 192
/** MediaPipe cuts the face one and a half times as large as its box, turned upright. */
const MESH_MARGIN = 0.375
const DESCRIPTOR_SIDE = 150

/** null for a candidate that is no face after all, or for which the networks answered no numbers. */
export async function describeFaces(networks: FaceNetworks, regions: readonly RegionToDescribe[]): Promise<(DescribedFace | null)[]> {
  const points = await findPoints(networks.landmarks, regions)
  const isSound = regions.map((_, index) => (points[index] ?? []).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)))
  const crop = (index: number, side: number, margin?: number) => {
    const region = regions[index] as RegionToDescribe
    return cutCrop(region.pixels, findFaceTurn(points[index] ?? [], side, margin), side)
  }

  const indexes = [...regions.keys()].filter((index) => isSound[index])
  const judged = indexes.filter((index) => faceWidth(regions[index]) >= FACES.judge.minWidth)
  const flags = await runBatch(
    networks.mesh,
    'flag',
    MESH_SIDE,
    judged.map((index) => crop(index, MESH_SIDE, MESH_MARGIN)),
  )
  const presence = new Map(judged.map((index, order) => [index, flags[order] ?? 0]))
  const confidence = new Map(indexes.map((index) => [index, judgeFace((regions[index] as RegionToDescribe).score, presence.get(index))]))

  const accepted = indexes.filter((index) => confidence.get(index) != null)
  const crops = accepted.map((index) => crop(index, DESCRIPTOR_SIDE))
  const vectors = await runBatch(networks.descriptor, 'vectors', DESCRIPTOR_SIDE, crops)
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
async function findPoints(landmarks: Network, regions: readonly RegionToDescribe[]): Promise<Point[][]> {
  const turns = regions.map(({ face }): Turn => {
    const size = Math.max(face.width, face.height)
    return squareTurn(face.x + face.width / 2 - size / 2, face.y + face.height / 2 - size / 2, size, LANDMARK_SIDE)
  })
  const crops = regions.map(({ pixels }, index) => cutCrop(pixels, turns[index] as Turn, LANDMARK_SIDE))
  const relative = await runBatch(landmarks, 'points', LANDMARK_SIDE, crops)
  return turns.map((turn, index) => {
    const all = Array.from({ length: 68 }, (_, point) => ({
      x: turn.a * (relative[index * 136 + point * 2] ?? Number.NaN) * LANDMARK_SIDE + turn.tx,
      y: turn.a * (relative[index * 136 + point * 2 + 1] ?? Number.NaN) * LANDMARK_SIDE + turn.ty,
    }))
    return pickFivePoints(all)
  })
}

async function runBatch(network: Network, output: string, side: number, crops: readonly Float32Array[]): Promise<Float32Array> {
  if (crops.length === 0) return new Float32Array(0)
  const pixels = new Float32Array(crops.length * side * side * 3)
  for (const [index, crop] of crops.entries()) pixels.set(crop, index * side * side * 3)
  return (await network({ pixels, width: side, height: side }))(output).values
}
