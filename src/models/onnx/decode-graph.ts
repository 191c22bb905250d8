/** @file Reads ONNX models of a few megabytes into the shape that `encode-graph.ts` writes, by the fields of onnx.proto3. */
import { type Attribute, ELEMENT, type Element, type Graph, type Node, type Value, type Weight } from './encode-graph.ts'

/** A field of a protocol buffer message: its number, and a whole number or bytes. */
interface Field {
  readonly id: number
  readonly number: bigint
  readonly bytes: Buffer
}

/**
 * @returns the graph, constants among its weights, and the version of the operators
 * @throws Error naming the part that this reader does not know (functions, sparse or external weights, other element types)
 */
export function decodeGraph(model: Uint8Array): { readonly graph: Graph; readonly opset: number } {
  const fields = readFields(Buffer.from(model.buffer, model.byteOffset, model.byteLength))
  const opsets = all(fields, 8).map(({ bytes }) => readFields(bytes))
  const opset = opsets.find((fields) => text(fields, 1) === '')
  if (!opset || opsets.length > 1 || all(fields, 25).length > 0) throw new Error('an ONNX model of operators outside the standard')
  const nodes: Node[] = []
  const graph = readFields(one(fields, 7).bytes)
  const weights: Weight[] = all(graph, 5).map(({ bytes }) => decodeWeight(readFields(bytes)))
  for (const { bytes } of all(graph, 1)) {
    const fields = readFields(bytes)
    const outputs = all(fields, 2).map(({ bytes }) => bytes.toString())
    if (text(fields, 4) === 'Constant') weights.push(decodeConstant(fields, outputs[0] as string))
    else
      nodes.push({
        op: text(fields, 4),
        inputs: all(fields, 1).map(({ bytes }) => bytes.toString()),
        outputs,
        attributes: Object.fromEntries(all(fields, 5).map(({ bytes }) => decodeAttribute(readFields(bytes)))),
      })
  }
  const values = (id: number): Value[] => all(graph, id).map(({ bytes }) => decodeValue(readFields(bytes)))
  return { graph: { inputs: values(11), outputs: values(12), weights, nodes }, opset: Number(one(opset, 2).number) }
}

function decodeConstant(fields: readonly Field[], name: string): Weight {
  const value = all(fields, 5)
    .map(({ bytes }) => readFields(bytes))
    .find((attribute) => text(attribute, 1) === 'value')
  if (!value) throw new Error(`the constant ${name} has no tensor`)
  return { ...decodeWeight(readFields(one(value, 5).bytes)), name }
}

function decodeAttribute(fields: readonly Field[]): [string, Attribute] {
  const name = text(fields, 1)
  switch (Number(one(fields, 20).number)) {
    case 1:
      return [name, { float: one(fields, 2).bytes.readFloatLE() }]
    case 2:
      return [name, Number(one(fields, 3).number)]
    case 3:
      return [name, text(fields, 4)]
    case 7:
      return [name, readNumbers(all(fields, 8)).map(Number)]
    default:
      throw new Error(`the attribute ${name} has a type that is not read`)
  }
}

function decodeWeight(fields: readonly Field[]): Weight {
  const [name, type] = [text(fields, 8), Number(one(fields, 2).number)]
  const raw = all(fields, 9)[0]?.bytes
  // a copy of its own lies where the type needs it
  const buffer = raw && Uint8Array.from(raw).buffer
  const dims = readNumbers(all(fields, 1)).map(Number)
  if (all(fields, 13).length > 0) throw new Error(`the weights ${name} lie in another file`)
  if (type === ELEMENT.float32) return { name, dims, data: buffer ? new Float32Array(buffer) : readFloats(all(fields, 4)) }
  if (type === ELEMENT.int64)
    return { name, dims, data: buffer ? new BigInt64Array(buffer) : BigInt64Array.from(readNumbers(all(fields, 7))) }
  if (type === ELEMENT.int32)
    return { name, dims, data: buffer ? new Int32Array(buffer) : Int32Array.from(readNumbers(all(fields, 5)), Number) }
  throw new Error(`the weights ${name} have the element type ${type}, which is not read`)
}

function decodeValue(fields: readonly Field[]): Value {
  const name = text(fields, 1)
  const tensor = readFields(one(readFields(one(fields, 2).bytes), 1).bytes)
  const code = Number(one(tensor, 1).number)
  const type = (Object.keys(ELEMENT) as Element[]).find((element) => ELEMENT[element] === code)
  if (!type) throw new Error(`${name} has the element type ${code}, which is not read`)
  const shape = all(readFields(one(tensor, 2).bytes), 1).map(({ bytes }, axis) => {
    const dimension = readFields(bytes)
    const size = Number(dimension.find(({ id }) => id === 1)?.number ?? 0n)
    return size > 0 ? size : text(dimension, 2) || `${name}_${axis}`
  })
  return { name, type, shape }
}

function readFields(message: Buffer): Field[] {
  const fields: Field[] = []
  for (let at = 0; at < message.length; ) {
    let tag: bigint
    ;[tag, at] = readVarint(message, at)
    const [id, kind] = [Number(tag >> 3n), Number(tag & 7n)]
    let number = 0n
    let length = kind === 5 ? 4 : kind === 1 ? 8 : 0
    if (kind === 0) [number, at] = readVarint(message, at)
    else if (kind === 2) {
      ;[number, at] = readVarint(message, at)
      length = Number(number)
    } else if (length === 0) throw new Error(`field ${id} of an ONNX model has the kind ${kind}, which is not read`)
    if (at + length > message.length) throw new Error('an ONNX model that ends too early')
    fields.push({ id, number, bytes: message.subarray(at, at + length) })
    at += length
  }
  return fields
}

function readVarint(bytes: Buffer, from: number): [bigint, number] {
  let value = 0n
  for (let at = from, shift = 0n; at < bytes.length; at++, shift += 7n) {
    const byte = bytes[at] as number
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return [BigInt.asIntN(64, value), at + 1]
  }
  throw new Error('an ONNX model that ends too early')
}

/** Repeated whole numbers, each a field of its own or many in one. */
function readNumbers(fields: readonly Field[]): bigint[] {
  return fields.flatMap(({ number, bytes }) => {
    if (bytes.length === 0) return [number]
    const numbers: bigint[] = []
    for (let at = 0; at < bytes.length; ) {
      let value: bigint
      ;[value, at] = readVarint(bytes, at)
      numbers.push(value)
    }
    return numbers
  })
}

function readFloats(fields: readonly Field[]): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.concat(fields.map(({ bytes }) => bytes))).buffer)
}

const all = (fields: readonly Field[], wanted: number): readonly Field[] => fields.filter(({ id }) => id === wanted)
const text = (fields: readonly Field[], wanted: number): string => fields.find(({ id }) => id === wanted)?.bytes.toString() ?? ''

function one(fields: readonly Field[], wanted: number): Field {
  const field = fields.find(({ id }) => id === wanted)
  if (!field) throw new Error(`an ONNX model without field ${wanted}`)
  return field
}
