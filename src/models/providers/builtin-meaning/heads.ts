/**
 * @file The trained heads of the built-in text–image space as one file: a line of JSON that says what it is, then numbers.
 * 8 bits per weight, with a scale for each row of numbers that belong together.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { describeError, FototecaError } from '../../../domain/errors.ts'

const Header = z.object({
  format: z.literal('fototeca-meaning-1'),
  /** `PICTURE_FEATURES.id` of the pictures it was trained on */
  detector: z.string(),
  /** numbers of a picture */
  features: z.number().int().positive(),
  /** numbers that training gave a vector; the classes of the detector follow them */
  width: z.number().int().positive(),
  classes: z.number().int().positive(),
  /** what a class weighs beside the trained numbers */
  class_weight: z.number().positive(),
  /** scores of a class from which it counts */
  class_floor: z.number().min(0).max(1),
  words: z.array(z.string()).min(1),
  /** words and pairs of words → classes of the detector */
  class_words: z.record(z.string(), z.array(z.number().int().nonnegative())),
  sha256: z.string(),
})
export type HeadsHeader = Omit<z.infer<typeof Header>, 'sha256'>

export interface Heads extends HeadsHeader {
  /** first digits of a digest over the whole file */
  readonly fingerprint: string
  /** [features] each: what is taken off a picture’s numbers, and what they are then multiplied with */
  readonly mean: Float32Array
  readonly scale: Float32Array
  /** [features, width] */
  readonly image: Float32Array
  /** [width] */
  readonly bias: Float32Array
  /** [words, width] in 8 bits, [words] their scales */
  readonly wordVectors: Int8Array
  readonly wordScales: Float32Array
}

/** @throws FototecaError `model_failed` naming the file: cut, altered, or of another detector */
export function readHeads(bytes: Uint8Array, file: string, detector: string): Heads {
  const end = bytes.indexOf(NEWLINE)
  const header = parseHeader(bytes.subarray(0, Math.max(0, end)), file)
  const body = bytes.subarray(end + 1)
  if (createHash('sha256').update(body).digest('hex') !== header.sha256)
    throw unreadable(file, 'its numbers are not those that were written')
  if (header.detector !== detector)
    throw new FototecaError(
      'model_failed',
      `${file} was trained on the detector ${header.detector}, and this version has ${detector}: train it anew (scripts/train-meaning)`,
    )
  const { features, width, words } = header
  let at = 0
  const take = (length: number, bytesEach: number): ArrayBuffer => {
    const part = new Uint8Array(body.subarray(at, at + length * bytesEach))
    if (part.length !== length * bytesEach) throw unreadable(file, 'it is too short')
    at += part.length
    return part.buffer
  }
  const floats = (length: number) => new Float32Array(take(length, 4))
  const [mean, scale, bias, imageScales, wordScales] = [features, features, width, width, words.length].map(floats) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const packed = new Int8Array(take(features * width, 1))
  const wordVectors = new Int8Array(take(words.length * width, 1))
  const image = Float32Array.from(packed, (value, i) => value * (imageScales[i % width] as number))
  const fingerprint = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
  return { ...header, fingerprint, mean, scale, bias, image, wordVectors, wordScales }
}

export interface TrainedHeads extends HeadsHeader {
  readonly mean: Float32Array
  readonly scale: Float32Array
  readonly image: Float32Array
  readonly bias: Float32Array
  /** [words, width] */
  readonly wordTable: Float32Array
}

export function writeHeads({ mean, scale, image, bias, wordTable, ...header }: TrainedHeads): Uint8Array {
  const { width, features, words } = header
  const byColumn = pack(image, width, (i) => i % width)
  const byRow = pack(wordTable, words.length, (i) => Math.floor(i / width))
  if (mean.length !== features || byColumn.values.length !== features * width) throw new Error('the numbers do not fit the header')
  const body = Buffer.concat([mean, scale, bias, byColumn.scales, byRow.scales, byColumn.values, byRow.values].map(bytesOf))
  const sha256 = createHash('sha256').update(body).digest('hex')
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, sha256 })}\n`), body])
}

const NEWLINE = 10
const STEPS = 127

function pack(values: Float32Array, scalesCount: number, scaleOf: (index: number) => number) {
  const scales = new Float32Array(scalesCount).fill(1e-12)
  for (let i = 0; i < values.length; i++) {
    const at = scaleOf(i)
    scales[at] = Math.max(scales[at] as number, Math.abs(values[i] as number) / STEPS)
  }
  return { values: Int8Array.from(values, (value, i) => Math.round(value / (scales[scaleOf(i)] as number))), scales }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int8Array) => Buffer.from(buffer, byteOffset, byteLength)

function parseHeader(bytes: Uint8Array, file: string): z.infer<typeof Header> {
  try {
    return Header.parse(JSON.parse(Buffer.from(bytes).toString()))
  } catch (error) {
    throw unreadable(file, describeError(error))
  }
}

const unreadable = (file: string, why: string) =>
  new FototecaError('model_failed', `${file} cannot be read (${why}): install fototeca again`)
