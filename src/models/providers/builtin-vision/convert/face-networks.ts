/**
 * @file The networks of `@vladmandic/face-api` as ONNX. The package brings their weights and keeps their layers in code,
 * so the layers stand here; batch norms and scales are folded into the convolutions.
 */
import { type ConvOptions, OnnxGraph, type Ref } from './onnx-graph.ts'
import type { Weight, Weights } from './tfjs-weights.ts'

/** What dlib subtracts from R, G, B. */
const DLIB_MEAN = [122.782, 117.001, 104.298] as const
const TINY_MEAN = [117.001, 114.697, 97.404] as const

/** [n,h,w,3] of 0–255 → planes, less the mean, a 255th. */
function normalise(graph: OnnxGraph, pixels: Ref, mean: readonly number[]): Ref {
  const centred = graph.node('Sub', [graph.toPlanes(pixels), graph.store(Float32Array.from(mean), [3, 1, 1])])
  return graph.node('Mul', [centred, graph.constant([1 / 255], [])])
}

/** @param channelOf the channel of a number of the filter by its place */
function scaleFilter({ data, shape }: Weight, scale: Float32Array, channelOf: (place: number) => number): Weight {
  return { shape, data: data.map((value, place) => value * (scale[channelOf(place)] ?? 0)) }
}

const MOBILENET_PAIRS = 13
/** The detector looks at the maps after this pair and the last, and after every second of the extra layers. */
const FIRST_MAP_AFTER = 11
const EXTRA_LAYERS = 8
const HALVING: ReadonlySet<number> = new Set([2, 4, 6, 12])
const BATCH_NORM_EPSILON = 0.001

/**
 * SSD on MobileNet v1. In: `image` [1,h,w,3] float32, 0–255 RGB, h and w multiples of 32.
 * Out: per level `boxes<level>` [1,h',w',4 · anchors] and `classes<level>` [1,h',w',3 · anchors] (logits: background, face, unused).
 */
export function convertSsd(get: Weights): Uint8Array {
  const graph = new OnnxGraph()
  const pointwise = (x: Ref, prefix: string, layer: number, strides: number) => {
    const name = `${prefix}/Conv2d_${layer}_pointwise`
    return graph.conv(x, get(`${name}/weights`), get(`${name}/convolution_bn_offset`).data, { strides, activation: 'relu6' })
  }
  const image = graph.input('image', 'float32', [1, 'h', 'w', 3])
  const halved = graph.node('Mul', [graph.toPlanes(image), graph.constant([1 / 127.5], [])])
  let x = pointwise(graph.node('Sub', [halved, graph.constant([1], [])]), 'MobilenetV1', 0, 2)
  const maps: Ref[] = []
  for (let pair = 1; pair <= MOBILENET_PAIRS; pair++) {
    const name = `MobilenetV1/Conv2d_${pair}_depthwise`
    const norm = (part: string) => get(`${name}/BatchNorm/${part}`).data
    const [mean, variance, shift] = [norm('moving_mean'), norm('moving_variance'), norm('beta')]
    const scale = norm('gamma').map((gamma, channel) => gamma / Math.sqrt((variance[channel] ?? 0) + BATCH_NORM_EPSILON))
    const bias = shift.map((value, channel) => value - (mean[channel] ?? 0) * (scale[channel] ?? 0))
    const filter = scaleFilter(get(`${name}/depthwise_weights`), scale, (place) => place % scale.length)
    x = graph.depthwise(x, filter, bias, { strides: HALVING.has(pair) ? 2 : 1, activation: 'relu6' })
    x = pointwise(x, 'MobilenetV1', pair, 1)
    if (pair === FIRST_MAP_AFTER) maps.push(x)
  }
  maps.push(x)
  for (let layer = 0; layer < EXTRA_LAYERS; layer++) {
    const isSmaller = layer % 2 === 1
    x = pointwise(x, 'Prediction', layer, isSmaller ? 2 : 1)
    if (isSmaller) maps.push(x)
  }
  for (const [level, map] of maps.entries())
    for (const [output, predictor] of [
      ['boxes', 'BoxEncodingPredictor'],
      ['classes', 'ClassPredictor'],
    ] as const) {
      const name = `Prediction/BoxPredictor_${level}/${predictor}`
      const filter = get(`${name}/weights`)
      const predicted = graph.conv(map, filter, get(`${name}/biases`).data)
      graph.output(`${output}${level}`, [1, `h${level}`, `w${level}`, filter.shape[3] ?? 0], graph.toPixels(predicted))
    }
  return graph.toBytes()
}

