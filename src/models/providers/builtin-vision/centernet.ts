/**
 * @file CenterNet on MobileNetV3 (COCO-80), the object detector inside `@vladmandic/human`.
 * Input [1,h,w,3] float32 0–255 sRGB; outputs a heat map [1,h/4,w/4,80] (after sigmoid) and distances [1,h/4,w/4,4]
 * from each cell to left, top, right and bottom in input pixels.
 */
import type { GraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { COCO_LABELS } from './coco-labels.ts'
import { openGraph } from './runtime.ts'

const IMAGE = 'tower_0/images'
// The file fixes the picture at 512 × 512, in the input and in three upsampling sizes: all four are given per call instead.
const UPSAMPLED = [
  ['tower_0/CenternetHead/c5_upsample/up_sampling2d/mul', 16],
  ['tower_0/CenternetHead/c4_upsample/up_sampling2d_1/mul', 8],
  ['tower_0/CenternetHead/c3_upsample/up_sampling2d_2/mul', 4],
] as const
const CELL = 4

/** One peak of the heat map; the box in fractions of the input. */
export interface ObjectPeak {
  readonly label: number
  readonly score: number
  /** left, top, right, bottom */
  readonly edges: readonly [number, number, number, number]
}

export function openCenternet(dir: string): Promise<GraphModel> {
  return openGraph(dir, 'centernet', [IMAGE, ...UPSAMPLED.map(([name]) => name)])
}

/** @param image [1,h,w,3] float32, h and w multiples of 32 */
export function findPeaks(model: GraphModel, image: tf.Tensor4D, minScore: number): ObjectPeak[] {
  const [, height, width] = image.shape
  const [heat, reach] = tf.tidy(() => {
    const feeds: tf.NamedTensorMap = { [IMAGE]: image }
    for (const [name, stride] of UPSAMPLED) feeds[name] = tf.tensor1d([height / stride, width / stride], 'int32')
    return model.execute(feeds, ['tower_0/keypoints', 'tower_0/wh']) as [tf.Tensor, tf.Tensor]
  })
  // read outside `tidy`: what it returns is searched for tensors element by element, which took 1 s for the heat map
  const peaks = collectPeaks(heat.dataSync<'float32'>(), reach.dataSync<'float32'>(), { width, height }, minScore)
  tf.dispose([heat, reach])
  return peaks
}

/** Cells that are the highest of their 3 × 3 neighbourhood in their own class. */
export function collectPeaks(
  heat: Float32Array,
  reach: Float32Array,
  input: { width: number; height: number },
  minScore: number,
): ObjectPeak[] {
  const columns = input.width / CELL
  const rows = input.height / CELL
  const classes = COCO_LABELS.length
  const peaks: ObjectPeak[] = []
  for (let index = 0; index < heat.length; index++) {
    const score = heat[index] ?? 0
    if (!(score >= minScore)) continue // also drops NaN
    const label = index % classes
    const cell = (index - label) / classes
    const column = cell % columns
    const row = (cell - column) / columns
    let isPeak = true
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1) && isPeak; y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
        if ((heat[(y * columns + x) * classes + label] ?? 0) > score) isPeak = false
    if (!isPeak) continue
    const [left = Number.NaN, top = Number.NaN, right = Number.NaN, bottom = Number.NaN] = reach.subarray(cell * 4, cell * 4 + 4)
    const edges = [
      (column * CELL - left) / input.width,
      (row * CELL - top) / input.height,
      (column * CELL + right) / input.width,
      (row * CELL + bottom) / input.height,
    ] as const
    if (edges.every(Number.isFinite)) peaks.push({ label, score, edges })
  }
  return peaks
}
