/**
 * @file Whether one picture is a part cut out of another: laid over the other at every size and place that the two shapes allow, and
 * compared there, first without and then by its detail. Pure; about a millisecond a pair.
 */
import { toLuma } from '../colour/luma.ts'

export const OUTLINE_SIDE = 32

export interface Outline {
  /** [32 × 32] brightness of the picture squashed to a square, 0–255 */
  readonly luma: Uint8Array
  /** width by height of the picture itself */
  readonly aspect: number
}

/** In fractions of the whole. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * What a part is held to, by `npm run eval -- duplicates`: of 5,417 pairs of different pictures that are near in `look`, none passed both
 * that the hashes did not pass already; of 124 crops by 10 and 20 %, all did. Brightness alone lets 42 pass, detail alone 4.
 */
const LIKENESS = 0.9
const DETAIL = 0.8

/** A part has at least so much of the width and of the height: less is another picture to a person. */
const LEAST = 0.6
/** … and at most so much of one of them: what is nearly all of it is told by its hash. */
const MOST = 0.97
/** The rough search: on pictures of this side, at these steps, by so many points along each side. */
const ROUGH = { side: 16, points: 8, place: 1 / 16, size: 0.05, likeness: 0.75, best: 2 } as const
/** The close one, about the best places of the rough one. */
const CLOSE = { side: OUTLINE_SIDE, points: 16, steps: [1 / 32, 1 / 64], likeness: 0.85, turned: 0.7 } as const
/** The last one, about the best place of the close one. */
const FINE = { side: OUTLINE_SIDE, points: 28, steps: [1 / 64, 1 / 128] } as const
/** Degrees the whole is turned by where it is close already: a horizon that was set right, a print that lay askew on the glass. */
const TURNS = [0, 1, -1, 2, -2, 3, -3] as const
/** Pixels around a pixel whose mean is taken away: what is left is detail, without light and shadow. */
const AROUND = 3

/** @param rgb [side × side × 3], side a multiple of 32 */
export const drawOutline = (rgb: Uint8Array, side: number): Uint8Array =>
  Uint8Array.from(shrink(toLuma(rgb), side, OUTLINE_SIDE), Math.round)

/** @returns where `part` lies in `whole`, which may have to be turned a little about its middle for it; null where it is no part of it */
export function findPart(whole: Outline, part: Outline): Place | null {
  const tall = whole.aspect / part.aspect
  const [all, own] = [Float32Array.from(whole.luma), Float32Array.from(part.luma)]
  const places = findRough(all, own, tall)
  if (places.length === 0) return null
  const points = { close: takePoints(own, CLOSE.side, CLOSE.points), fine: takePoints(own, FINE.side, FINE.points) }
  const detail = normalise(takeDetail(sample(own, FINE.side, FINE.points, WHOLE), FINE.points))
  for (const degrees of TURNS) {
    const seen = degrees === 0 ? all : turn(all, whole.aspect, degrees)
    const [close] = places.map((place) => climb(seen, points.close, place, tall, CLOSE)).sort((a, b) => b.likeness - a.likeness)
    if (!close || close.likeness < CLOSE.turned) return null
    if (close.likeness < CLOSE.likeness) continue
    const best = climb(seen, points.fine, close, tall, FINE)
    if (best.likeness < LIKENESS || (best.width > MOST && best.height > MOST)) continue
    // within the place alone: what lies beside it, a frame for one, is no detail of the part
    if (correlate(detail, takeDetail(sample(seen, FINE.side, FINE.points, best), FINE.points)) >= DETAIL) return best
  }
  return null
}

interface Judged extends Place {
  /** correlation, −1…1 */
  readonly likeness: number
}

/** The best places, those that are worth a closer look. */
function findRough(whole: Float32Array, part: Float32Array, tall: number): Judged[] {
  const { side, points: count } = ROUGH
  const small = shrink(whole, OUTLINE_SIDE, side)
  const points = takePoints(shrink(part, OUTLINE_SIDE, side), side, count)
  const places: Judged[] = []
  for (let width = 1; width > LEAST - 1e-6; width -= ROUGH.size) {
    const height = width * tall
    if (height < LEAST || height > 1.001 || (width > MOST && height > MOST)) continue
    for (let x = 0; x < 1 - width + ROUGH.place; x += ROUGH.place)
      for (let y = 0; y < 1 - height + ROUGH.place; y += ROUGH.place) {
        const place = { x: Math.min(x, 1 - width), y: Math.min(y, 1 - height), width, height }
        const likeness = compareAt(points, small, side, count, place)
        if (likeness >= ROUGH.likeness) places.push({ ...place, likeness })
      }
  }
  return places.sort((a, b) => b.likeness - a.likeness).slice(0, ROUGH.best)
}

/** Moves and resizes the place as long as that makes the two more alike, in smaller and smaller steps. */
function climb(whole: Float32Array, points: Float32Array, from: Place, tall: number, by: typeof CLOSE | typeof FINE): Judged {
  const judge = (place: Place) => ({ ...place, likeness: compareAt(points, whole, by.side, by.points, place) })
  let best = judge(from)
  for (const step of by.steps)
    for (let isBetter = true; isBetter; ) {
      isBetter = false
      for (const [right, down, wider] of MOVES) {
        const width = best.width + wider * step
        const height = width * tall
        // grows and shrinks about its middle
        const x = best.x + (right - wider / 2) * step
        const y = best.y + (down - (wider * tall) / 2) * step
        if (Math.min(x, y, 1 - x - width, 1 - y - height) < -0.01 || Math.min(width, height) < LEAST) continue
        const moved = judge({ x, y, width, height })
        if (moved.likeness < best.likeness + 1e-4) continue
        best = moved
        isBetter = true
      }
    }
  return best
}

