/** @file From a TensorFlow.js graph model to ONNX: the operations of CenterNet and of the face mesh, nothing more. */
import { type Dims, OnnxGraph, type Ref } from './onnx-graph.ts'
import { type GraphNode, unexpected, type Weight, type Weights } from './tfjs-weights.ts'

export interface GraphInput {
  readonly name: string
  readonly type: 'float32' | 'uint8'
  /** [n,height,width,3] */
  readonly dims: Dims
  /** what 0–255 is multiplied with */
  readonly scale?: number
}
export interface GraphOutput {
  /** the node whose result it is; the graph behind it is left out */
  readonly node: string
  readonly name: string
  /** [n,channels,height,width]; of a pooled one [n,channels,1,1] */
  readonly dims: Dims
  /** over the whole plane of each channel */
  readonly pool?: 'average' | 'max'
}

/** The sixth of hard swish is a float16 in the files. */
const ABOUT = 1e-3
const isAbout = (value: number | undefined, expected: number) => value !== undefined && Math.abs(value - expected) < ABOUT

export function convertGraph(
  { nodes, weights }: { nodes: readonly GraphNode[]; weights: Weights },
  input: GraphInput,
  outputs: readonly GraphOutput[],
): Uint8Array {
  const graph = new OnnxGraph()
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const converted = new Map<string, Ref>()

  const find = (name: string): GraphNode => {
    const node = byName.get(name)
    if (!node) throw unexpected(`there is no node ${name}`)
    return node
  }
  const inputsOf = ({ input: names = [] }: GraphNode): string[] => names.filter((name) => !name.startsWith('^')).map(nodeName)
  const inputOf = (node: GraphNode, index: number): string => {
    const name = inputsOf(node)[index]
    if (name === undefined) throw unexpected(`${node.name} has no input ${index}`)
    return name
  }
  const weightOf = (node: GraphNode, index: number): Weight => weights(inputOf(node, index))
  const scalarOf = (name: string): number | undefined => {
    if (find(name).op !== 'Const') return undefined
    const { data } = weights(name)
    return data.length === 1 ? data[0] : undefined
  }
  /** The input that is not a scalar of about this value. */
  const besideScalar = (node: GraphNode, value: number): { rest: string; scalar: number } | undefined => {
    const [one, other] = inputsOf(node)
    if (one === undefined || other === undefined) return undefined
    for (const [name, rest] of [
      [one, other],
      [other, one],
    ] as const) {
      const scalar = scalarOf(name)
      if (isAbout(scalar, value)) return { rest, scalar: scalar ?? value }
    }
    return undefined
  }
  /** The x of relu6(x + 3). */
  const insideHardSigmoid = (name: string): string | undefined => {
    const relu = find(name)
    if (relu.op !== 'Relu6') return undefined
    const sum = find(inputOf(relu, 0))
    return sum.op.startsWith('Add') ? besideScalar(sum, 3)?.rest : undefined
  }

  const visit = (name: string): Ref => {
    const ref = converted.get(name) ?? emit(find(name))
    converted.set(name, ref)
    return ref
  }
  /** An operand of an elementwise operation; constants of one number per channel get the shape of a plane. */
  const operand = (name: string): Ref => {
    if (find(name).op !== 'Const') return visit(name)
    const { data, shape } = weights(name)
    if (data.length === 1) return graph.constant([data[0] ?? 0], [])
    if (shape.slice(0, -1).some((dim) => dim !== 1)) throw unexpected(`the constant ${name} is of shape ${shape.join('×')}`)
    return graph.store(data, [data.length, 1, 1])
  }

  /** @param gain what the result of a convolution is multiplied with */
  function convolve(node: GraphNode, gain = 1): Ref {
    const fused = (node.attr?.fused_ops?.list?.s ?? []).map(fromBase64)
    const last = fused.at(-1)
    const times = (data: Float32Array) => (gain === 1 ? data : data.map((value) => value * gain))
    const filter = weightOf(node, 1)
    const bias = fused[0] === 'BiasAdd' ? times(weightOf(node, 2).data) : undefined
    const activation = last === 'Relu' ? 'relu' : last === 'Relu6' ? 'relu6' : 'linear'
    const kind = node.op.includes('Depthwise') ? 'depthwise' : 'conv'
    const result = graph[kind](visit(inputOf(node, 0)), { ...filter, data: times(filter.data) }, bias, { ...windowOf(node), activation })
    return last === 'Prelu' ? graph.node('PRelu', [result, operand(inputOf(node, 3))]) : result
  }

  /** x · k · relu6(x + 3) with k about 1/6 is hard swish; k · relu6(x + 3) alone is the hard sigmoid of squeeze-and-excitation. */
  function multiply(node: GraphNode): Ref {
    const [one = '', other = ''] = inputsOf(node)
    for (const [scaled, gate] of [
      [one, other],
      [other, one],
    ] as const) {
      const inside = insideHardSigmoid(gate)
      if (inside === undefined) continue
      const sixth = find(scaled).op === 'Mul' ? besideScalar(find(scaled), 1 / 6) : undefined
      const from = find(inside)
      const readers = nodes.filter((reader) => inputsOf(reader).includes(inside)).length
      if (sixth?.rest === inside && readers === 2 && from.op.includes('Conv') && !converted.has(inside)) {
        // the product tops at 6k ≠ 1, as the sixth is a half: 6k goes into the convolution before, which nothing else reads, or peaks move
        const x = convolve(from, 6 * sixth.scalar)
        return graph.node('Mul', [x, graph.node('HardSigmoid', [x], { alpha: { float: 1 / (36 * sixth.scalar) }, beta: { float: 0.5 } })])
      }
      const alone = scalarOf(scaled)
      if (alone !== undefined && isAbout(alone, 1 / 6)) {
        const open = graph.node('HardSigmoid', [visit(inside)], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })
        return graph.node('Mul', [open, graph.constant([6 * alone], [])])
      }
    }
    return graph.node('Mul', [operand(one), operand(other)])
  }

  function emit(node: GraphNode): Ref {
    const first = () => visit(inputOf(node, 0))
    switch (node.op) {
      case 'Placeholder': {
        const given = graph.input(input.name, input.type, input.dims)
        const pixels = input.type === 'uint8' ? graph.node('Cast', [given], { to: 1 }) : given
        const planes = graph.toPlanes(pixels)
        return input.scale === undefined ? planes : graph.node('Mul', [planes, graph.constant([input.scale], [])])
      }
      case 'Identity':
        return first()
      case 'Conv2D':
      case '_FusedConv2D':
      case 'DepthwiseConv2dNative':
      case 'FusedDepthwiseConv2dNative':
        return convolve(node)
      case 'Prelu':
        return graph.node('PRelu', [first(), operand(inputOf(node, 1))])
      case 'Add':
      case 'AddV2':
        return graph.node('Add', [operand(inputOf(node, 0)), operand(inputOf(node, 1))])
      case 'Mul':
        return multiply(node)
      case 'Relu6':
        return graph.activate(first(), 'relu6')
      case 'Relu':
        return graph.activate(first(), 'relu')
      case 'Sigmoid':
        return graph.node('Sigmoid', [first()])
      case 'Mean':
        if (weightOf(node, 1).data.join() !== '1,2' || !node.attr?.keep_dims?.b) throw unexpected(`the mean ${node.name}`)
        return graph.node('GlobalAveragePool', [first()])
      case 'MaxPool': {
        const { strides, pad } = windowOf(node)
        return graph.maxPool(first(), Number(node.attr?.ksize?.list?.i?.[1]), strides, pad)
      }
      case 'ResizeBilinear': // doubles; neither half-pixel centres nor aligned corners
        if (node.attr?.half_pixel_centers?.b || node.attr?.align_corners?.b) throw unexpected(`the resizing ${node.name}`)
        return graph.node('Resize', [first(), '', graph.constant([1, 1, 2, 2])], {
          mode: 'linear',
          coordinate_transformation_mode: 'asymmetric',
        })
      case 'ConcatV2': {
        const names = inputsOf(node)
        if (weights(names.at(-1) ?? '').data[0] !== 3) throw unexpected(`the concatenation ${node.name}`)
        return graph.node('Concat', names.slice(0, -1).map(visit), { axis: 1 })
      }
      case 'Pad': {
        const { data } = weightOf(node, 1) // [n,h,w,c] × (before, after)
        const side = (at: number) => [0, 6, 2, 4].map((dim) => data[dim + at] ?? 0)
        return graph.node('Pad', [first(), graph.integers([...side(0), ...side(1)])])
      }
      default:
        throw unexpected(`the operation ${node.op} of ${node.name} is not known`)
    }
  }

  for (const { node, name, dims, pool } of outputs) {
    const plane = visit(node)
    graph.output(name, dims, pool === undefined ? plane : graph.node(pool === 'max' ? 'GlobalMaxPool' : 'GlobalAveragePool', [plane]))
  }
  return graph.toBytes()
}

/** `name:0` is the first result of `name`; all have one. */
const nodeName = (name: string) => name.replace(/:\d+$/, '')
const fromBase64 = (value: string) => Buffer.from(value, 'base64').toString()

function windowOf({ name, attr }: GraphNode): { strides: number; pad: 'same' | 'valid' } {
  const [, down, across] = (attr?.strides?.list?.i ?? []).map(Number)
  const pad = fromBase64(attr?.padding?.s ?? '').toLowerCase()
  const isDilated = attr?.dilations?.list?.i?.some((step) => Number(step) !== 1)
  if (down === undefined || down !== across || isDilated || (pad !== 'same' && pad !== 'valid')) throw unexpected(`the window of ${name}`)
  return { strides: down, pad }
}
