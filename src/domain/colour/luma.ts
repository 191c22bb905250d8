/** @file Brightness of interleaved RGB pixels. */

/** [height × width] luma 0–255, weights of Rec. 601 (what PDQ and JPEG use). */
export function toLuma(rgb: Uint8Array): Float32Array {
  const luma = new Float32Array(rgb.length / 3)
  for (let i = 0, at = 0; i < luma.length; i++, at += 3)
    luma[i] = 0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0)
  return luma
}
