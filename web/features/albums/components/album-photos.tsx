/** @file The photos of an album as justified rows; by hand they are dragged, or moved by Alt and an arrow. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type DragEvent, type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import type { PhotoCard } from '../../../../src/contract/photo.ts'
import { ALBUM_PAGE, refreshAlbums, tellAlbumChange } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import { moveInGrid } from '../../../lib/grid-keys.ts'
import { aspectOf, GAP, justifyRows, rowHeightFor } from '../../../lib/justify.ts'
import { listSelected } from '../../../lib/selection.ts'
import { useTileSize } from '../../../lib/tile-size.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useGridSelection } from '../../../lib/use-grid-selection.ts'
import { useSize } from '../../../lib/use-size.ts'
import { PhotoTile } from '../../../ui/photo-tile.tsx'

interface AlbumPhotosProps {
  /** names the list: scroll place and selection belong to it */
  readonly list: string
  /** the album whose order can be changed here; null: none */
  readonly ordered: number | null
  readonly readAll: () => Promise<{ readonly ids: readonly number[]; readonly total: number }>
  readonly photos: readonly PhotoCard[]
  readonly scroller: RefObject<HTMLElement | null>
  readonly onOpen: (id: number, index: number) => void
  readonly onNearEnd: () => void
}

export function AlbumPhotos({ list, ordered, readAll, photos, scroller, onOpen, onNearEnd }: AlbumPhotosProps) {
  const grid = useRef<HTMLDivElement>(null)
  const { width } = useSize(grid)
  const { scale } = useTileSize()
  const { move, dropAt, ...drag } = useReorder(ordered, photos)
  const rows = useMemo(() => {
    if (width === 0) return []
    // page by page, so that one more page moves nothing
    return Array.from({ length: Math.ceil(photos.length / ALBUM_PAGE) }, (_, page) => {
      const first = page * ALBUM_PAGE
      const aspects = photos.slice(first, first + ALBUM_PAGE).map(aspectOf)
      return justifyRows(aspects, width, rowHeightFor(width) * scale, first + ALBUM_PAGE <= photos.length).map((row) => ({
        ...row,
        start: row.start + first,
        end: row.end + first,
      }))
    }).flat()
  }, [photos, width, scale])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.height ?? 200) + GAP,
    overscan: 4,
    scrollMargin: grid.current?.offsetTop ?? 0,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows have other heights
  useEffect(() => virtual.measure(), [rows, virtual])
  const items = virtual.getVirtualItems()
  const lastRow = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (rows.length > 0 && lastRow >= rows.length - 4) onNearEnd()
  }, [lastRow, rows.length, onNearEnd])
  const { onKeyDown: pressSelectKey, ...select } = useGridSelection({
    key: list,
    readRange: async (from, to) => {
      const [first, last] = [Number(from), Number(to)].sort((a, b) => a - b) as [number, number]
      return photos.slice(first, last + 1).map(({ id }) => id)
    },
    readAll,
    onOpen: ({ id, place }) => onOpen(id, Number(place)),
  })
  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Photos of the album"
      tabIndex={-1}
      aria-multiselectable
      {...select}
      {...drag}
      onKeyDown={(event: KeyboardEvent<HTMLElement>) => void (move(event) || moveInGrid(event) || pressSelectKey(event))}
      className="relative outline-none"
      style={{ height: virtual.getTotalSize() }}
    >
      {items.map((item, itemIndex) => {
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
            {photos.slice(row.start, row.end).map((photo, index) => {
              const x = left
              left += (row.widths[index] ?? 0) + GAP
              return (
                <PhotoTile
                  key={photo.id}
                  photo={photo}
                  left={x}
                  width={row.widths[index] ?? 0}
                  height={row.height}
                  focusable={itemIndex === 0 && index === 0}
                  place={String(row.start + index)}
                >
                  {dropAt === photo.id && <span data-drop className="absolute inset-y-0 left-0 w-1.5 bg-accent" />}
                </PhotoTile>
              )
            })}
          </div>
        )
      })}
    </div>
  )
}

/** Dragging a photo (or all chosen ones with it) before another; Alt and an arrow move by one. */
function useReorder(albumId: number | null, photos: readonly PhotoCard[]) {
  const client = useQueryClient()
  const [dropAt, setDropAt] = useState<number | null>(null)
  const dragged = useRef<readonly number[]>([])
  const isOrdered = albumId !== null
  const reorder = useMutation({
    mutationFn: ({ ids, before }: { ids: readonly number[]; before: number | null }) =>
      callApi('moveInAlbum', { params: { id: albumId ?? 0 }, body: { ids: [...ids], before } }),
    onSuccess: async (change) => {
      await refreshAlbums(client)
      const { message, undo } = tellAlbumChange('Moved', change, client)
      showToast({ text: message, undo })
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const idAt = (target: EventTarget): number | null => {
    const tile = (target as HTMLElement).closest('[data-cell]')?.querySelector<HTMLElement>('[data-photo]')
    return tile ? Number(tile.dataset.photo) : null
  }
  return {
    dropAt,
    onMouseDown(event: { target: EventTarget }) {
      // tiles are not draggable elsewhere; here each is, from the moment it is held
      const link = isOrdered ? (event.target as HTMLElement).closest<HTMLElement>('[data-photo]') : null
      if (link) link.draggable = true
    },
    onDragStart(event: DragEvent<HTMLElement>) {
      const id = idAt(event.target)
      if (!isOrdered || id === null) return
      const chosen = listSelected()
      dragged.current = chosen.includes(id) ? photos.map((photo) => photo.id).filter((each) => chosen.includes(each)) : [id]
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', dragged.current.join(' '))
    },
    onDragOver(event: DragEvent<HTMLElement>) {
      const id = idAt(event.target)
      if (dragged.current.length === 0 || id === null) return
      event.preventDefault()
      setDropAt(dragged.current.includes(id) ? null : id)
    },
    onDrop(event: DragEvent<HTMLElement>) {
      event.preventDefault()
      if (dropAt !== null && dragged.current.length > 0) reorder.mutate({ ids: dragged.current, before: dropAt })
      dragged.current = []
      setDropAt(null)
    },
    onDragEnd() {
      dragged.current = []
      setDropAt(null)
    },
    /** @returns true where the key was ours */
    move(event: KeyboardEvent<HTMLElement>): boolean {
      if (!isOrdered || !event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return false
      event.preventDefault()
      const id = idAt(event.target)
      const at = photos.findIndex((photo) => photo.id === id)
      if (id === null || at < 0 || reorder.isPending) return true
      const before = event.key === 'ArrowLeft' ? photos[at - 1] : photos[at + 2]
      if (event.key === 'ArrowLeft' ? at > 0 : at < photos.length - 1) reorder.mutate({ ids: [id], before: before?.id ?? null })
      return true
    },
  }
}
