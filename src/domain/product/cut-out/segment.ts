/**
 * @file Splits a picture with a plain background into product and background: flooded from the border over what lies on the
 * background's surface or is a soft shadow on it, holes seen through the product included.
 */
import { type BackgroundModel, evaluateBackground, fitBackground } from './background-model.ts'
import { boxMean, distanceTo, findParts } from './planes.ts'

export interface Segmentation {
  readonly width: number
  readonly height: number
  /** 1 where the product is */
  readonly product: Uint8Array
  /** [height × width × 3] OKLab of the background without its shadows, also behind the product */
  readonly surface: Float32Array
  readonly model: BackgroundModel
  /** 0–1 share of the picture's border the product touches */
  readonly touching: number
}

/** A shadow darkens by at most so much (OKLab lightness), and keeps the background's hue. */
const DEEPEST_SHADOW = 0.28
const SHADOW_CHROMA = 0.018
/** Change of lightness from pixel to pixel, above which it is an edge and no shadow (at about 1,200 px). */
const SHADOW_STEP = 0.007
/** A shadow is entered only where it is this wide on each side, pixels: metal is smooth too, but framed by edges. */
const SHADOW_ROOM = 4
/** Faint remains of a shadow's edge that cling to the outline are peeled off so deep, pixels. */
const PEEL = 5
const PEEL_BELOW = 0.05
/** A part of the product of its own must differ from the background at least by this share of what the whole does. */
const FAINT_SHARE = 0.45
/** Mean deviation from the background, above which an enclosed part is a pale part of the product and no hole. */
const HOLE_DEVIATION = 0.007
/** Specks below this share of the picture are dust and noise unless they lie in a chain of others. */
const DUST_SHARE = 2e-5
/** Parts of the product smaller than this share of its largest part, and far from it, are not of it. */
const CRUMB_SHARE = 0.002
/** A hole's rim rises to at least this distance from the background within a few pixels; the rim of a highlight does not. */
const RIM_CONTRAST = 0.09

/** @param lab [height × width × 3] OKLab, long side about 1,200 px: all lengths here are meant for that */
export function segment(lab: Float32Array, width: number, height: number): Segmentation {
  const first = fitBackground(lab, width, height, null)
  let surface = evaluateBackground(first, width, height)
  const roughMask = flood(lab, surface, width, height, first.noise).background
  const model = { ...fitBackground(lab, width, height, roughMask), plainness: first.plainness }
  surface = evaluateBackground(model, width, height)
  const flooded = flood(lab, surface, width, height, Math.min(model.noise, first.noise * 1.5))
  const { background, distance, low } = flooded
  openHoles(flooded, lab, surface, width, height)
  spread(flooded, width, height)
  peel(flooded, width, height)
  const product = new Uint8Array(background.length)
  for (let i = 0; i < product.length; i++) product[i] = background[i] ? 0 : 1
  dropCrumbs(product, distance, low, width, height)
  return { width, height, product, surface, model, touching: shareOfBorder(product, width, height) }
}

interface Flooded {
  readonly background: Uint8Array
  /** distance of each pixel from the surface, chroma counted double */
  readonly distance: Float32Array
  /** below it a pixel is as the background */
  readonly low: number
  /** 1: like the background; 2: may be its shadow, and is smooth; 3: may be its shadow */
  readonly kind: Uint8Array
  readonly noise: number
}