/** The tiny detector, a separable YOLOv2. In: `image` as for the SSD. Out: `map` [1,h/32,w/32,25], per anchor x, y, width, height, logit. */
export function convertTiny(get: Weights): Uint8Array {
  const graph = new OnnxGraph()
  const conv = (x: Ref, layer: string, filter: Ref, options: ConvOptions) =>
    graph.conv(x, get(`${layer}/${filter}`), get(`${layer}/bias`).data, options)
  let x = normalise(graph, graph.input('image', 'float32', [1, 'h', 'w', 3]), TINY_MEAN)
  x = conv(x, 'conv0', 'filters', { pad: 'valid', activation: 'leaky' })
  for (const layer of ['conv1', 'conv2', 'conv3', 'conv4', 'conv5']) {
    x = graph.depthwise(graph.maxPool(x, 2, 2, 'same'), get(`${layer}/depthwise_filter`))
    x = conv(x, layer, 'pointwise_filter', { activation: 'leaky' })
  }
  x = conv(graph.maxPool(x, 2, 1, 'same'), 'conv8', 'filters', { pad: 'valid' })
  graph.output('map', [1, 'rows', 'columns', get('conv8/filters').shape[3] ?? 0], graph.toPixels(x))
  return graph.toBytes()
}

/** 68 landmarks. In: `faces` [n,112,112,3] float32, 0–255 RGB. Out: `points` [n,136], 68 × (x, y) in fractions of the crop. */
export function convertLandmarks(get: Weights): Uint8Array {
  const graph = new OnnxGraph()
  const separable = (x: Ref, name: string, strides: number, activation: 'relu' | 'linear') =>
    graph.conv(
      graph.depthwise(x, get(`${name}/depthwise_filter`), undefined, { strides }),
      get(`${name}/pointwise_filter`),
      get(`${name}/bias`).data,
      {
        activation,
      },
    )
  let x = normalise(graph, graph.input('faces', 'float32', ['n', 112, 112, 3]), DLIB_MEAN)
  for (let block = 0; block < 4; block++) {
    const first = `dense${block}/conv0`
    // dense connections: each layer sees the rectified sum of all before it
    let sum =
      block === 0
        ? graph.conv(x, get(`${first}/filters`), get(`${first}/bias`).data, { strides: 2, activation: 'relu' })
        : separable(x, first, 2, 'relu')
    for (const layer of [1, 2, 3])
      sum = graph.node('Add', [sum, separable(graph.activate(sum, 'relu'), `dense${block}/conv${layer}`, 1, 'linear')])
    x = graph.activate(sum, 'relu')
  }
  const flat = graph.node('Flatten', [graph.toPixels(graph.averagePool(x, 7, 2))])
  const weights = get('fc/weights')
  const points = graph.node('MatMul', [flat, graph.store(weights.data, weights.shape)])
  graph.output('points', ['n', 136], graph.node('Add', [points, graph.store(get('fc/bias').data, [136])]))
  return graph.toBytes()
}

const DESCRIPTOR_BLOCKS = [
  'conv32_1',
  'conv32_2',
  'conv32_3',
  'conv64_down',
  'conv64_1',
  'conv64_2',
  'conv64_3',
  'conv128_down',
  'conv128_1',
  'conv128_2',
  'conv256_down',
  'conv256_1',
  'conv256_2',
  'conv256_down_out',
]

/** dlib's face descriptor, a ResNet. In: `faces` [n,150,150,3] float32, 0–255 RGB. Out: `vectors` [n,128], compared by Euclidean distance. */
export function convertDescriptor(get: Weights): Uint8Array {
  const graph = new OnnxGraph()
  const conv = (x: Ref, name: string, options: ConvOptions) => {
    const scale = get(`${name}/scale/weights`).data
    const shift = get(`${name}/scale/biases`).data
    const filter = scaleFilter(get(`${name}/conv/filters`), scale, (place) => place % scale.length)
    const bias = get(`${name}/conv/bias`).data.map((value, channel) => value * (scale[channel] ?? 0) + (shift[channel] ?? 0))
    return graph.conv(x, filter, bias, options)
  }
  let x = normalise(graph, graph.input('faces', 'float32', ['n', 150, 150, 3]), DLIB_MEAN)
  x = graph.maxPool(conv(x, 'conv32_down', { strides: 2, pad: 'valid', activation: 'relu' }), 3, 2, 'valid')
  let side = 35
  let channels = 32
  for (const name of DESCRIPTOR_BLOCKS) {
    const isDown = name.includes('down')
    let out = conv(x, `${name}/conv1`, { ...(isDown ? { strides: 2, pad: 'valid' as const } : {}), activation: 'relu' })
    out = conv(out, `${name}/conv2`, {})
    let short = x
    if (isDown) {
      // the shortcut is an average pool; the narrower and the smaller of the two are filled with zeros (dlib's padding rule)
      const wider = (get(`${name}/conv2/conv/filters`).shape[3] ?? 0) - channels
      const outSide = Math.floor((side - 3) / 2) + 1
      const shortSide = Math.floor(side / 2)
      short = graph.averagePool(x, 2, 2)
      if (wider > 0) short = graph.node('Pad', [short, graph.integers([0, 0, 0, 0, 0, wider, 0, 0])])
      const missing = shortSide - outSide
      if (missing > 0) out = graph.node('Pad', [out, graph.integers([0, 0, 0, 0, 0, 0, missing, missing])])
      side = Math.max(outSide, shortSide)
      channels += wider
    }
    x = graph.node('Relu', [graph.node('Add', [out, short])])
  }
  const last = get('fc')
  const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [x])])
  graph.output('vectors', ['n', 128], graph.node('MatMul', [pooled, graph.store(last.data, last.shape)]))
  return graph.toBytes()
}
