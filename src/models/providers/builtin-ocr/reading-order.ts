/** @file Puts lines into reading order, in the frame in which the page reads upright. */
import type { Rectangle } from './rectangle.ts'

interface Placed<T> {
  readonly item: T
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Rows from the top, each from the left; where the page is set in columns of running text, one column after the other.
 * @param angle reading direction of the page in radians
 */
export function sortByReading<T>(items: readonly T[], rectangleOf: (item: T) => Rectangle, angle: number): T[] {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const placed = items.map((item) => {
    const r = rectangleOf(item)
    const u = r.x * cos + r.y * sin
    const v = -r.x * sin + r.y * cos
    // its extent in the page's frame, whatever its own angle is
    const c = Math.abs(Math.cos(r.angle - angle))
    const s = Math.abs(Math.sin(r.angle - angle))
    const halfU = (r.width * c + r.height * s) / 2
    const halfV = (r.width * s + r.height * c) / 2
    return { item, left: u - halfU, right: u + halfU, top: v - halfV, bottom: v + halfV }
  })
  return sortBlock(placed, 0).map((p) => p.item)
}

function sortBlock<T>(block: readonly Placed<T>[], depth: number): Placed<T>[] {
  const columns = depth < 4 ? splitColumns(block) : null
  if (columns) return columns.flatMap((column) => sortBlock(column, depth + 1))
  return sortRows(block)
}

/** Lines whose middles lie within half a line's height of each other form a row. */
function sortRows<T>(block: readonly Placed<T>[]): Placed<T>[] {
  const rows: Placed<T>[][] = []
  for (const line of block.toSorted((a, b) => middle(a) - middle(b))) {
    const row = rows.at(-1)
    const last = row?.at(-1)
    if (row && last && middle(line) - middle(last) < 0.5 * Math.min(line.bottom - line.top, last.bottom - last.top)) row.push(line)
    else rows.push([line])
  }
  return rows.flatMap((row) => row.sort((a, b) => a.left - b.left))
}

/**
 * Cuts a block into head, columns and foot. Columns are two runs of at least 4 lines side by side with a free strip between them,
 * both made of running text: a table's narrow price column must stay in its rows.
 */
function splitColumns<T>(block: readonly Placed<T>[]): Placed<T>[][] | null {
  if (block.length < 8) return null
  const lines = block.toSorted((a, b) => a.top - b.top)
  const height = median(lines.map((l) => l.bottom - l.top))
  const edges = [...new Set(lines.map((l) => l.left))].sort((a, b) => a - b)
  let best: { gutter: number; left: Placed<T>[]; right: Placed<T>[]; crossing: Placed<T>[] } | null = null
  for (const gutter of edges) {
    const left = lines.filter((l) => l.right <= gutter - 0.3 * height)
    const right = lines.filter((l) => l.left >= gutter)
    const crossing = lines.filter((l) => l.left < gutter && l.right > gutter - 0.3 * height)
    if (!isRunningText(left, height) || !isRunningText(right, height)) continue
    const top = Math.max(spanOf(left).top, spanOf(right).top)
    const bottom = Math.min(spanOf(left).bottom, spanOf(right).bottom)
    if (bottom - top < 4 * height) continue
    // lines across the strip may stand above or below the columns, not between their lines
    if (crossing.some((l) => middle(l) > top && middle(l) < bottom)) continue
    if (!best || left.length + right.length > best.left.length + best.right.length) best = { gutter, left, right, crossing }
  }
  if (!best) return null
  const { left, right, crossing } = best
  const top = Math.max(spanOf(left).top, spanOf(right).top)
  const head = crossing.filter((l) => middle(l) <= top)
  const foot = crossing.filter((l) => middle(l) > top)
  return [head, left, right, foot].filter((part) => part.length > 0)
}

/** At least 4 lines, most of them filling more than half of the column, and long for their height. */
function isRunningText<T>(column: readonly Placed<T>[], height: number): boolean {
  if (column.length < 4) return false
  const { left, right } = spanOf(column)
  const width = right - left
  return width > 8 * height && median(column.map((l) => l.right - l.left)) > 0.6 * width
}

function spanOf<T>(block: readonly Placed<T>[]): { left: number; right: number; top: number; bottom: number } {
  const span = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity }
  for (const l of block) {
    span.left = Math.min(span.left, l.left)
    span.right = Math.max(span.right, l.right)
    span.top = Math.min(span.top, l.top)
    span.bottom = Math.max(span.bottom, l.bottom)
  }
  return span
}

function middle(l: { top: number; bottom: number }): number {
  return (l.top + l.bottom) / 2
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
