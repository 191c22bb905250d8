/** @file Opens one tower on onnxruntime and reads from the model itself what goes in and what comes out. */
import { env, InferenceSession, Tensor } from 'onnxruntime-node'
import { describeError, FototecaError } from '../../../domain/errors.ts'

export type Device = 'auto' | 'cpu' | 'cuda'

export interface OpenTower {
  readonly session: InferenceSession
  /** where it runs, when that is not what was asked for; for a person */
  readonly notice: string | null
}

type TensorMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>

/**
 * `cuda` without its libraries makes onnxruntime throw instead of falling back, so the second try is ours.
 * `auto` runs on the CPU: the package as installed brings no CUDA libraries.
 * @throws FototecaError `model_failed` naming the file
 */
export async function openTower(modelFile: string, device: Device): Promise<OpenTower> {
  // onnxruntime-node 1.30 wraps halves in a Float16Array where there is one, which its native part then reads as empty:
  // without it (in this thread only) halves travel as raw bits
  Reflect.deleteProperty(globalThis, 'Float16Array')
  if (device === 'cuda') {
    env.logLevel = 'fatal' // the failure is told as a notice, not as a line of C++ on the terminal
    try {
      return {
        session: await InferenceSession.create(modelFile, { executionProviders: ['cuda', 'cpu'], logSeverityLevel: 4 }),
        notice: null,
      }
    } catch (error) {
      const reason = describeError(error).split('\n')[0]
      return { session: await openOnCpu(modelFile), notice: `CUDA cannot be used here, so the model runs on the CPU (${reason})` }
    }
  }
  return { session: await openOnCpu(modelFile), notice: null }
}

async function openOnCpu(modelFile: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(modelFile, { executionProviders: ['cpu'], logSeverityLevel: 3 })
  } catch (error) {
    throw new FototecaError(
      'model_failed',
      `${modelFile} cannot be loaded: ${describeError(error).split('\n')[0]}; a file may be cut or missing beside it: download or import the model again`,
      { cause: error },
    )
  }
}

export interface ImageInput {
  readonly name: string
  readonly type: 'float32' | 'float16'
  /** null where the model takes any size */
  readonly height: number | null
  readonly width: number | null
}

/** The one picture input, [1, 3, height, width]. */
export function findImageInput(metadata: readonly InferenceSession.ValueMetadata[], modelFile: string): ImageInput {
  const inputs = tensors(metadata)
  const [input, ...others] = inputs
  const isOne = input && others.length === 0 && input.shape.length === 4 && (input.type === 'float32' || input.type === 'float16')
  const [batch, channels, height, width] = input?.shape ?? []
  if (!isOne || (fixed(batch) ?? 1) !== 1 || (fixed(channels) ?? 3) !== 3)
    throw unusable(modelFile, 'needs exactly one picture input, float [1, 3, height, width]', inputs)
  return { name: input.name, type: input.type as ImageInput['type'], height: fixed(height), width: fixed(width) }
}

export interface TextInput {
  readonly name: string
  readonly type: 'int32' | 'int64'
  readonly holds: 'ids' | 'mask' | 'positions' | 'zeros'
}

/** Token inputs, each [1, length], and the length where the model fixes one. */
export function findTextInputs(
  metadata: readonly InferenceSession.ValueMetadata[],
  modelFile: string,
): { inputs: TextInput[]; length: number | null } {
  const found = tensors(metadata)
  let length: number | null = null
  const inputs = found.map(({ name, type, shape }): TextInput => {
    if ((type !== 'int32' && type !== 'int64') || shape.length !== 2 || (fixed(shape[0]) ?? 1) !== 1)
      throw unusable(modelFile, 'needs token inputs, int32 or int64 [1, length]', found)
    length = fixed(shape[1]) ?? length
    const holds = /mask/.test(name) ? 'mask' : /position/.test(name) ? 'positions' : /type/.test(name) ? 'zeros' : 'ids'
    return { name, type, holds }
  })
  if (inputs.filter((input) => input.holds === 'ids').length !== 1) throw unusable(modelFile, 'needs exactly one input of token ids', found)
  return { inputs, length }
}

/** Names exporters give to the joint embedding, surest first; `pooler_output` is it in SigLIP, but not in CLIP, where `…_embeds` stands beside it. */
const OUTPUT_NAMES = ['image_embeds', 'text_embeds', 'image_embedding', 'text_embedding', 'embedding', 'embeddings', 'sentence_embedding', 'pooler_output', 'output'] // biome-ignore format: a list

