/** @file A list of photos as justified rows in which one walks and chooses by keys and pointer; only rows near the view are drawn. */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef } from 'react'
import type { PhotoCard } from '../../src/contract/photo.ts'
import { moveInGrid } from '../lib/grid-keys.ts'
import { aspectOf, GAP, justifyPages, type Row, rowHeightFor } from '../lib/justify.ts'
import { useTileSize } from '../lib/tile-size.ts'
import { type SelectableList, useGridSelection } from '../lib/use-grid-selection.ts'
import { useSize } from '../lib/use-size.ts'

/** Rows whose height is not known yet. */
const USUAL_HEIGHT = 200
/** Rows before the end at which more is asked for. */
const NEAR_END = 4

interface JustifiedList {
  /** names the list: selection belongs to it */
  readonly list: string
  readonly photos: readonly PhotoCard[]
  /** photos per page: each page ends flush, so that one more page moves nothing */
  readonly pageSize: number
  readonly scroller: RefObject<HTMLElement | null>
  readonly initialOffset?: () => number
  readonly onOpen: (id: number, index: number) => void
  readonly onNearEnd: () => void
  /** ids of all photos, also of those on pages to come */
  readonly readAll: SelectableList['readAll']
  /** keys of the list’s own, before all others; true: it was ours */
  readonly pressKey?: (event: KeyboardEvent<HTMLElement>) => boolean
}

/** @returns `props` for the element around `JustifiedRows` */
export function useJustifiedRows(input: JustifiedList) {
  const { photos, pageSize, scroller, onOpen, onNearEnd } = input
  const grid = useRef<HTMLDivElement>(null)
  const { width } = useSize(grid)
  const { scale } = useTileSize()
  const rows = useMemo(() => {
    if (width === 0) return []
    return justifyPages(photos.map(aspectOf), pageSize, width, rowHeightFor(width) * scale)
  }, [photos, pageSize, width, scale])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.height ?? USUAL_HEIGHT) + GAP,
    overscan: 4,
    scrollMargin: grid.current?.offsetTop ?? 0,
    ...(input.initialOffset && { initialOffset: input.initialOffset }),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows have other heights
  useEffect(() => virtual.measure(), [rows, virtual])
  const lastRow = virtual.getVirtualItems().at(-1)?.index ?? -1
  useEffect(() => {
    if (rows.length > 0 && lastRow >= rows.length - NEAR_END) onNearEnd()
  }, [lastRow, rows.length, onNearEnd])

  const { onKeyDown: pressSelectKey, ...select } = useGridSelection({
    key: input.list,
    readRange: async (from, to) => {
      const [first, last] = [Number(from), Number(to)].sort((a, b) => a - b) as [number, number]
      return photos.slice(first, last + 1).map(({ id }) => id)
    },
    readAll: input.readAll,
    onOpen: ({ id, place }) => onOpen(id, Number(place)),
  })
  const props = {
    ref: grid,
    tabIndex: -1,
    'aria-multiselectable': true,
    ...select,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void (input.pressKey?.(event) || moveInGrid(event) || pressSelectKey(event)),
    className: 'relative outline-none',
    style: { height: virtual.getTotalSize() },
  } as const
  return { grid, rows, virtual, props }
}

/** Where a photo of the list stands; what `PhotoTile` wants to know beside the photo. */
export interface TilePlace {
  readonly left: number
  readonly width: number
  readonly height: number
  /** the one that Tab reaches */
  readonly focusable: boolean
  readonly place: string
}

interface JustifiedRowsProps {
  readonly rows: readonly Row[]
  readonly virtual: Virtualizer<HTMLElement, Element>
  /** draws the photo at this index of the list */
  readonly children: (index: number, place: TilePlace) => ReactNode
}

export function JustifiedRows({ rows, virtual, children }: JustifiedRowsProps) {
  return virtual.getVirtualItems().map((item, itemIndex) => {
    const row = rows[item.index]
    if (!row) return null
    let left = 0
    return (
      <div
        key={item.key}
        role="row"
        className="absolute inset-x-0"
        style={{ top: item.start - virtual.options.scrollMargin, height: row.height }}
      >
        {row.widths.map((width, index) => {
          const place = {
            left,
            width,
            height: row.height,
            focusable: itemIndex === 0 && index === 0,
            place: String(row.start + index),
          }
          left += width + GAP
          return children(row.start + index, place)
        })}
      </div>
    )
  })
}
