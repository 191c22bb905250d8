/** @file The shadow under a product on white: its own from the photo, or one drawn where the photo has none. */
import type { Shadow } from '../../contract/words.ts'
import type { Matte } from '../../domain/product/cut-out/matte.ts'
import type { ShadowPlane } from '../../domain/product/cut-out/shadow.ts'
import { type Canvas, darken, type Rgba, resizePlane } from '../../media/canvas.ts'
import type { Placement } from './place.ts'

/** A shadow that is darker than this anywhere (of 255) is worth keeping; less is the unevenness of a backdrop. */
const WORTH_KEEPING = 10
/** Drawn: how dark at most, how far below and how soft, in shares of the product's longer side. */
const DARKEST = 0.22
const DROP = 0.012
const SOFTNESS = 0.014

/** Around the product's box, in shares of its longer side: no shadow reaches further, beyond it white is exactly 255. */
export const SHADOW_REACH = 0.08

export async function castShadow(
  canvas: Canvas,
  kind: Shadow,
  parts: { readonly matte: Matte; readonly own: ShadowPlane | null; readonly placement: Placement; readonly layer: Rgba },
  picture: { readonly width: number; readonly height: number },
): Promise<'own' | 'drawn' | 'none'> {
  if (kind === 'none') return 'none'
  if (kind === 'natural' && parts.own && isWorthKeeping(parts.own)) {
    await castOwn(canvas, parts.own, parts.placement, parts.matte, picture)
    return 'own'
  }
  await castDrawn(canvas, parts.layer, parts.placement)
  return 'drawn'
}

function isWorthKeeping({ darkness }: ShadowPlane): boolean {
  let dark = 0
  for (const value of darkness) if (value >= WORTH_KEEPING) dark++
  return dark > 0.002 * darkness.length
}

/** Space around the product's box into which a shadow may fall; it fades to nothing at its rim. */
const reachOf = ({ to }: Placement): number => Math.round(SHADOW_REACH * Math.max(to.width, to.height))

async function castOwn(
  canvas: Canvas,
  own: ShadowPlane,
  { from, to, scale }: Placement,
  matte: Matte,
  picture: { width: number; height: number },
): Promise<void> {
  const reach = reachOf({ from, to, scale })
  // new pixels per pixel of the plane; only what the shadow may reach of it is enlarged
  const across = (picture.width * scale) / own.width
  const down = (picture.height * scale) / own.height
  const origin = { left: to.left - (matte.left + from.left) * scale, top: to.top - (matte.top + from.top) * scale }
  const first = (start: number, step: number) => Math.max(0, Math.floor((start - reach) / step) - 1)
  const last = (end: number, step: number, most: number) => Math.min(most, Math.ceil((end + reach) / step) + 1)
  const [x0, x1] = [first(to.left - origin.left, across), last(to.left - origin.left + to.width, across, own.width)]
  const [y0, y1] = [first(to.top - origin.top, down), last(to.top - origin.top + to.height, down, own.height)]
  const part = new Uint8Array((x1 - x0) * (y1 - y0))
  for (let y = y0; y < y1; y++) part.set(own.darkness.subarray(y * own.width + x0, y * own.width + x1), (y - y0) * (x1 - x0))
  const left = Math.round(origin.left + x0 * across)
  const top = Math.round(origin.top + y0 * down)
  const width = Math.max(1, Math.round(origin.left + x1 * across) - left)
  const height = Math.max(1, Math.round(origin.top + y1 * down) - top)
  const darkness = await resizePlane({ width: x1 - x0, height: y1 - y0, data: part }, width, height, 0.6 * across)
  fade(darkness, width, height, { left: to.left - left, top: to.top - top, width: to.width, height: to.height }, reach)
  darken(canvas, darkness, width, height, left, top)
}

async function castDrawn(canvas: Canvas, layer: Rgba, placement: Placement): Promise<void> {
  const { to } = placement
  const reach = reachOf(placement)
  const long = Math.max(to.width, to.height)
  const width = to.width + 2 * reach
  const height = to.height + 2 * reach
  const plane = new Uint8Array(width * height)
  const drop = Math.round(DROP * long)
  for (let y = 0; y < layer.height; y++)
    for (let x = 0; x < layer.width; x++)
      plane[(y + reach + drop) * width + x + reach] = Math.round(DARKEST * (layer.data[(y * layer.width + x) * 4 + 3] as number))
  const darkness = await resizePlane({ width, height, data: plane }, width, height, Math.max(1, SOFTNESS * long))
  fade(darkness, width, height, { left: reach, top: reach, width: to.width, height: to.height }, reach)
  darken(canvas, darkness, width, height, to.left - reach, to.top - reach)
}

/** Full at the product's box, nothing at `reach` from it. */
function fade(
  darkness: Uint8Array,
  width: number,
  height: number,
  box: { left: number; top: number; width: number; height: number },
  reach: number,
): void {
  for (let y = 0; y < height; y++) {
    const dy = Math.max(box.top - y, y - (box.top + box.height - 1), 0)
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (!darkness[i]) continue
      const away = Math.hypot(Math.max(box.left - x, x - (box.left + box.width - 1), 0), dy)
      if (away > 0) darkness[i] = Math.floor((darkness[i] as number) * Math.max(0, 1 - away / reach) ** 1.5)
    }
  }
}