/** Which output is the embedding: by name, else the only [1, width] there is. @param width the space's width where it is known */
export function findEmbeddingOutput(
  metadata: readonly InferenceSession.ValueMetadata[],
  modelFile: string,
  width: number | null,
): { name: string; width: number | null } {
  const outputs = tensors(metadata)
  const candidates = outputs.filter(({ type, shape }) => {
    if (type !== 'float32' && type !== 'float16') return false
    if (shape.length !== 2 && shape.length !== 0) return false // [1, tokens, hidden] is the unpooled state
    const last = fixed(shape[1])
    return width === null || last === null || last === width
  })
  const byName = OUTPUT_NAMES.map((name) => candidates.find((output) => output.name === name)).find((output) => output !== undefined)
  const chosen = byName ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (!chosen)
    throw unusable(modelFile, `has no output that is clearly the embedding${width === null ? '' : ` of ${width} numbers`}`, outputs)
  return { name: chosen.name, width: fixed(chosen.shape[1]) }
}

/** [1, …dims] float tensor in the type the model asks for. */
export function floatTensor(type: 'float32' | 'float16', data: Float32Array, dims: readonly number[]): Tensor {
  if (type === 'float32') return new Tensor('float32', data, dims)
  const bits = new Uint16Array(data.length)
  for (let index = 0; index < data.length; index++) bits[index] = toHalf(data[index] ?? 0)
  return new Tensor('float16', bits, dims)
}

export function tokenTensor(type: 'int32' | 'int64', values: readonly number[]): Tensor {
  const dims = [1, values.length]
  return type === 'int32'
    ? new Tensor('int32', Int32Array.from(values), dims)
    : new Tensor('int64', BigInt64Array.from(values, BigInt), dims)
}

/**
 * The embedding as unit vector.
 * @throws FototecaError `model_failed` when the model answered with NaN, infinity or zeros (they would match anything, or nothing)
 */
export function unitVector(tensor: Tensor, width: number | null): Float32Array {
  const values = tensor.type === 'float16' ? fromHalves(tensor.data as Uint16Array) : (tensor.data as Float32Array)
  if (width !== null && values.length !== width)
    throw new FototecaError(
      'model_failed',
      `the model answered with ${values.length} numbers where ${width} were expected; its two towers do not belong together`,
    )
  let sum = 0
  for (const value of values) sum += value * value
  const norm = Math.sqrt(sum)
  if (!Number.isFinite(norm) || norm < 1e-12)
    throw new FototecaError(
      'model_failed',
      `the model answered with ${norm < 1e-12 ? 'zeros' : 'numbers that are not finite'}, which cannot be compared`,
    )
  return Float32Array.from(values, (value) => value / norm)
}

function tensors(metadata: readonly InferenceSession.ValueMetadata[]): TensorMetadata[] {
  return metadata.filter((value): value is TensorMetadata => value.isTensor)
}

/** A dimension that is a number; symbolic ones are names, -1 or 0. */
function fixed(dimension: number | string | undefined): number | null {
  return typeof dimension === 'number' && dimension > 0 ? dimension : null
}

function unusable(modelFile: string, why: string, found: readonly TensorMetadata[]): FototecaError {
  const list = found.map((value) => `${value.name} ${value.type} [${value.shape.join(', ')}]`).join('; ')
  return new FototecaError('invalid', `${modelFile} ${why}; it has ${list || 'none'}. Use another export of this model`)
}

const HALF_BITS = new Uint32Array(1)
const HALF_VALUE = new Float32Array(HALF_BITS.buffer)

/** IEEE half from float, rounding to nearest; subnormal halves become zero (a picture's values lie far above). */
function toHalf(value: number): number {
  HALF_VALUE[0] = value
  const bits = HALF_BITS[0] ?? 0
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 112
  if (exponent <= 0) return sign
  if (exponent >= 31) return sign | 0x7c00
  return sign | (((exponent << 10) | ((bits >>> 13) & 0x3ff)) + ((bits >>> 12) & 1))
}

function fromHalves(data: Uint16Array): Float32Array {
  return Float32Array.from(data, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 0x1f
    const fraction = bits & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}