const MOVES = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [0.5, 0.5, 1],
  [-0.5, 0.5, 1],
  [0.5, -0.5, 1],
  [-0.5, -0.5, 1],
] as const

const WHOLE: Place = { x: 0, y: 0, width: 1, height: 1 }

/** [count × count] points of a whole square picture, as `correlate` wants them. */
const takePoints = (picture: Float32Array, side: number, count: number): Float32Array => normalise(sample(picture, side, count, WHOLE))

/** With mean 0 and length 1; all 0 where they are flat. */
function normalise(points: Float32Array): Float32Array {
  const mean = points.reduce((sum, value) => sum + value, 0) / points.length
  const length = Math.sqrt(points.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return points.map((value) => (length < 1e-3 ? 0 : (value - mean) / length))
}

/** Correlation of points (`takePoints`) with those of another picture at a place. */
const compareAt = (points: Float32Array, picture: Float32Array, side: number, count: number, place: Place): number =>
  correlate(points, sample(picture, side, count, place))

/** @param points as `normalise` leaves them */
function correlate(points: Float32Array, others: Float32Array): number {
  let [sum, squares, products] = [0, 0, 0]
  for (let at = 0; at < points.length; at++) {
    const value = others[at] ?? 0
    sum += value
    squares += value * value
    products += value * (points[at] ?? 0)
  }
  const length = Math.sqrt(Math.max(0, squares - (sum * sum) / points.length))
  return length < 1e-3 ? 0 : products / length
}

/** What `sample` writes into, by the points along a side, and where its columns lie: it runs a thousand times for a pair. */
const TAKEN = new Map([ROUGH, CLOSE, FINE].map(({ points }) => [points as number, new Float32Array(points * points)]))
const COLUMNS = new Int32Array(FINE.points)
const SHARES = new Float32Array(FINE.points)

/** [count × count] values between the pixels, by both axes; good until the next call. */
function sample(picture: Float32Array, side: number, count: number, { x, y, width, height }: Place): Float32Array {
  const taken = TAKEN.get(count) ?? new Float32Array(count * count)
  const last = side - 1
  for (let column = 0; column < count; column++) {
    const u = Math.min(last, Math.max(0, (x + ((column + 0.5) / count) * width) * side - 0.5))
    const left = Math.min(last - 1, Math.floor(u))
    COLUMNS[column] = left
    SHARES[column] = u - left
  }
  for (let row = 0, to = 0; row < count; row++) {
    const v = Math.min(last, Math.max(0, (y + ((row + 0.5) / count) * height) * side - 0.5))
    const top = Math.min(last - 1, Math.floor(v))
    const down = v - top
    for (let column = 0; column < count; column++, to++) {
      const at = top * side + (COLUMNS[column] ?? 0)
      const right = SHARES[column] ?? 0
      const upper = (picture[at] ?? 0) * (1 - right) + (picture[at + 1] ?? 0) * right
      const lower = (picture[at + side] ?? 0) * (1 - right) + (picture[at + side + 1] ?? 0) * right
      taken[to] = upper + (lower - upper) * down
    }
  }
  return taken
}

/** The picture turned about its middle; what was not in it goes on as its edge. */
function turn(picture: Float32Array, aspect: number, degrees: number): Float32Array {
  const [side, last] = [OUTLINE_SIDE, OUTLINE_SIDE - 1]
  const [right, down] = [Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)]
  return picture.map((_, at) => {
    // the square stands for a picture of another shape
    const [x, y] = [((at % side) - last / 2) * aspect, Math.floor(at / side) - last / 2]
    const u = Math.min(last, Math.max(0, (x * right - y * down) / aspect + last / 2))
    const v = Math.min(last, Math.max(0, x * down + y * right + last / 2))
    const [left, top] = [Math.min(last - 1, Math.floor(u)), Math.min(last - 1, Math.floor(v))]
    const upper = mix(picture[top * side + left] ?? 0, picture[top * side + left + 1] ?? 0, u - left)
    const lower = mix(picture[(top + 1) * side + left] ?? 0, picture[(top + 1) * side + left + 1] ?? 0, u - left)
    return mix(upper, lower, v - top)
  })
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share

function takeDetail(picture: Float32Array, side: number): Float32Array {
  return picture.map((value, at) => {
    const [row, column] = [Math.floor(at / side), at % side]
    let [sum, count] = [0, 0]
    for (let y = Math.max(0, row - AROUND); y <= Math.min(side - 1, row + AROUND); y++)
      for (let x = Math.max(0, column - AROUND); x <= Math.min(side - 1, column + AROUND); x++) {
        sum += picture[y * side + x] ?? 0
        count++
      }
    return value - sum / count
  })
}

/** Means of squares of pixels. */
function shrink(picture: Float32Array, side: number, to: number): Float32Array {
  const size = side / to
  const small = new Float32Array(to * to)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const at = Math.floor(y / size) * to + Math.floor(x / size)
      small[at] = (small[at] ?? 0) + (picture[y * side + x] ?? 0) / (size * size)
    }
  return small
}
