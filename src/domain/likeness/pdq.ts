/**
 * @file PDQ, the perceptual hash of facebook/ThreatExchange: 256 bits that change little when a picture is re-encoded,
 * resized or slightly edited; and the hashes of its seven turns, from the same transform.
 */
import { HASH_BYTES, TRANSFORMS, type Transform } from './hamming.ts'

/** The picture is brought within this before hashing: larger sizes cost time and change next to nothing (0 to 8 bits from the references). */
export const PDQ_MAX_SIDE = 512
/** Below this the picture has too little detail for its hash to mean anything. */
export const PDQ_MIN_QUALITY = 50

const SAMPLES = 64
const FREQUENCIES = 16

export interface PdqHash {
  /** 32 bytes */
  readonly pdq: Uint8Array
  /** 0–100 */
  readonly quality: number
  /** 8 × 32 bytes in the order of `TRANSFORMS`: what photos are matched by; the first is `pdq`, but for small pictures (hash-picture.ts) */
  readonly dihedral: Uint8Array
}

/** @param luma [height × width] 0–255; it is overwritten */
export function hashLuma(luma: Float32Array, width: number, height: number): PdqHash {
  blur(luma, width, height)
  const dihedral = new Uint8Array(TRANSFORMS.length * HASH_BYTES)
  let quality = 0
  for (const flipY of [false, true])
    for (const flipX of [false, true]) {
      const samples = takeSamples(luma, width, height, flipX, flipY)
      if (!flipX && !flipY) quality = measureQuality(samples)
      const coefficients = transformSamples(samples)
      for (const [index, transform] of TRANSFORMS.entries()) {
        const turn = TURNS[transform]
        if (turn.flipX === flipX && turn.flipY === flipY)
          dihedral.set(toBits(turn.swap ? transpose(coefficients) : coefficients), index * HASH_BYTES)
      }
    }
  return { pdq: dihedral.slice(0, HASH_BYTES), quality, dihedral }
}

/**
 * Each turn as mirroring the axes of the picture and then, for some, swapping them. The textbook way negates the odd
 * frequencies of one transform instead, but PDQ’s filter and sample points lie up to a pixel beside the middle, so a
 * mirrored picture is sampled elsewhere: that way missed real turns of test pictures by 14 to 38 bits, sampling anew
 * (four transforms of 0.2 ms) by none.
 */
const TURNS: Readonly<Record<Transform, { swap: boolean; flipX: boolean; flipY: boolean }>> = {
  none: { swap: false, flipX: false, flipY: false },
  'rotate-90': { swap: true, flipX: false, flipY: true },
  'rotate-180': { swap: false, flipX: true, flipY: true },
  'rotate-270': { swap: true, flipX: true, flipY: false },
  'flip-x': { swap: false, flipX: true, flipY: false },
  'flip-y': { swap: false, flipX: false, flipY: true },
  transpose: { swap: true, flipX: false, flipY: false },
  'anti-transpose': { swap: true, flipX: true, flipY: true },
}

const windowOf = (length: number): number => Math.ceil(length / 128)

/** Two rounds of box filters along rows and columns (a tent). */
function blur(luma: Float32Array, width: number, height: number): void {
  const other = new Float32Array(luma.length)
  for (let round = 0; round < 2; round++) {
    blurRows(luma, other, width)
    blurColumns(other, luma, width, height)
  }
}

/** Running mean over a window along each row; shorter at both ends. */
function blurRows(from: Float32Array, to: Float32Array, width: number): void {
  const window = windowOf(width)
  const ahead = Math.floor((window + 2) / 2) - 1
  for (let start = 0; start < from.length; start += width) {
    let sum = 0
    let count = 0
    for (let right = 0; right < width + ahead; right++) {
      if (right < width) {
        sum += from[start + right] ?? 0
        count++
      }
      if (right >= window) {
        sum -= from[start + right - window] ?? 0
        count--
      }
      if (right >= ahead) to[start + right - ahead] = sum / count
    }
  }
}