function flood(lab: Float32Array, surface: Float32Array, width: number, height: number, noise: number): Flooded {
  const size = width * height
  const low = Math.min(0.06, Math.max(0.014, 3.5 * noise))
  const distance = new Float32Array(size)
  const lightness = new Float32Array(size)
  const kind = new Uint8Array(size)
  for (let i = 0, at = 0; i < size; i++, at += 3) {
    const light = lab[at] as number
    const below = surface[at] as number
    // a shadow scales the background's colour, so its chroma fades with it
    const fade = below > 0.05 ? Math.min(1, light / below) : 1
    const da = (lab[at + 1] as number) - (surface[at + 1] as number) * fade
    const db = (lab[at + 2] as number) - (surface[at + 2] as number) * fade
    // Math.hypot guards against overflow that cannot happen here, and takes several times as long
    const chroma = Math.sqrt(da * da + db * db)
    const dl = light - below
    distance[i] = Math.sqrt(dl * dl + 4 * chroma * chroma)
    lightness[i] = light
    if ((distance[i] as number) < low) kind[i] = 1
    else if (dl < low && dl > -DEEPEST_SHADOW * below && chroma < SHADOW_CHROMA + 0.5 * noise) kind[i] = 2
  }
  // noise must not stop a shadow, edges must: steps of the smoothed lightness
  const smooth = boxMean(lightness, width, height, 2)
  const limit = SHADOW_STEP + 0.35 * noise
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (kind[i] !== 2) continue
      const dx = Math.abs((smooth[x < width - 1 ? i + 1 : i] as number) - (smooth[x > 0 ? i - 1 : i] as number)) / 2
      const dy = Math.abs((smooth[y < height - 1 ? i + width : i] as number) - (smooth[y > 0 ? i - width : i] as number)) / 2
      if (Math.max(dx, dy) > limit) kind[i] = 3
    }
  const flooded: Flooded = { background: new Uint8Array(size), distance, low, kind, noise }
  for (let x = 0; x < width; x++) for (const i of [x, (height - 1) * width + x]) if (kind[i] === 1) flooded.background[i] = 1
  for (let y = 0; y < height; y++) for (const i of [y * width, y * width + width - 1]) if (kind[i] === 1) flooded.background[i] = 1
  spread(flooded, width, height)
  return flooded
}

/**
 * Grows the background from where it is: through passages of at least 3 px, so that a highlight that breaks an outline lets
 * nothing in, and wider ones in shadow; then up to the edges.
 */
function spread({ background, kind }: Flooded, width: number, height: number): void {
  const wall = new Uint8Array(kind.length)
  for (let i = 0; i < kind.length; i++) wall[i] = kind[i] === 1 || kind[i] === 2 ? 0 : 1
  const room = distanceTo(wall, width, height, 8)
  const stack = new Int32Array(kind.length)
  let top = 0
  for (let i = 0; i < kind.length; i++) if (background[i]) stack[top++] = i
  const enter = (i: number) => {
    if (background[i] || (room[i] as number) < (kind[i] === 1 ? 2 : SHADOW_ROOM)) return
    background[i] = 1
    stack[top++] = i
  }
  while (top > 0) {
    const at = stack[--top] as number
    const x = at % width
    if (x > 0) enter(at - 1)
    if (x < width - 1) enter(at + 1)
    if (at >= width) enter(at - width)
    if (at < width * (height - 1)) enter(at + width)
  }
  // back into the corners and clefts the wide flood could not reach
  erode(background, SHADOW_ROOM, width, (i) => kind[i] === 1 || kind[i] === 2)
}

/** What clings to the outline and is barely there. */
function peel({ background, distance, kind, noise }: Flooded, width: number, _height: number): void {
  erode(background, PEEL, width, (i) => kind[i] !== 0 && (distance[i] as number) < PEEL_BELOW + noise)
}

/** Background takes what it touches and may take, one pixel deep each round. */
function erode(background: Uint8Array, rounds: number, width: number, may: (i: number) => boolean): void {
  for (let round = 0; round < rounds; round++) {
    const edge: number[] = []
    for (let i = 0; i < background.length; i++)
      if (!background[i] && may(i) && touches(background, i, width, background.length)) edge.push(i)
    for (const i of edge) background[i] = 1
  }
}

function touches(mask: Uint8Array, i: number, width: number, size: number): boolean {
  const x = i % width
  return Boolean(
    (x > 0 && mask[i - 1]) || (x < width - 1 && mask[i + 1]) || (i >= width && mask[i - width]) || (i + width < size && mask[i + width]),
  )
}

