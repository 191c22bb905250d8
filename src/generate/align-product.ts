/**
 * @file How a model drew a product again: where it stands now, how large, how turned, in which light, and what differs after all that.
 *
 * Where it stands is searched for coarsely by zero-mean normalised correlation over a small pyramid, then refined by Gauss–Newton on
 * the four parameters of a similarity (Lucas and Kanade 1981; Baker and Matthews, “Lucas-Kanade 20 Years On”, IJCV 2004) with gain and
 * offset of each channel fitted beside it (Bartoli, “Groupwise Geometric and Photometric Direct Image Registration”, PAMI 2008) and
 * Huber weights, so that a stone that is missing pulls neither. Only pixels inside the product's outline count: the scene around is new.
 * Pure.
 */
import { boxMean } from '../domain/product/cut-out/planes.ts'
import type { Canvas, Rgba } from '../media/canvas.ts'

/** About the middle of the product's box: turned, scaled, then moved. */
export interface Similarity {
  readonly scale: number
  /** radians, clockwise on the screen */
  readonly angle: number
  /** pixels of the pictures that were compared */
  readonly dx: number
  readonly dy: number
}

export interface Redrawn {
  readonly similarity: Similarity
  /** of each channel: drawn ≈ gain × photo + offset */
  readonly light: readonly { readonly gain: number; readonly offset: number }[]
  /** share of the product that cannot be compared: it is all edges */
  readonly thin: number
  /** mean difference inside the outline once place and light are taken out, 0–255 */
  readonly mean: number
  /** the same in the worst place: a square of `SPOT` of the product's longer side */
  readonly worst: number
}

/** Half the side of the square in which a difference must show, in shares of the product's longer side: half a small stone. */
const SPOT = 0.025
/** Differences finer than this (pixels) are grain of the drawing. */
const GRAIN = 2
/** How far from where it was put the product is looked for. */
const MAX_SHIFT = 0.12
const SCALES = [0.84, 0.88, 0.92, 0.96, 1, 1.04, 1.08, 1.12, 1.16]
const ANGLES = [-12, -8, -4, 0, 4, 8, 12].map((degrees) => (degrees * Math.PI) / 180)
/** Longer side of the product in the coarse search. */
const COARSE = 48
const SAMPLES = 250
/** Pixels between the places that are tried there. */
const STEP = 2
/** Places of the coarse search that are looked at more closely, beside the one where it was put. */
const GUESSES = 10
/** Pixels that no light can be read from. */
const DARKEST = 4
const LIGHTEST = 251
/** More than this is not light. */
const MAX_GAIN = 1.6
/** Huber's bound, of 255. */
const HUBER = 10

interface Point {
  readonly x: number
  readonly y: number
}
interface Plane {
  readonly width: number
  readonly height: number
  readonly channels: readonly [Float32Array, Float32Array, Float32Array]
}
interface Template extends Plane {
  /** 1: all product; eroded, so that no pixel of it holds background */
  readonly inside: Uint8Array
}

/**
 * @param layer the product as it was put before the model, at the size of the canvas
 * @param canvas what the model drew
 * @param at where the middle of the layer was put
 * @returns null where nothing of the product can be compared
 */