/** The same along columns, all columns at once, so that memory is read in order. */
function blurColumns(from: Float32Array, to: Float32Array, width: number, height: number): void {
  const window = windowOf(height)
  const ahead = Math.floor((window + 2) / 2) - 1
  const sums = new Float64Array(width)
  let count = 0
  for (let lower = 0; lower < height + ahead; lower++) {
    const entering = lower < height
    const leaving = lower >= window
    count += Number(entering) - Number(leaving)
    const enter = lower * width
    const leave = (lower - window) * width
    const out = (lower - ahead) * width
    for (let x = 0; x < width; x++) {
      let sum = sums[x] ?? 0
      if (entering) sum += from[enter + x] ?? 0
      if (leaving) sum -= from[leave + x] ?? 0
      sums[x] = sum
      if (lower >= ahead) to[out + x] = sum / count
    }
  }
}

/** 64 × 64 points of the blurred picture, or of what its mirror image would be blurred to. */
function takeSamples(blurred: Float32Array, width: number, height: number, flipX: boolean, flipY: boolean): Float32Array {
  const columns = pickPositions(width, flipX)
  const rows = pickPositions(height, flipY)
  return Float32Array.from({ length: SAMPLES * SAMPLES }, (_, at) => {
    const row = rows[Math.floor(at / SAMPLES)] ?? 0
    return blurred[row * width + (columns[at % SAMPLES] ?? 0)] ?? 0
  })
}

function pickPositions(length: number, mirrored: boolean): number[] {
  // an even window reaches half a pixel further ahead than back, twice: the mirror image lies two pixels off
  const shift = windowOf(length) % 2 === 0 ? 2 : 0
  return Array.from({ length: SAMPLES }, (_, i) => {
    const position = Math.floor(((i + 0.5) * length) / SAMPLES)
    return mirrored ? Math.max(0, length - 1 - position - shift) : position
  })
}

/** How much the samples change from each to the next: flat pictures get a low value. */
function measureQuality(samples: Float32Array): number {
  let sum = 0
  const step = (from: number, to: number) => Math.abs(Math.trunc(((samples[from] ?? 0) - (samples[to] ?? 0)) * (100 / 255)))
  for (let i = 0; i < SAMPLES; i++)
    for (let j = 0; j < SAMPLES; j++) {
      const at = i * SAMPLES + j
      if (i + 1 < SAMPLES) sum += step(at, at + SAMPLES)
      if (j + 1 < SAMPLES) sum += step(at, at + 1)
    }
  return Math.min(100, Math.floor(sum / 90))
}

/** [16 × 64] cosines of frequencies 1…16: the constant part (0) is left out. */
const COSINES = Float64Array.from({ length: FREQUENCIES * SAMPLES }, (_, at) => {
  const frequency = Math.floor(at / SAMPLES) + 1
  return Math.sqrt(2 / SAMPLES) * Math.cos((Math.PI / 2 / SAMPLES) * frequency * (2 * (at % SAMPLES) + 1))
})

/** [16 × 16] vertical × horizontal frequencies */
function transformSamples(samples: Float32Array): Float64Array {
  const half = new Float64Array(FREQUENCIES * SAMPLES)
  for (let u = 0; u < FREQUENCIES; u++) {
    const row = half.subarray(u * SAMPLES, (u + 1) * SAMPLES)
    for (let y = 0; y < SAMPLES; y++) {
      const cosine = COSINES[u * SAMPLES + y] ?? 0
      for (let x = 0; x < SAMPLES; x++) row[x] = (row[x] ?? 0) + cosine * (samples[y * SAMPLES + x] ?? 0)
    }
  }
  const coefficients = new Float64Array(FREQUENCIES * FREQUENCIES)
  for (let u = 0; u < FREQUENCIES; u++)
    for (let v = 0; v < FREQUENCIES; v++) {
      let sum = 0
      for (let x = 0; x < SAMPLES; x++) sum += (half[u * SAMPLES + x] ?? 0) * (COSINES[v * SAMPLES + x] ?? 0)
      coefficients[u * FREQUENCIES + v] = sum
    }
  return coefficients
}

function transpose(coefficients: Float64Array): Float64Array {
  return coefficients.map((_, at) => coefficients[(at % FREQUENCIES) * FREQUENCIES + Math.floor(at / FREQUENCIES)] ?? 0)
}

function toBits(coefficients: Float64Array): Uint8Array {
  const median = coefficients.toSorted()[coefficients.length / 2 - 1] ?? 0
  const bytes = new Uint8Array(HASH_BYTES)
  for (const [i, value] of coefficients.entries())
    if (value > median) bytes[HASH_BYTES - 1 - (i >> 3)] = (bytes[HASH_BYTES - 1 - (i >> 3)] ?? 0) | (1 << (i & 7))
  return bytes
}