/** What looks exactly like the background, lies inside the product and has a sharp rim all round is seen through it. */
function openHoles(
  { background, distance, low, noise }: Flooded,
  lab: Float32Array,
  surface: Float32Array,
  width: number,
  height: number,
): void {
  const inside = new Uint8Array(background.length)
  for (let i = 0; i < inside.length; i++) inside[i] = !background[i] && (distance[i] as number) < low ? 1 : 0
  const { labels, areas } = findParts(inside, width, height, false)
  const smallest = Math.max(24, 6e-5 * background.length)
  const rim = new Float64Array(areas.length)
  const rimCount = new Int32Array(areas.length)
  const offsets = [-4, 4, -4 * width, 4 * width]
  for (let y = 4; y < height - 4; y++)
    for (let x = 4; x < width - 4; x++) {
      const i = y * width + x
      const label = labels[i] as number
      if (label === 0 || (areas[label] ?? 0) < smallest || interior(labels, i, width)) continue
      for (const offset of offsets) {
        if (labels[i + offset] === label) continue
        // the strongest of the way out, so that a thin wire counts as much as a broad one
        const way = offset / 4
        let most = 0
        for (let k = 1; k <= 4; k++) most = Math.max(most, distance[i + way * k] as number)
        rim[label] = (rim[label] ?? 0) + most
        rimCount[label] = (rimCount[label] ?? 0) + 1
      }
    }
  const deviation = new Float64Array(areas.length * 3)
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    if (label)
      for (let c = 0; c < 3; c++)
        deviation[label * 3 + c] = (deviation[label * 3 + c] ?? 0) + (lab[i * 3 + c] as number) - (surface[i * 3 + c] as number)
  }
  const isHole = areas.map((area, label) => {
    if (area < smallest || (rim[label] ?? 0) / Math.max(1, rimCount[label] ?? 0) <= RIM_CONTRAST) return false
    const [l = 0, a = 0, b = 0] = deviation.subarray(label * 3, label * 3 + 3)
    return Math.hypot(l, a, b) / area < HOLE_DEVIATION + 0.3 * noise
  })
  for (let i = 0; i < background.length; i++) if (isHole[labels[i] as number] && labels[i]) background[i] = 1
}

function interior(labels: Int32Array, i: number, width: number): boolean {
  const label = labels[i]
  return labels[i - 1] === label && labels[i + 1] === label && labels[i - width] === label && labels[i + width] === label
}

/** Dust, JPEG noise and stray marks: small parts, and faint ones. */
function dropCrumbs(product: Uint8Array, distance: Float32Array, low: number, width: number, height: number): void {
  const { labels, areas } = findParts(product, width, height, true)
  const strongest = new Float32Array(areas.length)
  for (let i = 0; i < product.length; i++) {
    const label = labels[i] as number
    if (label && (distance[i] as number) > (strongest[label] as number)) strongest[label] = distance[i] as number
  }
  const largest = Math.max(0, ...areas)
  const dust = Math.max(4, DUST_SHARE * product.length)
  let sum = 0
  for (let i = 0; i < product.length; i++) if (product[i]) sum += distance[i] as number
  const faint =
    FAINT_SHARE *
    (sum /
      Math.max(
        1,
        areas.reduce((a, b) => a + b, 0),
      ))
  const near = nearLarge(labels, areas, largest, width, height)
  const keep = areas.map((area, label) => {
    if (area < dust || (strongest[label] ?? 0) < Math.max(2.5 * low, faint)) return false
    return area >= CRUMB_SHARE * largest || near[label] === 1
  })
  for (let i = 0; i < product.length; i++) if (product[i] && !keep[labels[i] as number]) product[i] = 0
}

/** Parts within 2 % of the picture from a large part belong to it: links of a chain that broke. */
function nearLarge(labels: Int32Array, areas: readonly number[], largest: number, width: number, height: number): Uint8Array {
  const large = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) large[i] = labels[i] && (areas[labels[i] as number] ?? 0) >= CRUMB_SHARE * largest ? 1 : 0
  const reach = 0.02 * Math.max(width, height)
  const distance = distanceTo(large, width, height, reach + 2)
  const near = new Uint8Array(areas.length)
  for (let i = 0; i < labels.length; i++) if (labels[i] && (distance[i] as number) < reach) near[labels[i] as number] = 1
  return near
}

function shareOfBorder(product: Uint8Array, width: number, height: number): number {
  let count = 0
  for (let x = 0; x < width; x++) count += (product[x] as number) + (product[(height - 1) * width + x] as number)
  for (let y = 0; y < height; y++) count += (product[y * width] as number) + (product[y * width + width - 1] as number)
  return count / (2 * (width + height))
}