export function alignProduct(layer: Rgba, canvas: Canvas, at: Point): Redrawn | null {
  const template = readTemplate(layer)
  const image = readPlane(canvas)
  const longest = Math.max(layer.width, layer.height)
  const pyramid = [{ template, image }]
  for (let side = longest / 2; side >= COARSE; side /= 2) {
    const last = pyramid.at(-1) as { template: Template; image: Plane }
    pyramid.push({ template: halveTemplate(last.template), image: halvePlane(last.image) })
  }
  const usable = pyramid.filter((level) => level.template.inside.some((value) => value === 1))
  if (usable.length === 0) return null
  let guesses: Warp[] = []
  for (let level = usable.length - 1; level >= 0; level--) {
    const { template: t, image: i } = usable[level] as { template: Template; image: Plane }
    const f = 2 ** level
    const centre = { x: at.x / f, y: at.y / f }
    guesses =
      level === usable.length - 1 ? searchCoarsely(t, i, centre) : guesses.map((one) => ({ ...one, tx: one.tx * 2, ty: one.ty * 2 }))
    const points = choosePoints(t, MAX_POINTS)
    guesses = guesses
      .map((one) => refine(t, i, centre, one, points))
      .toSorted((one, other) => one.cost - other.cost)
      .slice(0, level > 1 ? 3 : 1)
  }
  const [warp] = guesses
  if (!warp) return null
  const { a, b, tx, ty } = warp
  const similarity = { scale: Math.hypot(a, b), angle: Math.atan2(b, a), dx: tx, dy: ty }
  return { similarity, thin: measureThin(layer, template), ...compare(template, image, at, warp, longest) }
}

/** Share of the product that lies beyond every pixel that is compared: chains as thin as their own edges. */
function measureThin({ width, height, data }: Rgba, { inside }: Template): number {
  const near = boxMean(Float32Array.from(inside), width, height, 3)
  let [all, thin] = [0, 0]
  for (let i = 0; i < inside.length; i++) {
    if ((data[i * 4 + 3] as number) < 128) continue
    all++
    if ((near[i] as number) < 1e-6) thin++
  }
  return thin / Math.max(1, all)
}

interface Warp {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

/** Of the product, evenly. */
function choosePoints({ inside }: Template, most: number): number[] {
  const all = [...inside.keys()].filter((i) => inside[i] === 1)
  const step = Math.max(1, all.length / most)
  return Array.from({ length: Math.floor(all.length / step) }, (_, n) => all[Math.floor(n * step)] as number)
}

function readPlane({ width, height, data }: Canvas): Plane {
  const size = width * height
  const channels = [new Float32Array(size), new Float32Array(size), new Float32Array(size)] as const
  for (let i = 0; i < size; i++) for (const c of [0, 1, 2] as const) channels[c][i] = data[i * 3 + c] as number
  return { width, height, channels: [...channels] }
}

function readTemplate({ width, height, data }: Rgba): Template {
  const size = width * height
  const channels = [new Float32Array(size), new Float32Array(size), new Float32Array(size)] as const
  const full = new Uint8Array(size)
  for (let i = 0; i < size; i++) {
    for (const c of [0, 1, 2] as const) channels[c][i] = data[i * 4 + c] as number
    full[i] = data[i * 4 + 3] === 255 ? 1 : 0
  }
  const inside = erode(full, width, height)
  return { width, height, channels: [...channels], inside }
}

/** Pixels all of whose neighbours are inside too. */
function erode(plane: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(plane.length)
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x
      out[i] =
        plane[i] &&
        plane[i - 1] &&
        plane[i + 1] &&
        plane[i - width] &&
        plane[i + width] &&
        plane[i - width - 1] &&
        plane[i - width + 1] &&
        plane[i + width - 1] &&
        plane[i + width + 1]
          ? 1
          : 0
    }
  return out
}

function halvePlane({ width, height, channels }: Plane): Plane {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)]
  const half = channels.map((from) => {
    const out = new Float32Array(w * h)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const i = 2 * y * width + 2 * x
        out[y * w + x] = ((from[i] as number) + (from[i + 1] as number) + (from[i + width] as number) + (from[i + width + 1] as number)) / 4
      }
    return out
  })
  return { width: w, height: h, channels: half as unknown as Plane['channels'] }
}

/** The product's box has its middle in the middle at every size: an odd row or column is dropped on both sides together. */
function halveTemplate(template: Template): Template {
  const { width } = template
  const plane = halvePlane(template)
  const inside = new Uint8Array(plane.width * plane.height)
  for (let y = 0; y < plane.height; y++)
    for (let x = 0; x < plane.width; x++) {
      const i = 2 * y * width + 2 * x
      inside[y * plane.width + x] =
        template.inside[i] && template.inside[i + 1] && template.inside[i + width] && template.inside[i + width + 1] ? 1 : 0
    }
  return { ...plane, inside }
}

