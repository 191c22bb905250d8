/** @file Lays cut-outs, shadows and text on a canvas of one colour: scaled by sharp, laid over each other exactly, encoded without loss. */
import { createRequire } from 'node:module'
import type { PhotoFormat } from '../contract/words.ts'
import { nameFormat } from './damage.ts'
import { estimateDecodeBytes } from './decode-cost.ts'
import { takeDecodeMemory } from './decode-memory.ts'
import { sharp } from './sharp.ts'

/** Straight alpha, rows from the top. */
export interface Rgba {
  readonly width: number
  readonly height: number
  /** [height × width × 4] */
  readonly data: Uint8Array
}
/** Opaque, rows from the top. */
export interface Canvas {
  readonly width: number
  readonly height: number
  /** [height × width × 3] */
  readonly data: Uint8Array
}

export function makeCanvas(width: number, height: number, colour: readonly [number, number, number]): Canvas {
  const data = new Uint8Array(width * height * 3)
  if (colour.every((channel) => channel === colour[0])) data.fill(colour[0])
  else for (let at = 0; at < data.length; at += 3) data.set(colour, at)
  return { width, height, data }
}

/** Lanczos on premultiplied alpha, so that colours of clear pixels never bleed in. */
export async function resizeRgba({ width, height, data }: Rgba, toWidth: number, toHeight: number): Promise<Rgba> {
  if (width === toWidth && height === toHeight) return { width, height, data }
  const { data: out } = await sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .resize(toWidth, toHeight, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: toWidth, height: toHeight, data: out }
}

/**
 * Turned about its middle by an angle (radians, clockwise on the screen), Catmull–Rom on premultiplied alpha; as much larger as its
 * corners need, with the middle in the middle.
 */
export function turnRgba({ width, height, data }: Rgba, angle: number): Rgba {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  // a pixel more on each side: the kernel reaches beyond the edge
  const w = Math.ceil(Math.abs(width * cos) + Math.abs(height * sin)) + 2
  const h = Math.ceil(Math.abs(width * sin) + Math.abs(height * cos)) + 2
  const out = new Uint8Array(w * h * 4)
  const [across, down] = [new Float64Array(4), new Float64Array(4)]
  const sum = new Float64Array(4)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [px, py] = [x + 0.5 - w / 2, y + 0.5 - h / 2]
      const [sx, sy] = [px * cos + py * sin + width / 2 - 0.5, py * cos - px * sin + height / 2 - 0.5]
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)]
      if (x0 < -2 || y0 < -2 || x0 > width || y0 > height) continue
      weigh(sx - x0, across)
      weigh(sy - y0, down)
      sum.fill(0)
      for (let v = 0; v < 4; v++)
        for (let u = 0; u < 4; u++) {
          const [fx, fy] = [x0 + u - 1, y0 + v - 1]
          if (fx < 0 || fy < 0 || fx >= width || fy >= height) continue
          const from = (fy * width + fx) * 4
          const part = (across[u] as number) * (down[v] as number) * (data[from + 3] as number)
          for (let c = 0; c < 3; c++) sum[c] = (sum[c] as number) + part * (data[from + c] as number)
          sum[3] = (sum[3] as number) + part
        }
      const alpha = sum[3] as number
      if (alpha < 0.5) continue
      const to = (y * w + x) * 4
      for (let c = 0; c < 3; c++) out[to + c] = Math.min(255, Math.max(0, Math.round((sum[c] as number) / alpha)))
      out[to + 3] = Math.min(255, Math.round(alpha))
    }
  return { width: w, height: h, data: out }
}

/** Catmull–Rom of a place between two pixels. */
function weigh(t: number, into: Float64Array): void {
  into[0] = t * (-0.5 + t * (1 - 0.5 * t))
  into[1] = 1 + t * t * (1.5 * t - 2.5)
  into[2] = t * (0.5 + t * (2 - 1.5 * t))
  into[3] = t * t * (0.5 * t - 0.5)
}

