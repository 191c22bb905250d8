/** @file Cuts a rectangle at any angle out of the picture, as the recogniser wants it: BGR planes in -1…1. */
import type { Pixels } from '../../../media/picture.ts'
import type { Rectangle } from './rectangle.ts'

/** Pixels of a text line ready for a model: planes B, G, R of `width × height`. */
export interface Crop {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/**
 * Text shrunk by more than 1 is averaged over a grid of samples (bilinear alone would skip thin strokes).
 * Outside the picture its edge pixel goes on. Cubic sampling measured no better (.881 against .884 of the receipts' words).
 */
export function cutCrop(pixels: Pixels, r: Rectangle, width: number, height: number): Crop {
  const { data, width: w, height: h } = pixels
  const plane = width * height
  const out = new Float32Array(plane * 3)
  const stepU = r.width / width
  const stepV = r.height / height
  const fine = Math.min(4, Math.max(1, Math.round(Math.max(stepU, stepV))))
  const cos = Math.cos(r.angle)
  const sin = Math.sin(r.angle)
  const startX = r.x - (cos * r.width - sin * r.height) / 2
  const startY = r.y - (sin * r.width + cos * r.height) / 2
  const share = 1 / (fine * fine * 127.5)
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      let red = 0
      let green = 0
      let blue = 0
      for (let k = 0; k < fine * fine; k++) {
        const u = (i + ((k % fine) + 0.5) / fine) * stepU
        const v = (j + (Math.floor(k / fine) + 0.5) / fine) * stepV
        const x = startX + u * cos - v * sin - 0.5
        const y = startY + u * sin + v * cos - 0.5
        const fx = Math.floor(x)
        const fy = Math.floor(y)
        const dx = x - fx
        const dy = y - fy
        const x0 = clamp(fx, w)
        const x1 = clamp(fx + 1, w)
        const y0 = clamp(fy, h) * w
        const y1 = clamp(fy + 1, h) * w
        const a = (y0 + x0) * 3
        const b = (y0 + x1) * 3
        const c = (y1 + x0) * 3
        const d = (y1 + x1) * 3
        const wa = (1 - dx) * (1 - dy)
        const wb = dx * (1 - dy)
        const wc = (1 - dx) * dy
        const wd = dx * dy
        red += wa * (data[a] as number) + wb * (data[b] as number) + wc * (data[c] as number) + wd * (data[d] as number)
        green += wa * (data[a + 1] as number) + wb * (data[b + 1] as number) + wc * (data[c + 1] as number) + wd * (data[d + 1] as number)
        blue += wa * (data[a + 2] as number) + wb * (data[b + 2] as number) + wc * (data[c + 2] as number) + wd * (data[d + 2] as number)
      }
      const at = j * width + i
      out[at] = blue * share - 1
      out[plane + at] = green * share - 1
      out[2 * plane + at] = red * share - 1
    }
  }
  return { width, height, data: out }
}

function clamp(value: number, size: number): number {
  return value < 0 ? 0 : value >= size ? size - 1 : value
}