const luma = (plane: Plane, i: number): number =>
  0.299 * (plane.channels[0][i] as number) + 0.587 * (plane.channels[1][i] as number) + 0.114 * (plane.channels[2][i] as number)

/** Bilinear; NaN outside. */
function sample(values: Float32Array, width: number, height: number, x: number, y: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)]
  if (x0 < 0 || y0 < 0 || x0 >= width - 1 || y0 >= height - 1) return Number.NaN
  const [fx, fy] = [x - x0, y - y0]
  const i = y0 * width + x0
  return (
    ((values[i] as number) * (1 - fx) + (values[i + 1] as number) * fx) * (1 - fy) +
    ((values[i + width] as number) * (1 - fx) + (values[i + width + 1] as number) * fx) * fy
  )
}

/** Every place, size and turn of a grid by normalised correlation: light does not matter to it. */
function searchCoarsely(template: Template, image: Plane, at: Point): Warp[] {
  const { width, height } = template
  const [cx, cy] = [width / 2, height / 2]
  const points = choosePoints(template, SAMPLES)
  const values = Float64Array.from(points, (i) => luma(template, i))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = values.map((value) => value - mean)
  const norm = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0))
  const grey = Float32Array.from({ length: image.width * image.height }, (_, i) => luma(image, i))
  const most = Math.ceil(MAX_SHIFT * Math.max(width, height))
  const found: { score: number; warp: Warp }[] = []
  for (const scale of SCALES)
    for (const angle of ANGLES) {
      const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)]
      const [xs, ys] = [new Float64Array(points.length), new Float64Array(points.length)]
      points.forEach((i, n) => {
        const [px, py] = [(i % width) + 0.5 - cx, Math.floor(i / width) + 0.5 - cy]
        xs[n] = a * px - b * py + at.x
        ys[n] = b * px + a * py + at.y
      })
      let best = { score: Number.NEGATIVE_INFINITY, warp: { a, b, tx: 0, ty: 0 } }
      for (let ty = -most; ty <= most; ty += STEP)
        for (let tx = -most; tx <= most; tx += STEP) {
          let [sum, squares, cross, count] = [0, 0, 0, 0]
          for (let n = 0; n < xs.length; n++) {
            const [ix, iy] = [Math.floor((xs[n] as number) + tx), Math.floor((ys[n] as number) + ty)]
            if (ix < 0 || iy < 0 || ix >= image.width || iy >= image.height) continue
            const value = grey[iy * image.width + ix] as number
            sum += value
            squares += value * value
            cross += value * (centred[n] as number)
            count++
          }
          if (count < 0.9 * xs.length) continue
          const spread = Math.sqrt(Math.max(1e-6, squares - (sum * sum) / count))
          const score = cross / (spread * Math.max(1e-6, norm))
          if (score > best.score) best = { score, warp: { a, b, tx, ty } }
        }
      found.push(best)
    }
  const best = found.toSorted((one, other) => other.score - one.score).slice(0, GUESSES)
  return [...best.map(({ warp }) => warp), { a: 1, b: 0, tx: 0, ty: 0 }]
}

/** Of the product's longer side, and of its size: no farther off it is looked for. */
const FARTHEST = 0.25
const ITERATIONS = 20
const MAX_POINTS = 4000

interface Refined extends Warp {
  /** mean Huber loss; what left the picture counts as wholly wrong */
  readonly cost: number
}

