/** @file sRGB bytes to OKLab, where distances are close to what eyes see. */

/** Linear light 0–1 of each sRGB byte. */
const LINEAR = Float32Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
})

/** Interleaved RGB bytes to interleaved OKLab: lightness 0–1, a (green–red) and b (blue–yellow) within about ±0.4. */
export function toOklab(rgb: Uint8Array): Float32Array {
  const lab = new Float32Array(rgb.length)
  for (let at = 0; at < rgb.length; at += 3) {
    const red = LINEAR[rgb[at] ?? 0] ?? 0
    const green = LINEAR[rgb[at + 1] ?? 0] ?? 0
    const blue = LINEAR[rgb[at + 2] ?? 0] ?? 0
    const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lab[at] = 0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short
    lab[at + 1] = 1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short
    lab[at + 2] = 0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short
  }
  return lab
}
