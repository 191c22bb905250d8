/**
 * @file Whether a made picture shows the product as it was: its pixels inside the outline, before and after, compared one by one; and
 * whether a model that redrew the product changed only its place, size, turn, and light, which putting its own pixels back makes good.
 */
import type { Fidelity, Redraw } from '../contract/fidelity.ts'
import type { Region } from '../domain/product/cut-out/region.ts'
import { type Canvas, type Rgba, resizeRgba } from '../media/canvas.ts'
import { alignProduct, type Similarity } from './align-product.ts'

/** Differences up to this of 255 are rounding and never seen. */
const SEEN = 8
/** More of the product changed than this share: it is another product. Chosen so that one altered prong of a ring is found. */
export const MAX_CHANGED = 0.002
/**
 * Of a redrawing, once place and light are taken out. Chosen on product pictures that the reported figures do not hold
 * (`npm run eval -- redraw`): what is merely moved, scaled, turned, or lit otherwise stays below, a missing stone or another shape does not.
 */
export const REDRAW_LIMITS = { worst: 20, difference: 24, thin: 0.25 } as const
/** Longer side of the product when redrawings are compared: a small stone is still a dozen pixels. */
export const COMPARED_SIDE = 320

/**
 * How a model drew the product that it was given.
 * @param to where the product was put in a picture of `side` pixels @param readScene the model’s picture as a square of any size
 * @returns `place`: where its own pixels cover the drawing, in pixels of the picture; null where that cannot be told
 */
export async function findRedrawing(
  product: Rgba,
  to: Region,
  side: number,
  readScene: (side: number) => Promise<Canvas>,
): Promise<{ readonly redraw: Redraw | null; readonly place: Similarity | null }> {
  const smaller = Math.round(side * Math.min(1, COMPARED_SIDE / Math.max(to.width, to.height)))
  const share = smaller / side
  const layer = await resizeRgba(product, Math.max(1, Math.round(to.width * share)), Math.max(1, Math.round(to.height * share)))
  const found = alignProduct(layer, await readScene(smaller), {
    x: (to.left + to.width / 2) * share,
    y: (to.top + to.height / 2) * share,
  })
  if (!found) return { redraw: null, place: null }
  const { similarity, light, mean, worst, thin } = found
  // whole pixels at the smaller size are not quite the product’s own
  const scale = (similarity.scale * Math.max(layer.width, layer.height)) / (Math.max(to.width, to.height) * share)
  const place = { scale, angle: similarity.angle, dx: similarity.dx / share, dy: similarity.dy / share }
  const redraw = {
    shift: { x: place.dx, y: place.dy },
    scale,
    degrees: (place.angle * 180) / Math.PI,
    light: light.map(({ gain }) => gain),
    difference: mean,
    worst,
    thin,
  }
  // a drawing that is something else altogether has no place
  return { redraw, place: mean > REDRAW_LIMITS.difference ? null : place }
}

/** @param layer the product as it was laid @param canvas the finished picture, decoded again @param redraw how the model had drawn it; null: it drew none */
export function measureFidelity(canvas: Canvas, layer: Rgba, left: number, top: number, redraw: Redraw | null): Fidelity {
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
  return {
    pixels,
    mean: pixels === 0 ? 0 : sum / pixels,
    most,
    changed: pixels === 0 ? 0 : changed / pixels,
    drift: redraw?.difference ?? null,
    redraw,
  }
}

/** Why the picture must be looked at before it leaves; null when the product is as it was. */
export function findAlteration({ pixels, changed, redraw }: Fidelity): string | null {
  if (pixels === 0) return 'nothing of the product can be compared'
  if (changed > MAX_CHANGED) return `${(changed * 100).toFixed(2)} % of the product’s pixels are not the photo’s`
  return redraw ? findRedrawn(redraw) : null
}

/** What the model changed beyond place, size, turn, and light; null: nothing. */
export function findRedrawn({ difference, worst, thin }: Redraw): string | null {
  const drew = 'the model drew the product otherwise before its own pixels were laid back'
  if (difference > REDRAW_LIMITS.difference)
    return `${drew}: it differs everywhere (${difference.toFixed(0)} of 255 on average); parts of its own may show around it`
  if (worst > REDRAW_LIMITS.worst)
    return `${drew}: a part is missing or has another shape (differs by ${worst.toFixed(0)} of 255 in one spot, at most ${REDRAW_LIMITS.worst} are the drawing’s grain)`
  if (thin > REDRAW_LIMITS.thin) return `${(thin * 100).toFixed(0)} % of the product are too thin to compare with what the model drew`
  return null
}