function refine(template: Template, image: Plane, at: Point, from: Warp, points: readonly number[]): Refined {
  const { width, height } = template
  const [cx, cy] = [width / 2, height / 2]
  let warp = from
  let cost = Number.POSITIVE_INFINITY
  let best: Refined = { ...from, cost }
  for (let round = 0; round < ITERATIONS; round++) {
    const light = fitLight(template, image, at, warp, points)
    const normal = new Float64Array(16)
    const right = new Float64Array(4)
    let loss = 0
    for (const i of points) {
      const [px, py] = [(i % width) + 0.5 - cx, Math.floor(i / width) + 0.5 - cy]
      const x = warp.a * px - warp.b * py + warp.tx + at.x - 0.5
      const y = warp.b * px + warp.a * py + warp.ty + at.y - 0.5
      for (const c of [0, 1, 2] as const) {
        const values = image.channels[c]
        const value = sample(values, image.width, image.height, x, y)
        const gx = (sample(values, image.width, image.height, x + 1, y) - sample(values, image.width, image.height, x - 1, y)) / 2
        const gy = (sample(values, image.width, image.height, x, y + 1) - sample(values, image.width, image.height, x, y - 1)) / 2
        if (Number.isNaN(value + gx + gy)) {
          loss += 255
          continue
        }
        const error = predict(light[c] as Light, template.channels[c][i] as number) - value
        // measured in the photo's own contrast, so that a dull patch of the scene is no better
        const own = Math.abs(error) / (light[c] as Light).gain
        loss += Math.min(own, own ** 2 / HUBER)
        const weight = Math.abs(error) <= HUBER ? 1 : HUBER / Math.abs(error)
        const row = [gx * px + gy * py, gy * px - gx * py, gx, gy]
        for (let r = 0; r < 4; r++) {
          right[r] = (right[r] as number) + weight * (row[r] as number) * error
          for (let q = 0; q < 4; q++) normal[r * 4 + q] = (normal[r * 4 + q] as number) + weight * (row[r] as number) * (row[q] as number)
        }
      }
    }
    // far off, a plain patch of the scene fits any product whose contrast is taken for light
    const isNear = Math.hypot(warp.tx, warp.ty) < FARTHEST * Math.max(width, height) && Math.abs(Math.hypot(warp.a, warp.b) - 1) < FARTHEST
    cost = isNear ? loss / points.length : Number.POSITIVE_INFINITY
    if (!isNear) break
    if (cost < best.cost) best = { ...warp, cost }
    const change = solve(normal, right)
    if (!change) break
    const [da, db, dx, dy] = change as [number, number, number, number]
    warp = { a: warp.a + da, b: warp.b + db, tx: warp.tx + dx, ty: warp.ty + dy }
    if (Math.hypot(da, db) * Math.max(width, height) < 0.01 && Math.hypot(dx, dy) < 0.01) break
  }
  return best
}

interface Light {
  readonly gain: number
  readonly offset: number
}

/** What is too bright stays white. */
const predict = ({ gain, offset }: Light, value: number): number => Math.min(255, Math.max(0, gain * value + offset))

/** Straight line of each channel through what is neither black nor white in either picture, twice reweighted. */
function fitLight(template: Template, image: Plane, at: Point, warp: Warp, points: readonly number[]): Light[] {
  const { width, height } = template
  const [cx, cy] = [width / 2, height / 2]
  return template.channels.map((from, c) => {
    const pairs: [number, number][] = []
    for (const i of points) {
      const [px, py] = [(i % width) + 0.5 - cx, Math.floor(i / width) + 0.5 - cy]
      const x = warp.a * px - warp.b * py + warp.tx + at.x - 0.5
      const y = warp.b * px + warp.a * py + warp.ty + at.y - 0.5
      const value = sample(image.channels[c as 0], image.width, image.height, x, y)
      const own = from[i] as number
      if (value > DARKEST && value < LIGHTEST && own > DARKEST && own < LIGHTEST) pairs.push([own, value])
    }
    let light: Light = { gain: 1, offset: 0 }
    if (pairs.length < 20) return light
    for (let round = 0; round < 6; round++) {
      let [sw, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0]
      for (const [own, value] of pairs) {
        const error = Math.abs(value - light.gain * own - light.offset)
        const weight = round === 0 || error <= HUBER ? 1 : HUBER / error
        sw += weight
        sx += weight * own
        sy += weight * value
        sxx += weight * own * own
        sxy += weight * own * value
      }
      const spread = sxx - (sx * sx) / sw
      // a product of one colour tells no slope
      const gain = spread / sw < 25 ? sy / Math.max(1, sx) : (sxy - (sx * sy) / sw) / spread
      light = { gain: Math.min(MAX_GAIN, Math.max(1 / MAX_GAIN, gain)), offset: 0 }
      light = { ...light, offset: (sy - light.gain * sx) / sw }
    }
    return light
  })
}

