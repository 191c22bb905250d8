/** @file Justified rows: pictures of one row share a height and fill the width, with their true aspect. Pure. */

export const GAP = 4

/** Very long and very tall pictures are cropped in the grid: beyond these they would fill a row or be a sliver. */
const NARROWEST = 0.45
const WIDEST = 3.2
/** what a photo without known size takes */
const UNKNOWN_ASPECT = 1

/** Mean aspect of a mixed library (3:2 and 4:3, a third of them upright); only estimates use it. */
export const MEAN_ASPECT = 1.25

export interface Row {
  /** index of the first picture, and one past the last */
  readonly start: number
  readonly end: number
  readonly height: number
  readonly widths: readonly number[]
}

export interface Sized {
  readonly width: number | null
  readonly height: number | null
}

/** Width ÷ height as the grid shows it. */
export function aspectOf(photo: Sized): number {
  if (!photo.width || !photo.height) return UNKNOWN_ASPECT
  return Math.min(WIDEST, Math.max(NARROWEST, photo.width / photo.height))
}

/** Height of a row in this width: about two pictures on a phone, six on a desk. */
export function rowHeightFor(width: number): number {
  return width < 560 ? 132 : width < 1000 ? 180 : 220
}

/** a last row at least this full of the wanted height is stretched to end flush */
const STRETCH = 1.3
/** rows lower than this share of the wanted height are never made of more than one picture */
const LOWEST = 0.6

/**
 * Breaks pictures into rows so that heights stay as near to the wanted one as they can together (the shortest path over all breaks;
 * filling row after row leaves single pictures behind). `closed` makes the last row end flush too, because more of the same list
 * follows; otherwise it may stay ragged at the wanted height.
 */
export function justifyRows(aspects: readonly number[], width: number, wanted: number, closed = false): Row[] {
  const count = aspects.length
  if (count === 0 || width <= 0) return []
  const cost = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(count + 1)
  cost[0] = 0
  for (let end = 1; end <= count; end++) {
    let sum = 0
    for (let start = end - 1; start >= 0; start--) {
      sum += aspects[start] ?? UNKNOWN_ASPECT
      const fill = heightOf(sum, end - start, width)
      if (fill < wanted * LOWEST && end - start > 1) break
      const total = (cost[start] ?? 0) + rowCost(fill / wanted, end === count && !closed)
      if (total >= (cost[end] ?? 0)) continue
      cost[end] = total
      from[end] = start
    }
  }
  const rows: Row[] = []
  for (let end = count; end > 0; end = from[end] ?? 0) {
    const start = from[end] ?? 0
    const sum = aspects.slice(start, end).reduce((total, aspect) => total + aspect, 0)
    const fill = heightOf(sum, end - start, width)
    const height = fill <= wanted * STRETCH || (closed && fill <= wanted * 2) ? fill : end === count || fill > wanted * 2 ? wanted : fill
    rows.push({ start, end, height, widths: aspects.slice(start, end).map((aspect) => aspect * height) })
  }
  return rows.reverse()
}

/** Rows of a list that comes in pages: each full page ends flush, so that the next one moves nothing. */
export function justifyPages(aspects: readonly number[], pageSize: number, width: number, wanted: number): Row[] {
  return Array.from({ length: Math.ceil(aspects.length / pageSize) }, (_, page) => {
    const first = page * pageSize
    const rows = justifyRows(aspects.slice(first, first + pageSize), width, wanted, first + pageSize <= aspects.length)
    return rows.map((row) => ({ ...row, start: row.start + first, end: row.end + first }))
  }).flat()
}

/** How far a row is from the wanted height; too low weighs as much as too high. A ragged end costs by how empty it is. */
function rowCost(ratio: number, mayBeRagged: boolean): number {
  if (mayBeRagged && ratio > STRETCH) return 0.25 * (1 - 1 / ratio)
  const off = Math.log(ratio)
  return off * off * 4
}

/** Height at which pictures of this summed aspect fill the width. */
function heightOf(aspectSum: number, count: number, width: number): number {
  return (width - GAP * (count - 1)) / aspectSum
}
