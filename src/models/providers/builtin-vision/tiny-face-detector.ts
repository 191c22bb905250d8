/**
 * @file The tiny face detector of `@vladmandic/face-api` (190 kB, a separable YOLOv2): the cheap first look that decides whether
 * the SSD runs at all.
 */
import type { Network, NetworkInput } from './run-network.ts'
import type { FaceCandidate } from './ssd-face-detector.ts'

/** width and height in cells of 32 px */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const
const CELL = 32

/** @param image one picture, float32 0–255 RGB, width and height multiples of 32 */
export async function findTinyFaces(network: Network, image: NetworkInput, minScore: number): Promise<FaceCandidate[]> {
  const { width, height } = image
  const map = (await network(image))('map')
  const [, rows = 0, columns = 0] = map.dims
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))
  const minLogit = Math.log(minScore / (1 - minScore))
  const found: FaceCandidate[] = []
  for (let index = 0; index < rows * columns * ANCHORS.length; index++) {
    const [tx = 0, ty = 0, tw = 0, th = 0, logit = Number.NaN] = map.values.subarray(index * 5, index * 5 + 5)
    if (!(logit >= minLogit)) continue
    const which = index % ANCHORS.length
    const cell = (index - which) / ANCHORS.length
    const column = cell % columns
    const row = (cell - column) / columns
    const [anchorWidth, anchorHeight] = ANCHORS[which] as readonly [number, number]
    const cx = (column + sigmoid(tx)) * CELL
    const cy = (row + sigmoid(ty)) * CELL
    const w = Math.exp(tw) * anchorWidth * CELL
    const h = Math.exp(th) * anchorHeight * CELL
    const edges = [(cx - w / 2) / width, (cy - h / 2) / height, (cx + w / 2) / width, (cy + h / 2) / height] as const
    if (edges.every(Number.isFinite)) found.push({ score: sigmoid(logit), edges })
  }
  return found
}
