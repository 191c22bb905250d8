/** @file Writes ONNX models byte by byte, by the fields of onnx.proto3: the built-in networks become such files, and tests make small ones. */

/** Element types of ONNX tensors. */
export const ELEMENT = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const
export type Element = keyof typeof ELEMENT

export interface Value {
  readonly name: string
  readonly type: Element
  /** a name makes a dimension free */
  readonly shape: readonly (number | string)[]
}
export interface Weight {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array | Int32Array
  /** file beside the model that holds the data */
  readonly external?: string
}
/** A whole number, a text, whole numbers, or a fraction. */
export type Attribute = number | string | readonly number[] | { readonly float: number }
export interface Node {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, Attribute>>
}
export interface Graph {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly weights: readonly Weight[]
  readonly nodes: readonly Node[]
}

/** @param opset whose operators the nodes are; in 11 axes are attributes */
export function encodeGraph(graph: Graph, opset = 11): Uint8Array {
  const body = [
    ...graph.nodes.map((node) => field(1, encodeNode(node))),
    field(2, text('graph')),
    ...graph.weights.map((weight) => field(5, encodeWeight(weight))),
    ...graph.inputs.map((value) => field(11, encodeValue(value))),
    ...graph.outputs.map((value) => field(12, encodeValue(value))),
  ]
  return Buffer.concat([number(1, 8), field(7, Buffer.concat(body)), field(8, Buffer.concat([field(1, text('')), number(2, opset)]))])
}

function encodeNode(node: Node): Buffer {
  return Buffer.concat([
    ...node.inputs.map((name) => field(1, text(name))),
    ...node.outputs.map((name) => field(2, text(name))),
    field(4, text(node.op)),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) =>
      field(5, Buffer.concat([field(1, text(name)), ...encodeAttribute(value)])),
    ),
  ])
}

function encodeAttribute(value: Attribute): Buffer[] {
  if (typeof value === 'number') return [number(3, value), number(20, 2)]
  if (typeof value === 'string') return [field(4, text(value)), number(20, 3)]
  if ('float' in value) return [Buffer.concat([varint((2 << 3) | 5), Buffer.from(Float32Array.of(value.float).buffer)]), number(20, 1)]
  return [...value.map((item) => number(8, item)), number(20, 7)]
}

function encodeWeight({ name, dims, data, external }: Weight): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const entry = (key: string, value: string) => field(13, Buffer.concat([field(1, text(key)), field(2, text(value))]))
  return Buffer.concat([
    ...dims.map((dim) => number(1, dim)),
    number(2, elementOf(data)),
    field(8, text(name)),
    ...(external === undefined
      ? [field(9, bytes)]
      : [entry('location', external), entry('offset', '0'), entry('length', String(bytes.length)), number(14, 1)]),
  ])
}

function elementOf(data: Weight['data']): number {
  if (data instanceof BigInt64Array) return ELEMENT.int64
  return data instanceof Int32Array ? ELEMENT.int32 : ELEMENT.float32
}

function encodeValue({ name, type, shape }: Value): Buffer {
  const dims = shape.map((dim) => field(1, typeof dim === 'number' ? number(1, dim) : field(2, text(dim))))
  const tensor = Buffer.concat([number(1, ELEMENT[type]), field(2, Buffer.concat(dims))])
  return Buffer.concat([field(1, text(name)), field(2, field(1, tensor))])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(bytes)
}
const number = (id: number, value: number): Buffer => Buffer.concat([varint(id << 3), varint(value)])
const field = (id: number, bytes: Buffer): Buffer => Buffer.concat([varint((id << 3) | 2), varint(bytes.length), bytes])
const text = (value: string): Buffer => Buffer.from(value, 'utf8')
