/**
 * @file Builds an ONNX graph (opset 17) of the few operations that the built-in networks are made of.
 * Pictures are [n,channels,height,width] inside; filters are given as TensorFlow.js stores them.
 */
import { type Attribute, encodeGraph, type Node, type Weight as StoredWeight, type Value } from '../../../onnx/encode-graph.ts'
import type { Weight } from './tfjs-weights.ts'

const OPSET = 17

/** The name of a tensor in the graph. */
export type Ref = string
export type Activation = 'relu' | 'relu6' | 'leaky' | 'linear'
/** Names stand for sizes that are given at each call. */
export type Dims = readonly (number | string)[]

export interface ConvOptions {
  readonly strides?: number
  readonly pad?: 'same' | 'valid'
  readonly activation?: Activation
}

/** Slope of the leaky rectifier for values below zero, as in Darknet and YOLOv2. */
const LEAK = 0.1

export class OnnxGraph {
  readonly #nodes: Node[] = []
  readonly #weights: StoredWeight[] = []
  readonly #inputs: Value[] = []
  readonly #outputs: Value[] = []
  readonly #constants = new Map<string, Ref>()

  input(name: string, type: 'float32' | 'uint8', shape: Dims): Ref {
    this.#inputs.push({ name, type, shape })
    return name
  }

  output(name: string, shape: Dims, from: Ref): void {
    this.node('Identity', [from], {}, name)
    this.#outputs.push({ name, type: 'float32', shape })
  }

  /** One operation. @param inputs '' where an optional one is left out. @returns its output */
  node(op: string, inputs: readonly Ref[], attributes: Readonly<Record<string, Attribute>> = {}, output?: Ref): Ref {
    const name = output ?? `${op}_${this.#nodes.length}`
    this.#nodes.push({ op, inputs, outputs: [name], attributes })
    return name
  }

  /** A tensor stored in the file. */
  store(data: Float32Array | BigInt64Array, dims: readonly number[]): Ref {
    const name = `w_${this.#weights.length}`
    this.#weights.push({ name, dims, data })
    return name
  }

  /** A few numbers; the same ones are stored once. @param dims [] for a scalar */
  constant(values: readonly number[], dims: readonly number[] = [values.length]): Ref {
    const key = JSON.stringify([values, dims])
    const name = this.#constants.get(key) ?? this.store(Float32Array.from(values), dims)
    this.#constants.set(key, name)
    return name
  }

  integers(values: readonly number[]): Ref {
    return this.store(BigInt64Array.from(values, BigInt), [values.length])
  }

  activate(x: Ref, activation: Activation): Ref {
    if (activation === 'relu') return this.node('Relu', [x])
    if (activation === 'relu6') return this.node('Clip', [x, this.constant([0], []), this.constant([6], [])])
    if (activation === 'leaky') return this.node('LeakyRelu', [x], { alpha: { float: LEAK } })
    return x
  }

  /** @param filter [height,width,in,out] */
  conv(x: Ref, filter: Weight, bias?: Float32Array, options: ConvOptions = {}): Ref {
    const [height = 0, width = 0, from = 0, to = 0] = filter.shape
    const area = height * width
    const data = new Float32Array(filter.data.length)
    for (let place = 0; place < area; place++)
      for (let input = 0; input < from; input++) {
        const row = (place * from + input) * to
        for (let output = 0; output < to; output++) data[(output * from + input) * area + place] = filter.data[row + output] ?? 0
      }
    return this.#conv(x, data, [to, from, height, width], bias, 1, options)
  }

  /** @param filter [height,width,channels,1] */
  depthwise(x: Ref, filter: Weight, bias?: Float32Array, options: ConvOptions = {}): Ref {
    const [height = 0, width = 0, channels = 0, multiplier = 1] = filter.shape
    const area = height * width
    const to = channels * multiplier
    const data = new Float32Array(filter.data.length)
    for (let place = 0; place < area; place++)
      for (let output = 0; output < to; output++) data[output * area + place] = filter.data[place * to + output] ?? 0
    return this.#conv(x, data, [to, 1, height, width], bias, channels, options)
  }

  #conv(x: Ref, data: Float32Array, dims: readonly number[], bias: Float32Array | undefined, group: number, options: ConvOptions): Ref {
    const { strides = 1, pad = 'same', activation = 'linear' } = options
    const inputs = [x, this.store(data, dims)]
    if (bias) inputs.push(this.store(bias, [bias.length]))
    const attributes = { group, kernel_shape: dims.slice(2), strides: [strides, strides], auto_pad: autoPad(pad) }
    return this.activate(this.node('Conv', inputs, attributes), activation)
  }

  maxPool(x: Ref, size: number, strides: number, pad: 'same' | 'valid'): Ref {
    return this.node('MaxPool', [x], { kernel_shape: [size, size], strides: [strides, strides], auto_pad: autoPad(pad) })
  }

  averagePool(x: Ref, size: number, strides: number): Ref {
    return this.node('AveragePool', [x], { kernel_shape: [size, size], strides: [strides, strides] })
  }

  /** [n,h,w,c] → [n,c,h,w] */
  toPlanes(x: Ref): Ref {
    return this.node('Transpose', [x], { perm: [0, 3, 1, 2] })
  }

  /** [n,c,h,w] → [n,h,w,c] */
  toPixels(x: Ref): Ref {
    return this.node('Transpose', [x], { perm: [0, 2, 3, 1] })
  }

  /** The model as a file. */
  toBytes(): Uint8Array {
    return encodeGraph({ inputs: this.#inputs, outputs: this.#outputs, weights: this.#weights, nodes: this.#nodes }, OPSET)
  }
}

/** TensorFlow’s `same` puts the odd row or column of padding at the end. */
const autoPad = (pad: 'same' | 'valid') => (pad === 'same' ? 'SAME_UPPER' : 'VALID')
