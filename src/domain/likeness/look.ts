/**
 * @file The built-in visual embedding: what a picture looks like, without any model. A unit vector of 369 numbers whose
 * inner product says how alike two pictures look: where which colours lie, which way edges run, how fine the texture is.
 */
import { toOklab } from '../colour/oklab.ts'

export const LOOK_WIDTH = 369
export const LOOK_MODEL = 'builtin/look@1'
export const LOOK_SPACE = `${LOOK_MODEL}/${LOOK_WIDTH}`
/** The picture is squashed to this square first. */
export const LOOK_SIDE = 128

/**
 * Share of each part in the inner product, and the power that keeps its largest values from ruling. Found by search on 630
 * pictures of ../shared/data (photos and products) and 1,800 edited copies: as a single part edges reach .97 (copy found
 * first of 630) and .72 (same kind of product among the first ten), all together .993 and .79.
 */
const PARTS = {
  layoutLight: { weight: 0.83, power: 1, isCentred: false },
  layoutColour: { weight: 0.47, power: 0.5, isCentred: false },
  colours: { weight: 2.2, power: 0.5, isCentred: true },
  edges: { weight: 3, power: 0.7, isCentred: true },
  fineEdges: { weight: 0.62, power: 0.5, isCentred: true },
  directions: { weight: 0.5, power: 0.5, isCentred: true },
  texture: { weight: 2, power: 0.5, isCentred: true },
} as const

/** @param rgb [128 × 128 × 3] */
export function describeLook(rgb: Uint8Array): Float32Array {
  const lab = toOklab(rgb)
  const fine = takeLight(lab)
  const half = shrink(fine, LOOK_SIDE)
  const layout = measureLayout(lab)
  const parts = {
    layoutLight: Float32Array.from(transformLayout(layout.light, 7)),
    layoutColour: Float32Array.from([...transformLayout(layout.a, 4), ...transformLayout(layout.b, 4)]),
    colours: countColours(lab),
    edges: collectEdges(half, LOOK_SIDE / 2, 4, 8),
    fineEdges: collectEdges(fine, LOOK_SIDE, 2, 8),
    directions: collectEdges(half, LOOK_SIDE / 2, 1, 16),
    texture: Float32Array.from([...countTexture(half, LOOK_SIDE / 2), ...countTexture(fine, LOOK_SIDE)]),
  }
  const vector = new Float32Array(LOOK_WIDTH)
  let at = 0
  for (const [name, { weight, power, isCentred }] of Object.entries(PARTS)) {
    const part = normalise(parts[name as keyof typeof PARTS], power, isCentred)
    for (const value of part) vector[at++] = value * Math.sqrt(weight)
  }
  const length = Math.hypot(...vector)
  // a picture of one flat colour may have nothing in any part: it gets a direction of its own
  if (length === 0) vector[0] = 1
  return length === 0 ? vector : vector.map((value) => value / length)
}

/** Power, then (for counts, which are never negative) the even spread taken away, then unit length. */
function normalise(part: Float32Array, power: number, isCentred: boolean): Float32Array {
  const raised = part.map((value) => Math.sign(value) * Math.abs(value) ** power)
  const mean = isCentred ? raised.reduce((sum, value) => sum + value, 0) / raised.length : 0
  const centred = raised.map((value) => value - mean)
  const length = Math.hypot(...centred)
  return length < 1e-9 ? centred.fill(0) : centred.map((value) => value / length)
}

/** [128 × 128] lightness 0–1 */
function takeLight(lab: Float32Array): Float32Array {
  return Float32Array.from({ length: lab.length / 3 }, (_, index) => lab[index * 3] ?? 0)
}

function shrink(light: Float32Array, side: number): Float32Array {
  const half = side / 2
  const small = new Float32Array(half * half)
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++) {
      const at = y * 2 * side + x * 2
      small[y * half + x] = ((light[at] ?? 0) + (light[at + 1] ?? 0) + (light[at + side] ?? 0) + (light[at + side + 1] ?? 0)) / 4
    }
  return small
}

const GRID = 8

/** [8 × 8] means of lightness and of the two colour axes */
function measureLayout(lab: Float32Array): { light: Float32Array; a: Float32Array; b: Float32Array } {
  const [light, a, b] = [new Float32Array(GRID * GRID), new Float32Array(GRID * GRID), new Float32Array(GRID * GRID)]
  const cell = LOOK_SIDE / GRID
  const share = 1 / (cell * cell)
  for (let y = 0; y < LOOK_SIDE; y++)
    for (let x = 0; x < LOOK_SIDE; x++) {
      const to = Math.floor(y / cell) * GRID + Math.floor(x / cell)
      const at = (y * LOOK_SIDE + x) * 3
      light[to] = (light[to] ?? 0) + (lab[at] ?? 0) * share
      a[to] = (a[to] ?? 0) + (lab[at + 1] ?? 0) * share
      b[to] = (b[to] ?? 0) + (lab[at + 2] ?? 0) * share
    }
  return { light, a, b }
}

/** The low frequencies (u + v < limit) of a layout, without the mean: brightening a picture changes nothing. */
function transformLayout(layout: Float32Array, limit: number): number[] {
  const coefficients: number[] = []
  for (let u = 0; u < limit; u++)
    for (let v = 0; u + v < limit; v++) {
      if (u + v === 0) continue
      let sum = 0
      for (let y = 0; y < GRID; y++)
        for (let x = 0; x < GRID; x++)
          sum += (layout[y * GRID + x] ?? 0) * Math.cos((Math.PI * u * (y + 0.5)) / GRID) * Math.cos((Math.PI * v * (x + 0.5)) / GRID)
      coefficients.push(sum)
    }
  return coefficients
}

