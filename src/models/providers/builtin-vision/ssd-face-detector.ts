/**
 * @file The SSD MobileNet v1 face detector of `@vladmandic/face-api`, with fused kernels and any input size:
 * its anchors are the same at every cell, so those of the file (for 512 × 512) give those of any other shape.
 */
import * as tf from '@tensorflow/tfjs-core'
import { readWeights } from './runtime.ts'

interface Conv {
  readonly filter: tf.Tensor4D
  readonly bias: tf.Tensor1D
}
interface Anchor {
  /** size in input pixels */
  readonly width: number
  readonly height: number
}
export interface SsdNet {
  readonly stem: Conv
  readonly pairs: readonly { readonly depthwise: Conv; readonly pointwise: Conv; readonly strides: number }[]
  readonly extras: readonly Conv[]
  readonly boxes: readonly Conv[]
  readonly classes: readonly Conv[]
  /** per level: the anchors of one cell */
  readonly anchors: readonly (readonly Anchor[])[]
}
export interface FaceCandidate {
  readonly score: number
  /** left, top, right, bottom in fractions of the input */
  readonly edges: readonly [number, number, number, number]
}

const BN_EPSILON = 0.001
const FILE_SIDE = 512
const FILE_LEVELS = [
  { cells: 32, perCell: 3 },
  { cells: 16, perCell: 6 },
  { cells: 8, perCell: 6 },
  { cells: 4, perCell: 6 },
  { cells: 2, perCell: 6 },
  { cells: 1, perCell: 6 },
] as const
const HALVING = new Set([2, 4, 6, 12])

export async function openSsd(dir: string): Promise<SsdNet> {
  const file = await readWeights(dir, 'ssd_mobilenetv1')
  const clone = <T extends tf.Tensor>(name: string): T => tf.keep(file.get(name).clone() as T)
  const pointwise = (prefix: string, index: number): Conv => ({
    filter: clone(`${prefix}/Conv2d_${index}_pointwise/weights`),
    bias: clone(`${prefix}/Conv2d_${index}_pointwise/convolution_bn_offset`),
  })
  // the depthwise layers carry a batch norm: folded into filter and bias
  const depthwise = (index: number): Conv => {
    const prefix = `MobilenetV1/Conv2d_${index}_depthwise`
    const [filter, bias] = tf.tidy(() => {
      const scale = tf.div(
        file.get(`${prefix}/BatchNorm/gamma`),
        tf.sqrt(tf.add(file.get(`${prefix}/BatchNorm/moving_variance`), BN_EPSILON)),
      )
      const channels = scale.size
      return [
        tf.mul<tf.Tensor4D>(file.get(`${prefix}/depthwise_weights`), tf.reshape(scale, [1, 1, channels, 1])),
        tf.sub<tf.Tensor1D>(file.get(`${prefix}/BatchNorm/beta`), tf.mul(file.get(`${prefix}/BatchNorm/moving_mean`), scale)),
      ] as [tf.Tensor4D, tf.Tensor1D]
    })
    return { filter: tf.keep(filter), bias: tf.keep(bias) }
  }
  const predictor = (level: number, kind: string): Conv => ({
    filter: clone(`Prediction/BoxPredictor_${level}/${kind}/weights`),
    bias: clone(`Prediction/BoxPredictor_${level}/${kind}/biases`),
  })
  try {
    const levels = [0, 1, 2, 3, 4, 5]
    return {
      stem: pointwise('MobilenetV1', 0),
      pairs: Array.from({ length: 13 }, (_, index) => ({
        depthwise: depthwise(index + 1),
        pointwise: pointwise('MobilenetV1', index + 1),
        strides: HALVING.has(index + 1) ? 2 : 1,
      })),
      extras: Array.from({ length: 8 }, (_, index) => pointwise('Prediction', index)),
      boxes: levels.map((level) => predictor(level, 'BoxEncodingPredictor')),
      classes: levels.map((level) => predictor(level, 'ClassPredictor')),
      anchors: readAnchors(file.get('Output/extra_dim').dataSync<'float32'>()),
    }
  } finally {
    file.dispose()
  }
}

