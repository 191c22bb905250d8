/**
 * @file CenterNet on MobileNetV3 (COCO-80), the object detector inside `@vladmandic/human`.
 * It answers a heat map [80,h/4,w/4] (after sigmoid) and distances [4,h/4,w/4] from each cell to left, top, right and bottom in input pixels.
 */
import type { Shape } from '../../vision/letterbox.ts'
import { COCO_LABELS } from './coco-labels.ts'
import { PICTURE_FEATURES, poolFeatures } from './features.ts'
import type { Network, NetworkInput } from './run-network.ts'

const CELL = 4

/** One peak of the heat map; the box in fractions of the input. */
export interface ObjectPeak {
  readonly label: number
  readonly score: number
  /** left, top, right, bottom */
  readonly edges: readonly [number, number, number, number]
}

export interface DetectorLook {
  readonly peaks: readonly ObjectPeak[]
  /** as `poolFeatures` says; empty where they are not wanted */
  readonly features: Float32Array<ArrayBuffer>
}

/**
 * @param image one picture, 0–255 sRGB, width and height multiples of 32
 * @param filled the part of it that is no padding; null: no features are wanted
 */
export async function look(network: Network, image: NetworkInput, minScore: number, filled: Shape | null): Promise<DetectorLook> {
  const output = await network(image, filled === null ? DETECTED : [...DETECTED, ...PICTURE_FEATURES.outputs])
  return {
    peaks: collectPeaks(output('heat').values, output('reach').values, image, minScore),
    features: filled === null ? new Float32Array(0) : poolFeatures(output, filled, image),
  }
}
const DETECTED = ['heat', 'reach'] as const

/** Cells that are the highest of their 3 × 3 neighbourhood in their own class. */
export function collectPeaks(
  heat: Float32Array,
  reach: Float32Array,
  input: { width: number; height: number },
  minScore: number,
): ObjectPeak[] {
  const columns = input.width / CELL
  const rows = input.height / CELL
  const cells = columns * rows
  const peaks: ObjectPeak[] = []
  for (let label = 0; label < COCO_LABELS.length; label++) {
    const plane = heat.subarray(label * cells, (label + 1) * cells)
    for (let cell = 0; cell < cells; cell++) {
      const score = plane[cell] ?? 0
      if (!(score >= minScore)) continue // also drops NaN
      const column = cell % columns
      const row = (cell - column) / columns
      let isPeak = true
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1) && isPeak; y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
          if ((plane[y * columns + x] ?? 0) > score) isPeak = false
      if (!isPeak) continue
      const distance = (side: number) => reach[side * cells + cell] ?? Number.NaN
      const edges = [
        (column * CELL - distance(0)) / input.width,
        (row * CELL - distance(1)) / input.height,
        (column * CELL + distance(2)) / input.width,
        (row * CELL + distance(3)) / input.height,
      ] as const
      if (edges.every(Number.isFinite)) peaks.push({ label, score, edges })
    }
  }
  return peaks
}