/** Gaussian elimination of 4 × 4; null where it has no answer. */
function solve(normal: Float64Array, right: Float64Array): number[] | null {
  const m = Array.from({ length: 4 }, (_, r) => [...normal.subarray(r * 4, r * 4 + 4), right[r] as number])
  for (let c = 0; c < 4; c++) {
    const pivot = m
      .slice(c)
      .reduce((best, row, n) => (Math.abs(row[c] as number) > Math.abs((m[best] as number[])[c] as number) ? c + n : best), c)
    ;[m[c], m[pivot]] = [m[pivot] as number[], m[c] as number[]]
    const row = m[c] as number[]
    if (Math.abs(row[c] as number) < 1e-9) return null
    for (let r = 0; r < 4; r++) {
      if (r === c) continue
      const other = m[r] as number[]
      const factor = (other[c] as number) / (row[c] as number)
      for (let q = c; q < 5; q++) other[q] = (other[q] as number) - factor * (row[q] as number)
    }
  }
  return m.map((row, r) => (row[4] as number) / (row[r] as number))
}

function compare(template: Template, image: Plane, at: Point, warp: Warp, longest: number) {
  const { width, height, inside } = template
  const [cx, cy] = [width / 2, height / 2]
  const points = choosePoints(template, Number.POSITIVE_INFINITY)
  const light = fitLight(template, image, at, warp, choosePoints(template, MAX_POINTS))
  const difference = new Float32Array(width * height)
  const mask = Float32Array.from(inside)
  for (const c of [0, 1, 2] as const) {
    const own = new Float32Array(width * height)
    const drawn = new Float32Array(width * height)
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) {
        if (!inside[i]) continue
        const [px, py] = [x + 0.5 - cx, y + 0.5 - cy]
        const value = sample(
          image.channels[c],
          image.width,
          image.height,
          warp.a * px - warp.b * py + warp.tx + at.x - 0.5,
          warp.b * px + warp.a * py + warp.ty + at.y - 0.5,
        )
        own[i] = predict(light[c] as Light, template.channels[c][i] as number)
        drawn[i] = Number.isNaN(value) ? 0 : value
      }
    const [smoothOwn, smoothDrawn] = [smooth(own, mask, width, height, GRAIN), smooth(drawn, mask, width, height, GRAIN)]
    for (const i of points)
      difference[i] = Math.max(difference[i] as number, Math.abs((smoothOwn[i] as number) - (smoothDrawn[i] as number)))
  }
  const mean = points.reduce((sum, i) => sum + (difference[i] as number), 0) / points.length
  const spots = smooth(difference, mask, width, height, Math.max(1, Math.round(SPOT * longest)))
  const worst = points.reduce((most, i) => Math.max(most, spots[i] as number), 0)
  return { light, mean, worst }
}

/** Means of squares of `2 × radius + 1` pixels over what the mask holds alone. */
function smooth(values: Float32Array, mask: Float32Array, width: number, height: number, radius: number): Float32Array {
  const total = boxMean(
    values.map((value, i) => value * (mask[i] as number)),
    width,
    height,
    radius,
  )
  const weight = boxMean(mask, width, height, radius)
  return total.map((value, i) => ((weight[i] as number) < 1e-6 ? 0 : value / (weight[i] as number)))
}