/** @param file [5118,4] top, left, bottom, right in fractions; the middle cell of each level is not cut at the border */
function readAnchors(file: Float32Array): Anchor[][] {
  let start = 0
  return FILE_LEVELS.map(({ cells, perCell }) => {
    const middle = start + (Math.floor(cells / 2) * cells + Math.floor(cells / 2)) * perCell
    start += cells * cells * perCell
    return Array.from({ length: perCell }, (_, index) => {
      const [top = 0, left = 0, bottom = 0, right = 0] = file.subarray((middle + index) * 4, (middle + index) * 4 + 4)
      return { width: (right - left) * FILE_SIDE, height: (bottom - top) * FILE_SIDE }
    })
  })
}

/** @param image [1,h,w,3] float32 0–255 RGB, h and w multiples of 32. Overlapping candidates are not yet suppressed. */
export function findFaceCandidates(net: SsdNet, image: tf.Tensor4D, minScore: number): FaceCandidate[] {
  const [, height, width] = image.shape
  const levels = tf.tidy(() => {
    const conv = (x: tf.Tensor4D, { filter, bias }: Conv, strides: number, activation: 'relu6' | 'linear') =>
      tf.fused.conv2d({ x, filter, bias, strides, pad: 'same', activation })
    let x = tf.sub<tf.Tensor4D>(tf.div(image, 127.5), 1)
    const maps: tf.Tensor4D[] = []
    // each map is freed once the next is made: left to `tidy`, they add up to 90 MB that the WASM heap never gives back
    const advance = (make: (from: tf.Tensor4D) => tf.Tensor4D) => {
      const made = make(x)
      if (!maps.includes(x)) x.dispose()
      x = made
    }
    advance((from) => conv(from, net.stem, 2, 'relu6'))
    net.pairs.forEach(({ depthwise, pointwise, strides }, index) => {
      advance((from) => tf.fused.depthwiseConv2d({ x: from, ...depthwise, strides, pad: 'same', activation: 'relu6' }))
      advance((from) => conv(from, pointwise, 1, 'relu6'))
      if (index === 10) maps.push(x)
    })
    maps.push(x)
    net.extras.forEach((layer, index) => {
      advance((from) => conv(from, layer, index % 2 === 1 ? 2 : 1, 'relu6'))
      if (index % 2 === 1) maps.push(x)
    })
    return maps.map((map, level) => ({
      rows: map.shape[1],
      columns: map.shape[2],
      boxes: conv(map, net.boxes[level] as Conv, 1, 'linear'),
      classes: conv(map, net.classes[level] as Conv, 1, 'linear'),
    }))
  })
  const candidates: FaceCandidate[] = []
  const minLogit = Math.log(minScore / (1 - minScore))
  levels.forEach(({ rows, columns, ...maps }, level) => {
    // read outside `tidy`, which would search the numbers for tensors one by one
    const boxes = maps.boxes.dataSync<'float32'>()
    const classes = maps.classes.dataSync<'float32'>()
    tf.dispose(maps)
    const anchors = net.anchors[level] ?? []
    for (let index = 0; index < rows * columns * anchors.length; index++) {
      const logit = classes[index * 3 + 1] ?? Number.NaN // background, face, unused
      if (!(logit >= minLogit)) continue
      const which = index % anchors.length
      const cell = (index - which) / anchors.length
      const anchor = anchors[which] as Anchor
      const column = cell % columns
      const row = (cell - column) / columns
      const [ty = 0, tx = 0, th = 0, tw = 0] = boxes.subarray(index * 4, index * 4 + 4)
      const w = Math.exp(tw / 5) * anchor.width
      const h = Math.exp(th / 5) * anchor.height
      const cx = ((column + 0.5) / columns) * width + (tx / 10) * anchor.width
      const cy = ((row + 0.5) / rows) * height + (ty / 10) * anchor.height
      const edges = [(cx - w / 2) / width, (cy - h / 2) / height, (cx + w / 2) / width, (cy + h / 2) / height] as const
      if (edges.every(Number.isFinite)) candidates.push({ score: 1 / (1 + Math.exp(-logit)), edges })
    }
  })
  return candidates
}
