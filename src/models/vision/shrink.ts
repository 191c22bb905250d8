/** @file A laid-out picture made smaller, as TensorFlow's `resizeBilinear` does it: corners laid on corners’ left and top edges, no half pixels. */
import type { Shape } from './letterbox.ts'

/** @param image [h,w,3]. @returns the same in `to` */
export function shrink(image: Shape & { readonly pixels: Float32Array }, to: Shape): Shape & { readonly pixels: Float32Array } {
  const pixels = new Float32Array(to.width * to.height * 3)
  const { pixels: from, width, height } = image
  for (let row = 0, at = 0; row < to.height; row++) {
    const y = (row * height) / to.height
    const top = Math.floor(y)
    const upper = top * width
    const lower = Math.min(top + 1, height - 1) * width
    const down = y - top
    for (let column = 0; column < to.width; column++) {
      const x = (column * width) / to.width
      const left = Math.floor(x)
      const right = Math.min(left + 1, width - 1)
      const across = x - left
      for (let channel = 0; channel < 3; channel++) {
        const a = from[(upper + left) * 3 + channel] ?? 0
        const b = from[(upper + right) * 3 + channel] ?? 0
        const c = from[(lower + left) * 3 + channel] ?? 0
        const d = from[(lower + right) * 3 + channel] ?? 0
        const above = a + (b - a) * across
        pixels[at++] = above + (c + (d - c) * across - above) * down
      }
    }
  }
  return { pixels, ...to }
}
