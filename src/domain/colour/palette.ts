/** @file The few colours a picture is made of, with the share each takes: seeded k-means in OKLab over a colour histogram. */
import { formatHex } from 'culori'
import { nameColour } from './colour-names.ts'
import type { ColourWord } from './colour-words.ts'
import { toOklab } from './oklab.ts'

/** Long side in pixels the palette is taken at: shares do not change above it. */
export const PALETTE_MAX_SIDE = 200

export interface PaletteColour {
  readonly name: ColourWord
  readonly hex: string
  /** 0–1 of the picture */
  readonly share: number
}

const CLUSTERS = 6
const ROUNDS = 10
/** Bits kept per channel: at 5 a photo has some thousand different colours instead of 30,000 pixels, and k-means takes 2 ms instead of 34. */
const BITS = 5
/** Two centres nearer than this in OKLab look like one colour in a row of swatches. */
const SAME_COLOUR = 0.06
const MIN_SHARE = 0.015

interface Histogram {
  /** [n × 3] mean OKLab of each occupied cell */
  readonly points: Float32Array
  readonly weights: Float32Array
}

/** The same picture always gives the same palette. Largest share first. */
export function extractPalette(rgb: Uint8Array): PaletteColour[] {
  const histogram = countColours(rgb)
  const total = rgb.length / 3
  const clusters = mergeAlike(cluster(histogram))
  return clusters
    .filter(({ weight }) => weight / total >= MIN_SHARE)
    .sort((a, b) => b.weight - a.weight)
    .map(({ centre: [l, a, b], weight }) => {
      const hex = formatHex({ mode: 'oklab', l, a, b })
      return { name: nameColour(hex), hex, share: Math.round((weight / total) * 1000) / 1000 }
    })
}

function countColours(rgb: Uint8Array): Histogram {
  // red, green, blue and count of each cell
  const cells = new Uint32Array(4 << (3 * BITS))
  const shift = 8 - BITS
  for (let at = 0; at < rgb.length; at += 3) {
    const red = rgb[at] ?? 0
    const green = rgb[at + 1] ?? 0
    const blue = rgb[at + 2] ?? 0
    const cell = 4 * (((red >> shift) << (2 * BITS)) | ((green >> shift) << BITS) | (blue >> shift))
    cells[cell] = (cells[cell] ?? 0) + red
    cells[cell + 1] = (cells[cell + 1] ?? 0) + green
    cells[cell + 2] = (cells[cell + 2] ?? 0) + blue
    cells[cell + 3] = (cells[cell + 3] ?? 0) + 1
  }
  const means: number[] = []
  const weights: number[] = []
  for (let cell = 0; cell < cells.length; cell += 4) {
    const count = cells[cell + 3] ?? 0
    if (count === 0) continue
    for (let part = 0; part < 3; part++) means.push(Math.round((cells[cell + part] ?? 0) / count))
    weights.push(count)
  }
  return { points: toOklab(Uint8Array.from(means)), weights: Float32Array.from(weights) }
}

type Colour = readonly [number, number, number]
interface Cluster {
  readonly centre: Colour
  readonly weight: number
}

/** Centres and sums as [clusters × 3]; plain loops, for this runs over every colour ten times. */
function cluster({ points, weights }: Histogram): Cluster[] {
  let centres = chooseCentres(points, weights)
  let clusters: Cluster[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array((centres.length / 3) * 4)
    for (let index = 0; index < weights.length; index++) {
      const to = findNearest(centres, points, index) * 4
      const weight = weights[index] ?? 0
      for (let part = 0; part < 3; part++) sums[to + part] = (sums[to + part] ?? 0) + weight * (points[index * 3 + part] ?? 0)
      sums[to + 3] = (sums[to + 3] ?? 0) + weight
    }
    clusters = []
    for (let at = 0; at < sums.length; at += 4) {
      const weight = sums[at + 3] ?? 0
      if (weight > 0)
        clusters.push({ centre: [(sums[at] ?? 0) / weight, (sums[at + 1] ?? 0) / weight, (sums[at + 2] ?? 0) / weight], weight })
    }
    centres = Float64Array.from(clusters.flatMap(({ centre }) => centre))
  }
  return clusters
}

/** k-means++: the heaviest colour first, then each by chance weighed by its distance from those taken; the chance is seeded. */
function chooseCentres(points: Float32Array, weights: Float32Array): Float64Array {
  const random = makeRandom(20_240_601)
  const count = weights.length
  if (count === 0) return new Float64Array(0)
  const heaviest = weights.indexOf(weights.reduce((most, weight) => Math.max(most, weight), 0))
  const chosen = [heaviest]
  while (chosen.length < Math.min(CLUSTERS, count)) {
    const centres = Float64Array.from(chosen.flatMap((index) => [...points.subarray(index * 3, index * 3 + 3)]))
    const reach = Float64Array.from(
      weights,
      (weight, index) => weight * distanceTo(centres, findNearest(centres, points, index), points, index),
    )
    let left = random() * reach.reduce((sum, value) => sum + value, 0)
    if (left === 0) break
    let next = 0
    while (next < count - 1) {
      left -= reach[next] ?? 0
      if (left < 0) break
      next++
    }
    chosen.push(next)
  }
  return Float64Array.from(chosen.flatMap((index) => [...points.subarray(index * 3, index * 3 + 3)]))
}

function findNearest(centres: Float64Array, points: Float32Array, index: number): number {
  let nearest = 0
  let least = Number.POSITIVE_INFINITY
  for (let candidate = 0; candidate * 3 < centres.length; candidate++) {
    const distance = distanceTo(centres, candidate, points, index)
    if (distance < least) {
      least = distance
      nearest = candidate
    }
  }
  return nearest
}

/** squared */
function distanceTo(centres: Float64Array, centre: number, points: Float32Array, index: number): number {
  const l = (centres[centre * 3] ?? 0) - (points[index * 3] ?? 0)
  const a = (centres[centre * 3 + 1] ?? 0) - (points[index * 3 + 1] ?? 0)
  const b = (centres[centre * 3 + 2] ?? 0) - (points[index * 3 + 2] ?? 0)
  return l * l + a * a + b * b
}

const squaredDistance = (a: Colour, b: Colour): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2

function mergeAlike(clusters: readonly Cluster[]): Cluster[] {
  const merged: Cluster[] = []
  for (const { centre, weight } of clusters.toSorted((a, b) => b.weight - a.weight)) {
    const same = merged.findIndex((other) => squaredDistance(other.centre, centre) < SAME_COLOUR ** 2)
    const other = merged[same]
    if (!other) {
      merged.push({ centre, weight })
      continue
    }
    const sum = other.weight + weight
    const mix = (part: 0 | 1 | 2) => (other.centre[part] * other.weight + centre[part] * weight) / sum
    merged[same] = { centre: [mix(0), mix(1), mix(2)], weight: sum }
  }
  return merged
}

/** mulberry32 */
function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
