/**
 * @file Faces of many made-up people, spread as real ones: centres as real faces lie to each other, faces around them as several pictures
 * of one person do. Both are random mixtures of measured differences, so near-doubles and poor pictures are as frequent as their spread says.
 */
import { makeRandom } from './random.ts'

export interface RealFace {
  readonly vector: Float32Array
  /** who it is; null where nobody said */
  readonly person: string | null
}

export interface MadeFaces {
  readonly width: number
  /** [count × width] */
  readonly vectors: Float32Array
  /** by face, 0-based */
  readonly persons: Int32Array
}

/** Share of the spread within a person that is not along measured differences: 16 of them do not span what light and age do. */
const FREE_SHARE = 0.3
/** Some pictures are much poorer than others: the spread of one is multiplied by e^(this × normal). */
const PICTURE_SPREAD = 0.25
/** People are photographed unequally: the rank-r person has weight 1 / (r + offset)^exponent. */
const RANK = { offset: 5, exponent: 0.9 }

/** @param isUnit vectors of unit length */
export function makeFaces(real: readonly RealFace[], count: number, people: number, isUnit: boolean, seed = 7): MadeFaces {
  const random = makeRandom(seed)
  const width = real[0]?.vector.length ?? 0
  const known = Map.groupBy(
    real.filter(({ person }) => person !== null),
    ({ person }) => person,
  )
  const mean = average(real.map(({ vector }) => vector))
  const centres = real.map(({ vector }) => subtract(vector, mean))
  const within = [...known.values()].flatMap((faces) => {
    const own = average(faces.map(({ vector }) => vector))
    // the mean of n faces lies nearer to each than the person does
    const correction = Math.sqrt(faces.length / Math.max(1, faces.length - 1))
    return faces.length < 2 ? [] : faces.map(({ vector }) => subtract(vector, own).map((value) => value * correction))
  })
  const spread = Math.sqrt(within.reduce((sum, vector) => sum + square(vector), 0) / within.length)
  const persons = Int32Array.from({ length: people }, (_, rank) => rank)
  const weights = Float64Array.from(persons, (rank) => 1 / (rank + RANK.offset) ** RANK.exponent)
  for (let rank = 1; rank < people; rank++) weights[rank]! += weights[rank - 1]!
  const mixed = Array.from({ length: people }, () => mix(centres, random))
  // two faces lie as far from each other as measured: the spread within people is part of that, and not of the way between centres
  const between = Math.sqrt(Math.max(0, medianSquare(centres, random) - 2 * spread ** 2))
  const nearness = between / Math.sqrt(medianSquare(mixed, random))
  const made = mixed.map((vector) =>
    add(
      mean,
      vector.map((value) => value * nearness),
    ),
  )
  const vectors = new Float32Array(count * width)
  const owners = new Int32Array(count)
  for (let face = 0; face < count; face++) {
    const at = random() * weights[people - 1]!
    let low = 0
    let high = people - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (weights[middle]! < at) low = middle + 1
      else high = middle
    }
    owners[face] = low
    const poor = Math.exp(random.normal() * PICTURE_SPREAD)
    const along = mix(within, random)
    const centre = made[low]!
    let length = 0
    for (let i = 0; i < width; i++) {
      const free = (random.normal() * spread) / Math.sqrt(width)
      const value = centre[i]! + poor * (along[i]! * Math.sqrt(1 - FREE_SHARE) + free * Math.sqrt(FREE_SHARE))
      vectors[face * width + i] = value
      length += value * value
    }
    if (isUnit) for (let i = 0; i < width; i++) vectors[face * width + i]! /= Math.sqrt(length)
  }
  return { width, vectors, persons: owners }
}

/** A random mixture with the covariance of the vectors. */
function mix(vectors: readonly Float32Array[], random: ReturnType<typeof makeRandom>): Float32Array {
  const out = new Float32Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) {
    const weight = random.normal() / Math.sqrt(vectors.length)
    for (let i = 0; i < out.length; i++) out[i]! += weight * vector[i]!
  }
  return out
}

function medianSquare(vectors: readonly Float32Array[], random: ReturnType<typeof makeRandom>): number {
  const found = Float64Array.from({ length: 5000 }, () => square(subtract(random.pick(vectors), random.pick(vectors)))).filter(
    (value) => value > 0,
  )
  return found.sort()[found.length >> 1] ?? 1
}

function average(vectors: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(vectors[0]?.length ?? 0)
  for (const vector of vectors) for (let i = 0; i < out.length; i++) out[i]! += vector[i]! / vectors.length
  return out
}

const subtract = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value - b[i]!)
const add = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value + b[i]!)
const square = (a: Float32Array): number => a.reduce((sum, value) => sum + value * value, 0)
