/** @file Finds text on pages much longer than wide (a chat or a web page saved as one picture): the detector sees them piece by piece. */
import type { Pixels } from '../../../media/picture.ts'
import { findRegions, type Region } from './find-regions.ts'
import type { Networks } from './networks.ts'
import type { Rectangle } from './rectangle.ts'
import type { Tuning } from './tuning.ts'

/** Whether the page is so long that the detector, given it in one piece, would see its text too small. */
export function isLongPage({ width, height }: Pick<Pixels, 'width' | 'height'>, { long }: Pick<Tuning, 'long'>): boolean {
  return Math.max(width, height) > long.aspect * Math.min(width, height) && Math.max(width, height) > long.tile
}

/** @returns regions in pixels of the base; what two tiles saw, once */
export async function findInTiles(networks: Pick<Networks, 'detect'>, base: Pixels, tuning: Tuning): Promise<Region[]> {
  const isTall = base.height > base.width
  const { tile, overlap } = tuning.long
  const length = Math.max(base.width, base.height)
  const count = Math.ceil((length - overlap) / (tile - overlap))
  const seen: Region[] = []
  for (let i = 0; i < count; i++) {
    const from = Math.round(((length - tile) * i) / Math.max(1, count - 1))
    const map = await networks.detect(cutTile(base, isTall, from, tile))
    for (const { rectangle, score } of findRegions(map, tuning))
      seen.push({ score, rectangle: { ...rectangle, x: rectangle.x + (isTall ? 0 : from), y: rectangle.y + (isTall ? from : 0) } })
  }
  // larger first: what an edge cut off lies within the same line whole from the next tile
  const kept: Region[] = []
  for (const region of seen.toSorted((a, b) => areaOf(b.rectangle) - areaOf(a.rectangle)))
    if (!kept.some((other) => holdsMiddle(other.rectangle, region.rectangle))) kept.push(region)
  return kept
}

function cutTile(base: Pixels, isTall: boolean, from: number, tile: number): Pixels {
  if (isTall) return { ...base, height: tile, data: base.data.subarray(from * base.width * 3, (from + tile) * base.width * 3) }
  const data = new Uint8Array(tile * base.height * 3)
  for (let y = 0; y < base.height; y++) {
    const start = (y * base.width + from) * 3
    data.set(base.data.subarray(start, start + tile * 3), y * tile * 3)
  }
  return { ...base, width: tile, data }
}

function areaOf({ width, height }: Rectangle): number {
  return width * height
}

/** Whether the middle of `inner` lies in `outer`. */
function holdsMiddle(outer: Rectangle, inner: Rectangle): boolean {
  const [dx, dy] = [inner.x - outer.x, inner.y - outer.y]
  const [cos, sin] = [Math.cos(outer.angle), Math.sin(outer.angle)]
  return Math.abs(dx * cos + dy * sin) * 2 <= outer.width && Math.abs(dy * cos - dx * sin) * 2 <= outer.height
}
