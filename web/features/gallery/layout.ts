/**
 * @file Where every day of the library lies on one long page, before its photos are known. Pure.
 * Sections follow from the counts per day alone, so they never regroup when photos load: a section is either a shelf (several
 * small days side by side in one row) or a chunk of one day. Only a section’s height changes from estimate to true.
 */

import { CHUNK } from '../../lib/chunk.ts'
import { aspectOf, GAP, justifyRows, MEAN_ASPECT, type Sized } from '../../lib/justify.ts'

export const MONTH_HEIGHT = 56
export const LABEL_HEIGHT = 30
export const SECTION_GAP = 14
/** between two days on one shelf */
export const DAY_GAP = 14

interface DayPart {
  readonly key: string
  readonly day: string
  readonly chunk: number
  readonly count: number
}

export interface Section {
  readonly key: string
  /** `2026-11` where this section opens a month */
  readonly month: string | null
  /** false where it goes on with the day of the section before */
  readonly labelled: boolean
  /** true where more photos of the same day follow */
  readonly closed: boolean
  readonly parts: readonly DayPart[]
}

interface TileBox {
  readonly part: number
  readonly index: number
  readonly left: number
  readonly width: number
}

interface TileRow {
  readonly top: number
  readonly height: number
  readonly tiles: readonly TileBox[]
}

export interface SectionLayout {
  readonly height: number
  readonly labelTop: number
  readonly labels: readonly { day: string; left: number; width: number; count: number }[]
  readonly rows: readonly TileRow[]
  /** where rows lie, also while they are only estimated */
  readonly bodyTop: number
}

/** Cuts the days (newest first) into sections for this width. */
export function buildSections(days: readonly { day: string; count: number }[], width: number, wanted: number): Section[] {
  const sections: Section[] = []
  let shelf: DayPart[] = []
  let shelfWidth = 0
  let month = ''
  let opens = false
  const push = (parts: DayPart[], labelled: boolean, closed: boolean) => {
    const first = parts[0]
    if (!first) return
    sections.push({ key: first.key, month: opens ? month : null, labelled, closed, parts })
    opens = false
  }
  const closeShelf = () => {
    push(shelf, true, false)
    shelf = []
    shelfWidth = 0
  }
  for (const { day, count } of days) {
    if (count <= 0) continue
    if (day.slice(0, 7) !== month) {
      closeShelf()
      month = day.slice(0, 7)
      opens = true
    }
    const estimate = count * (MEAN_ASPECT * wanted + GAP)
    if (estimate <= width) {
      if (shelf.length > 0 && shelfWidth + DAY_GAP + estimate > width) closeShelf()
      shelfWidth += (shelf.length > 0 ? DAY_GAP : 0) + estimate
      shelf.push({ key: `${day}/0`, day, chunk: 0, count })
      continue
    }
    closeShelf()
    const chunks = Math.ceil(count / CHUNK)
    for (let chunk = 0; chunk < chunks; chunk++) {
      const part = { key: `${day}/${chunk}`, day, chunk, count: Math.min(CHUNK, count - chunk * CHUNK) }
      push([part], chunk === 0, chunk < chunks - 1)
    }
  }
  closeShelf()
  return sections
}

/** Height before the photos are known. */
export function estimateHeight(section: Section, width: number, wanted: number): number {
  const count = section.parts.reduce((sum, part) => sum + part.count, 0)
  const rows = section.parts.length > 1 ? 1 : Math.max(1, Math.round((count * (MEAN_ASPECT * wanted + GAP)) / width))
  return headHeight(section) + rows * (wanted + GAP) + (section.closed ? 0 : SECTION_GAP)
}

/** True places of a section’s photos; `photos` holds those of each part, in order. */
export function layoutSection(
  section: Section,
  photos: readonly (readonly Sized[] | undefined)[],
  width: number,
  wanted: number,
): SectionLayout {
  const labelTop = section.month ? MONTH_HEIGHT : 0
  const bodyTop = headHeight(section)
  const tail = section.closed ? 0 : SECTION_GAP
  if (section.parts.length === 1 && section.parts[0]) {
    const { day } = section.parts[0]
    const aspects = (photos[0] ?? []).map(aspectOf)
    let top = bodyTop
    const rows = justifyRows(aspects, width, wanted, section.closed).map((row) => {
      const placed = { top, height: row.height, tiles: placeTiles(row.widths, 0, 0, row.start) }
      top += row.height + GAP
      return placed
    })
    const labels = section.labelled ? [{ day, left: 0, width, count: section.parts[0].count }] : []
    return { height: top + tail, labelTop, labels, rows, bodyTop }
  }
  return layoutShelf(section, photos, width, wanted, labelTop, bodyTop, tail)
}

/** One row, several days: all photos share a height; the row shrinks to fit, and grows a little to end flush. */
function layoutShelf(
  section: Section,
  photos: readonly (readonly Sized[] | undefined)[],
  width: number,
  wanted: number,
  labelTop: number,
  bodyTop: number,
  tail: number,
): SectionLayout {
  const aspects = section.parts.map((part, index) => photos[index]?.map(aspectOf) ?? Array<number>(part.count).fill(MEAN_ASPECT))
  const gaps = aspects.reduce((sum, list) => sum + Math.max(0, list.length - 1) * GAP, 0) + (section.parts.length - 1) * DAY_GAP
  const sum = aspects.flat().reduce((total, aspect) => total + aspect, 0)
  const fill = (width - gaps) / sum
  const height = fill < wanted * 1.25 ? fill : wanted
  let left = 0
  const tiles: TileBox[] = []
  const labels = section.parts.map((part, index) => {
    const widths = (aspects[index] ?? []).map((aspect) => aspect * height)
    if (photos[index]) tiles.push(...placeTiles(widths, left, index, 0))
    const partWidth = widths.reduce((total, each) => total + each, 0) + Math.max(0, widths.length - 1) * GAP
    const label = { day: part.day, left, width: partWidth, count: part.count }
    left += partWidth + DAY_GAP
    return label
  })
  return { height: bodyTop + height + GAP + tail, labelTop, labels, rows: [{ top: bodyTop, height, tiles }], bodyTop }
}

function placeTiles(widths: readonly number[], left: number, part: number, first: number): TileBox[] {
  let x = left
  return widths.map((width, index) => {
    const tile = { part, index: first + index, left: x, width }
    x += width + GAP
    return tile
  })
}

function headHeight(section: Section): number {
  return (section.month ? MONTH_HEIGHT : 0) + (section.labelled ? LABEL_HEIGHT : 0)
}

/** Running tops of sections, one more than there are: the last is the whole height. @param first where the first one begins */
export function sumHeights(heights: readonly number[], first = 0): Float64Array {
  const tops = new Float64Array(heights.length + 1)
  tops[0] = first
  for (let index = 0; index < heights.length; index++) tops[index + 1] = (tops[index] ?? 0) + (heights[index] ?? 0)
  return tops
}

/** Index of the section at this height of the page. */
export function sectionAt(tops: Float64Array, y: number): number {
  let low = 0
  let high = tops.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((tops[middle] ?? 0) <= y) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}