const LIGHTS = 4
const HUES = 8
/** Chroma at which a colour counts as grey, as pale, as vivid; between them it counts to both sides. */
const GREY_CHROMA = 0.02
const PALE_CHROMA = 0.07
const VIVID_CHROMA = 0.17
const CELLS = 1 + 2 * HUES

/** [4 × 17] soft counts: four lights by grey, eight pale and eight vivid hues */
function countColours(lab: Float32Array): Float32Array {
  const counts = new Float32Array(LIGHTS * CELLS)
  for (let at = 0; at < lab.length; at += 3) {
    const a = lab[at + 1] ?? 0
    const b = lab[at + 2] ?? 0
    const chroma = Math.sqrt(a * a + b * b)
    const turn = (Math.atan2(b, a) / (2 * Math.PI) + 1) * HUES
    const hue = Math.floor(turn) % HUES
    const nextHue = (hue + 1) % HUES
    const hueShare = turn - Math.floor(turn)
    const toPale = Math.min(1, Math.max(0, (chroma - GREY_CHROMA) / (PALE_CHROMA - GREY_CHROMA)))
    const toVivid = Math.min(1, Math.max(0, (chroma - PALE_CHROMA) / (VIVID_CHROMA - PALE_CHROMA)))
    const pale = toPale * (1 - toVivid)
    const level = Math.max(0, Math.min(LIGHTS - 1, (lab[at] ?? 0) * LIGHTS - 0.5))
    const lower = Math.floor(level)
    for (let step = 0; step < 2; step++) {
      const share = step === 0 ? 1 - (level - lower) : level - lower
      if (share === 0) continue
      const row = Math.min(LIGHTS - 1, lower + step) * CELLS
      counts[row] = (counts[row] ?? 0) + share * (1 - toPale)
      counts[row + 1 + hue] = (counts[row + 1 + hue] ?? 0) + share * pale * (1 - hueShare)
      counts[row + 1 + nextHue] = (counts[row + 1 + nextHue] ?? 0) + share * pale * hueShare
      counts[row + 1 + HUES + hue] = (counts[row + 1 + HUES + hue] ?? 0) + share * toVivid * (1 - hueShare)
      counts[row + 1 + HUES + nextHue] = (counts[row + 1 + HUES + nextHue] ?? 0) + share * toVivid * hueShare
    }
  }
  return counts
}

/** Lightness steps weaker than this are noise of the sensor or the encoder. */
const WEAKEST_EDGE = 0.01

/** [cells × cells × directions] strength of edges, each spread over the nearest cells and directions (signed: dark to light) */
function collectEdges(light: Float32Array, side: number, cells: number, directions: number): Float32Array {
  const strengths = new Float32Array(cells * cells * directions)
  const size = side / cells
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x
      const gx = (light[at + 1] ?? 0) - (light[at - 1] ?? 0)
      const gy = (light[at + side] ?? 0) - (light[at - side] ?? 0)
      const strength = Math.sqrt(gx * gx + gy * gy)
      if (strength < WEAKEST_EDGE) continue
      const turn = (Math.atan2(gy, gx) / Math.PI + 1) * directions
      const direction = Math.floor(turn) % directions
      const next = (direction + 1) % directions
      const share = turn - Math.floor(turn)
      const cellX = (x + 0.5) / size - 0.5
      const cellY = (y + 0.5) / size - 0.5
      const left = Math.floor(cellX)
      const top = Math.floor(cellY)
      for (let row = top; row <= top + 1; row++) {
        if (row < 0 || row >= cells) continue
        const rowShare = 1 - Math.abs(cellY - row)
        for (let column = left; column <= left + 1; column++) {
          if (column < 0 || column >= cells) continue
          const part = strength * rowShare * (1 - Math.abs(cellX - column))
          const to = (row * cells + column) * directions
          strengths[to + direction] = (strengths[to + direction] ?? 0) + part * (1 - share)
          strengths[to + next] = (strengths[to + next] ?? 0) + part * share
        }
      }
    }
  return strengths
}

/** A neighbour must be this much lighter to count: below lies noise. */
const LIGHTER_BY = 0.008

/** [4 quarters × 10] uniform local binary patterns: how many of eight neighbours are lighter, or that they come in more than one run */
function countTexture(light: Float32Array, side: number): Float32Array {
  const counts = new Float32Array(4 * 10)
  const around = [-side - 1, -side, -side + 1, 1, side + 1, side, side - 1, -1]
  for (let y = 1; y < side - 1; y++)
    for (let x = 1; x < side - 1; x++) {
      const at = y * side + x
      const threshold = (light[at] ?? 0) + LIGHTER_BY
      let lighter = 0
      let changes = 0
      let before = (light[at - 1] ?? 0) > threshold
      for (let index = 0; index < 8; index++) {
        const now = (light[at + (around[index] ?? 0)] ?? 0) > threshold
        if (now) lighter++
        if (now !== before) changes++
        before = now
      }
      const quarter = (y < side / 2 ? 0 : 2) + (x < side / 2 ? 0 : 1)
      const to = quarter * 10 + (changes <= 2 ? lighter : 9)
      counts[to] = (counts[to] ?? 0) + 1
    }
  return counts
}