/** A plane of single bytes at another size, blurred by `sigma` pixels of the new size (0: not at all). */
export async function resizePlane(
  plane: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  toWidth: number,
  toHeight: number,
  sigma: number,
): Promise<Uint8Array> {
  let image = sharp(plane.data, { raw: { width: plane.width, height: plane.height, channels: 1 }, limitInputPixels: false }).resize(
    toWidth,
    toHeight,
    { fit: 'fill', kernel: 'cubic' },
  )
  if (sigma >= 0.3) image = image.blur(sigma)
  return image.extractChannel(0).raw().toBuffer()
}

/** Lays `layer` over the canvas at (left, top), in place; what falls outside is left out. */
export function layOver(canvas: Canvas, layer: Rgba, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < Math.min(layer.height, canvas.height - top); y++)
    for (let x = Math.max(0, -left); x < Math.min(layer.width, canvas.width - left); x++) {
      const from = (y * layer.width + x) * 4
      const alpha = layer.data[from + 3] as number
      if (alpha === 0) continue
      const to = ((y + top) * canvas.width + x + left) * 3
      for (let channel = 0; channel < 3; channel++) {
        const under = canvas.data[to + channel] as number
        const over = layer.data[from + channel] as number
        canvas.data[to + channel] = alpha === 255 ? over : Math.round((over * alpha + under * (255 - alpha)) / 255)
      }
    }
}

/** Darkens the canvas by a plane of darkness (0: not, 255: black), in place. */
export function darken(canvas: Canvas, darkness: Uint8Array, width: number, height: number, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < Math.min(height, canvas.height - top); y++)
    for (let x = Math.max(0, -left); x < Math.min(width, canvas.width - left); x++) {
      const depth = darkness[y * width + x] as number
      if (depth === 0) continue
      const to = ((y + top) * canvas.width + x + left) * 3
      for (let channel = 0; channel < 3; channel++)
        canvas.data[to + channel] = Math.round(((canvas.data[to + channel] as number) * (255 - depth)) / 255)
    }
}

/** sRGB PNG without loss: a JPEG would ring around edges, and white would not stay white there. */
export async function encodePng({ width, height, data }: Canvas): Promise<Buffer> {
  // level 6 without filters of its own: half the time of the default for a tenth more bytes
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .png({ compressionLevel: 6 })
    .toBuffer()
}

/** A font of our own: a bare system has none. Other scripts (Chinese, Japanese, Korean) are taken from the system's fonts where it has them. */
const FONT_FILE = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')

/** One line of text, black on clear, as small as it fits; its height is that of its ink. */
export async function drawText(text: string, pixels: number): Promise<Rgba> {
  const escaped = text.replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'))
  const { data, info } = await sharp({
    text: { text: `<span foreground="black">${escaped}</span>`, fontfile: FONT_FILE, font: `DejaVu Sans ${pixels}`, rgba: true, dpi: 72 },
    limitInputPixels: false,
  })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

const MAX_SCENE_PIXELS = 50_000_000
/** What sharp calls the formats that makers may answer in. */
const SCENE_FORMATS: Readonly<Record<string, PhotoFormat>> = { jpeg: 'jpeg', png: 'png', webp: 'webp', heif: 'avif' }

/**
 * A made picture or scene as a canvas of the asked size, cut in the middle where its shape differs.
 * @throws Error of the decoder when the bytes are no picture
 */
export async function readCanvas(bytes: Uint8Array, size?: { readonly width: number; readonly height: number }): Promise<Canvas> {
  const header = await sharp(bytes, { limitInputPixels: MAX_SCENE_PIXELS }).metadata()
  const format = SCENE_FORMATS[header.format ?? '']
  if (!format) throw new Error(`a maker answered with ${header.format}`)
  using _share = await takeDecodeMemory(
    await estimateDecodeBytes({
      format,
      from: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      size: bytes.byteLength,
      header,
    }),
    nameFormat(format),
    new AbortController().signal,
  )
  let image = sharp(bytes, { limitInputPixels: MAX_SCENE_PIXELS }).flatten({ background: '#ffffff' }).toColourspace('srgb')
  if (size) image = image.resize(size.width, size.height, { fit: 'cover', kernel: 'lanczos3' })
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`)
  return { width: info.width, height: info.height, data }
}

/** PNG with transparency: the mask of an edit. */
export async function encodeMask({ width, height, data }: Rgba): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false })
    .png({ compressionLevel: 6 })
    .toBuffer()
}
