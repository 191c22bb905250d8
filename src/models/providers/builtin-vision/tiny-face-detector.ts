/**
 * @file The tiny face detector of `@vladmandic/face-api` (190 kB, a separable YOLOv2): the cheap first look that decides whether
 * the SSD runs at all.
 */
import * as tf from '@tensorflow/tfjs-core'
import { readWeights } from './runtime.ts'
import type { FaceCandidate } from './ssd-face-detector.ts'

export interface TinyNet {
  readonly first: { readonly filter: tf.Tensor4D; readonly bias: tf.Tensor1D }
  readonly middle: readonly { readonly depthwise: tf.Tensor4D; readonly pointwise: tf.Tensor4D; readonly bias: tf.Tensor1D }[]
  readonly last: { readonly filter: tf.Tensor4D; readonly bias: tf.Tensor1D }
}
/** width and height in cells of 32 px */
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const
const MEAN_RGB = [117.001, 114.697, 97.404]
const CELL = 32

export async function openTiny(dir: string): Promise<TinyNet> {
  const file = await readWeights(dir, 'tiny_face_detector')
  const clone = <T extends tf.Tensor>(name: string): T => tf.keep(file.get(name).clone() as T)
  try {
    return {
      first: { filter: clone('conv0/filters'), bias: clone('conv0/bias') },
      middle: [1, 2, 3, 4, 5].map((index) => ({
        depthwise: clone(`conv${index}/depthwise_filter`),
        pointwise: clone(`conv${index}/pointwise_filter`),
        bias: clone(`conv${index}/bias`),
      })),
      last: { filter: clone('conv8/filters'), bias: clone('conv8/bias') },
    }
  } finally {
    file.dispose()
  }
}

/** @param image [1,h,w,3] float32 0–255 RGB, h and w multiples of 32 */
export function findTinyFaces(net: TinyNet, image: tf.Tensor4D, minScore: number): FaceCandidate[] {
  const [, height, width] = image.shape
  const map = tf.tidy(() => {
    let x = tf.div<tf.Tensor4D>(tf.sub(image, MEAN_RGB), 255)
    // freed one by one, not at the end by `tidy`: together they are 50 MB
    const advance = (make: (from: tf.Tensor4D) => tf.Tensor4D) => {
      const made = make(x)
      x.dispose()
      x = made
    }
    const leaky = { strides: 1, activation: 'leakyrelu', leakyreluAlpha: 0.1 } as const
    advance((from) => tf.fused.conv2d({ x: from, ...net.first, pad: 'valid', ...leaky }))
    for (const { depthwise, pointwise, bias } of net.middle) {
      advance((from) => tf.maxPool(from, 2, 2, 'same'))
      advance((from) => tf.depthwiseConv2d(from, depthwise, 1, 'same'))
      advance((from) => tf.fused.conv2d({ x: from, filter: pointwise, bias, pad: 'same', ...leaky }))
    }
    advance((from) => tf.maxPool(from, 2, 1, 'same'))
    advance((from) => tf.fused.conv2d({ x: from, ...net.last, strides: 1, pad: 'valid', activation: 'linear' }))
    return x
  })
  const [, rows, columns] = map.shape
  const data = map.dataSync<'float32'>()
  map.dispose()
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))
  const minLogit = Math.log(minScore / (1 - minScore))
  const found: FaceCandidate[] = []
  for (let index = 0; index < rows * columns * ANCHORS.length; index++) {
    const [tx = 0, ty = 0, tw = 0, th = 0, logit = Number.NaN] = data.subarray(index * 5, index * 5 + 5)
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
