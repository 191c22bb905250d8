/**
 * @file The three face networks of `@vladmandic/face-api`, rebuilt with fused kernels: each convolution, its scale, bias and activation
 * are one WASM call (the package runs them as four). Weights are the package's own.
 */
import * as tf from '@tensorflow/tfjs-core'
import { readWeights, type Weights } from './runtime.ts'

interface Conv {
  readonly filter: tf.Tensor4D
  readonly bias: tf.Tensor1D
}
type Activation = 'relu' | 'relu6' | 'linear'

function runConv(x: tf.Tensor4D, { filter, bias }: Conv, strides: number, pad: 'same' | 'valid', activation: Activation): tf.Tensor4D {
  return tf.fused.conv2d({ x, filter, bias, strides, pad, activation })
}

/** Makes a network's own tensors from the file's, then frees the file's. */
async function build<Net>(dir: string, name: string, make: (get: Weights) => Net): Promise<Net> {
  const file = await readWeights(dir, name)
  try {
    return make(file.get)
  } finally {
    file.dispose()
  }
}
const keep = <T extends tf.Tensor>(make: () => T): T => tf.keep(tf.tidy(make))

// ---------------------------------------------------------------- face descriptor (dlib ResNet)

interface Residual {
  readonly conv1: Conv
  readonly conv2: Conv
  readonly isDown: boolean
}
export interface DescriptorNet {
  readonly first: Conv
  readonly blocks: readonly Residual[]
  readonly last: tf.Tensor2D
}
// biome-ignore format: the network at a glance
const DESCRIPTOR_BLOCKS = [
  'conv32_1', 'conv32_2', 'conv32_3', 'conv64_down', 'conv64_1', 'conv64_2', 'conv64_3', 'conv128_down', 'conv128_1', 'conv128_2',
  'conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out',
]
export const DESCRIPTOR_SIDE = 150
/** What dlib subtracts from R, G, B. */
const DLIB_MEAN = [122.782, 117.001, 104.298]

export function openDescriptor(dir: string): Promise<DescriptorNet> {
  return build(dir, 'face_recognition', (get) => {
    // conv → × weights + biases, folded into the convolution
    const fold = (prefix: string): Conv => ({
      filter: keep(() => tf.mul<tf.Tensor4D>(get(`${prefix}/conv/filters`), get(`${prefix}/scale/weights`))),
      bias: keep(() =>
        tf.add<tf.Tensor1D>(tf.mul(get(`${prefix}/conv/bias`), get(`${prefix}/scale/weights`)), get(`${prefix}/scale/biases`)),
      ),
    })
    return {
      first: fold('conv32_down'),
      blocks: DESCRIPTOR_BLOCKS.map((name) => ({
        conv1: fold(`${name}/conv1`),
        conv2: fold(`${name}/conv2`),
        isDown: name.includes('down'),
      })),
      last: keep(() => get('fc').clone() as tf.Tensor2D),
    }
  })
}

/** @param faces [n,150,150,3] float32 0–255 RGB. @returns [n,128], compared by Euclidean distance */
export function runDescriptor(net: DescriptorNet, faces: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    let x = tf.div<tf.Tensor4D>(tf.sub(faces, DLIB_MEAN), 255)
    x = tf.maxPool(runConv(x, net.first, 2, 'valid', 'relu'), 3, 2, 'valid')
    for (const block of net.blocks) x = block.isDown ? runDown(x, block) : runResidual(x, block)
    return tf.matMul(tf.mean<tf.Tensor2D>(x, [1, 2]), net.last)
  })
}
function runResidual(x: tf.Tensor4D, block: Residual): tf.Tensor4D {
  const out = runConv(runConv(x, block.conv1, 1, 'same', 'relu'), block.conv2, 1, 'same', 'linear')
  return tf.relu(tf.add<tf.Tensor4D>(out, x))
}
/** Halves the size; the shortcut is an average pool, padded with zeros to the wider shape (dlib's padding rule). */
function runDown(x: tf.Tensor4D, block: Residual): tf.Tensor4D {
  let out = runConv(runConv(x, block.conv1, 2, 'valid', 'relu'), block.conv2, 1, 'same', 'linear')
  const short = tf.avgPool(x, 2, 2, 'valid')
  const rows = short.shape[1] - out.shape[1]
  const columns = short.shape[2] - out.shape[2]
  if (rows > 0 || columns > 0)
    out = tf.pad(out, [
      [0, 0],
      [0, rows],
      [0, columns],
      [0, 0],
    ])
  const wide = tf.pad(short, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, out.shape[3] - short.shape[3]],
  ])
  return tf.relu(tf.add<tf.Tensor4D>(out, wide))
}

// ---------------------------------------------------------------- 68 landmarks

interface Separable {
  readonly depthwise: tf.Tensor4D
  readonly pointwise: Conv
}
export interface LandmarkNet {
  readonly first: Conv
  /** four blocks; the first has three layers here (its first layer is `first`), the others four */
  readonly blocks: readonly (readonly Separable[])[]
  readonly weights: tf.Tensor2D
  readonly bias: tf.Tensor1D
}
export const LANDMARK_SIDE = 112

export function openLandmarks(dir: string): Promise<LandmarkNet> {
  return build(dir, 'face_landmark_68', (get) => {
    const clone = <T extends tf.Tensor>(name: string) => keep(() => get(name).clone() as T)
    const separable = (prefix: string): Separable => ({
      depthwise: clone(`${prefix}/depthwise_filter`),
      pointwise: { filter: clone(`${prefix}/pointwise_filter`), bias: clone(`${prefix}/bias`) },
    })
    return {
      first: { filter: clone('dense0/conv0/filters'), bias: clone('dense0/conv0/bias') },
      blocks: [0, 1, 2, 3].map((block) => [0, 1, 2, 3].slice(block === 0 ? 1 : 0).map((layer) => separable(`dense${block}/conv${layer}`))),
      weights: clone('fc/weights'),
      bias: clone('fc/bias'),
    }
  })
}

/** @param faces [n,112,112,3] float32 0–255 RGB. @returns [n,136]: 68 × (x, y) in fractions of the crop */
export function runLandmarks(net: LandmarkNet, faces: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    let x = tf.div<tf.Tensor4D>(tf.sub(faces, DLIB_MEAN), 255)
    net.blocks.forEach((layers, index) => {
      const rest = [...layers]
      const head = index === 0 ? runConv(x, net.first, 2, 'same', 'relu') : runSeparable(x, rest.shift() as Separable, 2, 'relu')
      // dense connections: each layer sees the rectified sum of all before it
      let sum: tf.Tensor4D = head
      for (const layer of rest) sum = tf.add(sum, runSeparable(tf.relu(sum), layer, 1, 'linear'))
      x = tf.relu(sum)
    })
    x = tf.avgPool(x, 7, 2, 'valid')
    return tf.add(tf.matMul(tf.reshape(x, [x.shape[0], -1]), net.weights), net.bias)
  })
}
function runSeparable(x: tf.Tensor4D, { depthwise, pointwise }: Separable, strides: number, activation: Activation): tf.Tensor4D {
  return runConv(tf.depthwiseConv2d(x, depthwise, strides, 'same'), pointwise, 1, 'same', activation)
}
