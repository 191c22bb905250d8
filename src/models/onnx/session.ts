/** @file Opens one network on onnxruntime: the device that was asked for or the CPU with a notice, and errors that name the file. */

import type { Device } from '../../config/device.ts'
import { describeError, FototecaError } from '../../domain/errors.ts'
import { chooseAccelerator, fallbackNotice } from './device.ts'
import { env, InferenceSession, Tensor } from './onnxruntime.ts'

/** How a network is run here; everything a thread needs to open one. Structured-cloneable. */
export interface Runtime {
  readonly device: Device
  /** threads of one run; undefined: onnxruntime’s own choice, the number of cores */
  readonly threads?: number | undefined
  /** pictures per run at most, where the model takes several; undefined: 1 */
  readonly batch?: number | undefined
  /** false: memory of a run is given back after it; true (where undefined) keeps it for the next, which large networks run faster with */
  readonly keepsMemory?: boolean | undefined
}

export interface OpenSession {
  readonly session: InferenceSession
  /** where it runs, when that is not what was asked for; for a person */
  readonly notice: string | null
}

export type TensorMetadata = Extract<InferenceSession.ValueMetadata, { isTensor: true }>

/**
 * An accelerator without its libraries makes onnxruntime throw instead of falling back, so the second try is ours.
 * @throws FototecaError `model_failed` naming the file
 */
export async function openSession(modelFile: string, { device, threads, keepsMemory = true }: Runtime): Promise<OpenSession> {
  // onnxruntime-node 1.30 wraps halves in a Float16Array where there is one, which its native part then reads as empty:
  // without it (in this thread only) halves travel as raw bits
  Reflect.deleteProperty(globalThis, 'Float16Array')
  const options: InferenceSession.SessionOptions = {
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    enableCpuMemArena: keepsMemory,
  }
  const { accelerator, notice } = chooseAccelerator(device)
  if (accelerator === null) return { session: await openOnCpu(modelFile, options), notice }
  env.logLevel = 'fatal' // the failure is told as a notice, not as a line of C++ on the terminal
  try {
    return {
      session: await InferenceSession.create(modelFile, { ...options, executionProviders: [accelerator, 'cpu'], logSeverityLevel: 4 }),
      notice: null,
    }
  } catch (error) {
    return { session: await openOnCpu(modelFile, options), notice: fallbackNotice(accelerator, firstLine(error)) }
  }
}

async function openOnCpu(modelFile: string, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(modelFile, { ...options, executionProviders: ['cpu'], logSeverityLevel: 3 })
  } catch (error) {
    throw new FototecaError(
      'model_failed',
      `${modelFile} cannot be loaded: ${firstLine(error)}; a file may be cut or missing beside it: download or import the model again`,
      { cause: error },
    )
  }
}

/** Runs a session; what it throws (a graph that does not fit its own input) names the file. */
export async function runSession(
  session: InferenceSession,
  modelFile: string,
  feeds: Readonly<Record<string, Tensor>>,
  outputs?: readonly string[],
): Promise<Readonly<Record<string, Tensor>>> {
  try {
    return (await session.run({ ...feeds }, [...(outputs ?? session.outputNames)])) as Readonly<Record<string, Tensor>>
  } catch (error) {
    throw new FototecaError('model_failed', `${modelFile} cannot be run: ${firstLine(error)}`, { cause: error })
  }
}

const firstLine = (error: unknown): string => describeError(error).split('\n')[0] ?? ''

export function listTensors(metadata: readonly InferenceSession.ValueMetadata[]): TensorMetadata[] {
  return metadata.filter((value): value is TensorMetadata => value.isTensor)
}

/** A dimension that is a number; symbolic ones are names, -1 or 0. */
export function fixedDimension(dimension: number | string | undefined): number | null {
  return typeof dimension === 'number' && dimension > 0 ? dimension : null
}

export interface ImageInput {
  readonly name: string
  readonly type: 'float32' | 'float16'
  /** null where the model takes any size */
  readonly height: number | null
  readonly width: number | null
  /** whether several pictures can go in at once */
  readonly isBatched: boolean
}

/** The one picture input, [n, 3, height, width] with n = 1 or free. @throws FototecaError `invalid` saying what is there instead */
export function findImageInput(metadata: readonly InferenceSession.ValueMetadata[], modelFile: string): ImageInput {
  const inputs = listTensors(metadata)
  const [input, ...others] = inputs
  const isOne = input && others.length === 0 && input.shape.length === 4 && (input.type === 'float32' || input.type === 'float16')
  const [batch, channels, height, width] = input?.shape ?? []
  if (!isOne || (fixedDimension(batch) ?? 1) !== 1 || (fixedDimension(channels) ?? 3) !== 3)
    throw unusable(modelFile, 'needs exactly one picture input, float [1, 3, height, width]', inputs)
  return {
    name: input.name,
    type: input.type as ImageInput['type'],
    height: fixedDimension(height),
    width: fixedDimension(width),
    isBatched: fixedDimension(batch) === null,
  }
}

/** For a model of the wrong shape: says what was needed and what it has. */
export function unusable(modelFile: string, why: string, found: readonly TensorMetadata[]): FototecaError {
  const list = found.map((value) => `${value.name} ${value.type} [${value.shape.join(', ')}]`).join('; ')
  return new FototecaError('invalid', `${modelFile} ${why}; it has ${list || 'none'}. Use another export of this model`)
}

/**
 * Each vector of [n, width] values at unit length.
 * @throws FototecaError `model_failed` naming the file, when one has NaN, infinity or zeros (they would match anything, or nothing)
 */
export function toUnitVectors(values: Float32Array, width: number, modelFile: string): Float32Array[] {
  return Array.from({ length: values.length / width }, (_, row) => {
    const vector = values.slice(row * width, (row + 1) * width)
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
    if (!Number.isFinite(norm) || norm < 1e-12)
      throw new FototecaError(
        'model_failed',
        `${modelFile} answered with ${norm < 1e-12 ? 'zeros' : 'numbers that are not finite'}, which cannot be compared`,
      )
    return vector.map((value) => value / norm)
  })
}

export function toFloats(tensor: Tensor): Float32Array {
  if (tensor.type === 'float16') return fromHalves(tensor.data as Uint16Array)
  return tensor.type === 'int64' ? Float32Array.from(tensor.data as BigInt64Array, Number) : (tensor.data as Float32Array)
}

/** Float tensor in the type the model asks for. */
export function floatTensor(type: 'float32' | 'float16', data: Float32Array, dims: readonly number[]): Tensor {
  if (type === 'float32') return new Tensor('float32', data, dims)
  const bits = new Uint16Array(data.length)
  for (let index = 0; index < data.length; index++) bits[index] = toHalf(data[index] ?? 0)
  return new Tensor('float16', bits, dims)
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
