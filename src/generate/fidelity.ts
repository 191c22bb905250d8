/** @file Whether a made picture shows the product as it was: its pixels inside the outline, before and after, compared one by one. Pure. */
import type { Fidelity } from '../contract/generate.ts'
import type { Canvas, Rgba } from '../media/canvas.ts'

/** Differences up to this of 255 are rounding and never seen. */
const SEEN = 8
/** More of the product changed than this share: it is another product. Chosen so that one altered prong of a ring is found. */
export const MAX_CHANGED = 0.002
/** A model that drew the product this much otherwise (mean, of 255) left parts of its own around it. */
export const MAX_DRIFT = 24

/** @param layer the product as it was laid @param canvas the finished picture, decoded again @param drift see the contract */
export function measureFidelity(canvas: Canvas, layer: Rgba, left: number, top: number, drift: number | null): Fidelity {
  let pixels = 0
  let sum = 0
  let most = 0
  let changed = 0
  for (let y = Math.max(0, -top); y < Math.min(layer.height, canvas.height - top); y++)
    for (let x = Math.max(0, -left); x < Math.min(layer.width, canvas.width - left); x++) {
      const from = (y * layer.width + x) * 4
      if (layer.data[from + 3] !== 255) continue
      const at = ((y + top) * canvas.width + x + left) * 3
      let worst = 0
      for (let c = 0; c < 3; c++) {
        const difference = Math.abs((canvas.data[at + c] as number) - (layer.data[from + c] as number))
        sum += difference / 3
        worst = Math.max(worst, difference)
      }
      pixels++
      most = Math.max(most, worst)
      if (worst > SEEN) changed++
    }
  return { pixels, mean: pixels === 0 ? 0 : sum / pixels, most, changed: pixels === 0 ? 0 : changed / pixels, drift }
}

/** Why the picture must be looked at before it leaves; null when the product is as it was. */
export function findAlteration({ pixels, changed, drift }: Fidelity): string | null {
  if (pixels === 0) return 'nothing of the product can be compared'
  if (changed > MAX_CHANGED) return `${(changed * 100).toFixed(2)} % of the product’s pixels are not the photo’s`
  if (drift !== null && drift > MAX_DRIFT)
    return 'the model drew the product otherwise before it was laid back; parts of its own may show around it'
  return null
}
