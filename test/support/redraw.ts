/**
 * @file What a model that redraws does to a product, without one: its cut-out drawn again by other means than the library’s own (sharp’s
 * resize and rotate, at twice the size) over a real photo as the scene, moved, scaled, turned, lit otherwise; or changed as no product may be.
 */
import sharp, { type OutputInfo } from 'sharp'
import type { Rgba } from '../../src/media/canvas.ts'

export interface Redraw {
  /** pixels of the scene */
  readonly dx?: number
  readonly dy?: number
  readonly scale?: number
  readonly degrees?: number
  /** of each channel */
  readonly gain?: readonly [number, number, number]
  readonly offset?: number
}

/** Not as sharp tells of itself: what it hands out is not premultiplied any more. */
const rawOf = ({ width, height, channels }: OutputInfo) => ({ width, height, channels })
const RAW = { limitInputPixels: false } as const

/** @param layer the product as it was staged, at twice the size of the scene @returns the scene as a JPEG of `side` pixels, as a model would answer */
export async function redraw(
  layer: Rgba,
  middle: { readonly x: number; readonly y: number },
  side: number,
  scene: string,
  { dx = 0, dy = 0, scale = 1, degrees = 0, gain = [1, 1, 1], offset = 0 }: Redraw,
): Promise<Buffer> {
  const lit = await sharp(layer.data, { raw: { width: layer.width, height: layer.height, channels: 4 }, ...RAW })
    .linear([...gain, 1], [offset, offset, offset, 0])
    .resize(Math.round(layer.width * scale), Math.round(layer.height * scale), { fit: 'fill', kernel: 'mitchell' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const turned = await sharp(lit.data, { raw: rawOf(lit.info), ...RAW })
    .rotate(degrees, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const left = Math.round(2 * (middle.x + dx) - turned.info.width / 2)
  const top = Math.round(2 * (middle.y + dy) - turned.info.height / 2)
  const large = await sharp(scene, RAW)
    .resize(2 * side, 2 * side, { fit: 'cover' })
    .removeAlpha()
    .toColourspace('srgb')
    .composite([{ input: turned.data, raw: rawOf(turned.info), left, top }])
    .raw()
    .toBuffer({ resolveWithObject: true })
  return sharp(large.data, { raw: rawOf(large.info), ...RAW })
    .resize(side, side, { kernel: 'lanczos3' })
    .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    .toBuffer()
}

const copyOf = (layer: Rgba): { width: number; height: number; data: Uint8Array } => ({ ...layer, data: Uint8Array.from(layer.data) })

/** A stone that stands out is gone, and what lies around it has grown over its place. `null`: nothing of this size stands out. */
export function removeStone(layer: Rgba, share: number): Rgba | null {
  const { width, height, data } = layer
  const radius = Math.max(2, Math.round((share * Math.max(width, height)) / 2))
  let best = { contrast: 0, x: 0, y: 0, ring: [0, 0, 0] }
  for (let y = 2 * radius; y < height - 2 * radius; y += Math.max(1, radius >> 1))
    for (let x = 2 * radius; x < width - 2 * radius; x += Math.max(1, radius >> 1)) {
      const [inner, outer] = [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ]
      let clear = false
      for (let v = -2 * radius; v <= 2 * radius && !clear; v += 1)
        for (let u = -2 * radius; u <= 2 * radius; u += 1) {
          const distance = Math.hypot(u, v)
          if (distance > 1.7 * radius) continue
          const i = ((y + v) * width + x + u) * 4
          if (data[i + 3] !== 255) {
            clear = true
            break
          }
          const sum = distance <= radius ? inner : distance > 1.2 * radius ? outer : null
          if (sum) for (let c = 0; c < 4; c++) sum[c] = (sum[c] ?? 0) + (c === 3 ? 1 : (data[i + c] ?? 0))
        }
      if (clear) continue
      const ring = [0, 1, 2].map((c) => (outer[c] ?? 0) / (outer[3] || 1))
      const contrast = Math.max(...ring.map((value, c) => Math.abs(value - (inner[c] ?? 0) / (inner[3] || 1))))
      if (contrast > best.contrast) best = { contrast, x, y, ring }
    }
  // what differs by less from what lies around it is no stone that a person would miss
  if (best.contrast < 40) return null
  const out = copyOf(layer)
  for (let v = -2 * radius; v <= 2 * radius; v++)
    for (let u = -2 * radius; u <= 2 * radius; u++) {
      const weight = Math.min(1, Math.max(0, (1.3 * radius - Math.hypot(u, v)) / (0.3 * radius)))
      if (weight === 0) continue
      const i = ((best.y + v) * width + best.x + u) * 4
      for (let c = 0; c < 3; c++) out.data[i + c] = Math.round((out.data[i + c] ?? 0) * (1 - weight) + (best.ring[c] ?? 0) * weight)
    }
  return out
}

/** Each pixel from elsewhere: `from` says where, in shares of the box. */
function distort(layer: Rgba, from: (x: number, y: number) => readonly [number, number]): Rgba {
  const { width, height, data } = layer
  const out = { width, height, data: new Uint8Array(data.length) }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = from(x / width, y / height)
      const [sx, sy] = [u * width, v * height]
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)]
      if (x0 < 0 || y0 < 0 || x0 >= width - 1 || y0 >= height - 1) continue
      const weights = [(1 - sx + x0) * (1 - sy + y0), (sx - x0) * (1 - sy + y0), (1 - sx + x0) * (sy - y0), (sx - x0) * (sy - y0)]
      const corners = [0, 1, width, width + 1].map((step) => (y0 * width + x0 + step) * 4)
      let alpha = 0
      const colour = [0, 0, 0]
      corners.forEach((i, n) => {
        const part = (weights[n] ?? 0) * (data[i + 3] ?? 0)
        alpha += part
        for (let c = 0; c < 3; c++) colour[c] = (colour[c] ?? 0) + part * (data[i + c] ?? 0)
      })
      const to = (y * width + x) * 4
      for (let c = 0; c < 3; c++) out.data[to + c] = alpha === 0 ? 0 : Math.round((colour[c] ?? 0) / alpha)
      out.data[to + 3] = Math.round(alpha)
    }
  return out
}

/** Narrower: every link another shape. */
export const squeeze = (layer: Rgba, by: number): Rgba => distort(layer, (x, y) => [0.5 + (x - 0.5) / (1 - by), y])

/** One half bent sideways. */
export const bend = (layer: Rgba, by: number): Rgba => distort(layer, (x, y) => [x + by * Math.max(0, y - 0.5) ** 2 * 4, y])

/** What lies beyond a line through the product is gone: a prong, a hook, a charm. */
export function breakOff(layer: Rgba, share: number): Rgba {
  const { width, height, data } = layer
  let total = 0
  for (let i = 3; i < data.length; i += 4) total += data[i] === 255 ? 1 : 0
  const out = copyOf(layer)
  let left = share * total
  for (let y = height - 1; y >= 0 && left > 0; y--)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4 + 3
      if (data[i] === 255) left--
      out.data[i] = 0
    }
  return out
}
