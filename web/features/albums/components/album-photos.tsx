/** @file The photos of an album as justified rows; by hand they are dragged, or moved by Alt and an arrow. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type DragEvent, type KeyboardEvent, type RefObject, useRef, useState } from 'react'
import type { PhotoCard } from '../../../../src/contract/photo.ts'
import { ALBUM_PAGE, refreshAlbums, tellAlbumChange } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import { listSelected } from '../../../lib/selection.ts'
import { showToast } from '../../../lib/toasts.ts'
import { JustifiedRows, useJustifiedRows } from '../../../ui/justified-rows.tsx'
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
  const { move, dropAt, ...drag } = useReorder(ordered, photos)
  const { rows, virtual, props } = useJustifiedRows({
    list,
    photos,
    pageSize: ALBUM_PAGE,
    scroller,
    onOpen,
    onNearEnd,
    readAll,
    pressKey: move,
  })
  return (
    <div role="grid" {...props} {...drag} aria-label="Photos of the album">
      <JustifiedRows rows={rows} virtual={virtual}>
        {(index, place) => {
          const photo = photos[index]
          return (
            photo && (
              <PhotoTile key={photo.id} photo={photo} {...place}>
                {dropAt === photo.id && <span data-drop className="absolute inset-y-0 left-0 w-1.5 bg-accent" />}
              </PhotoTile>
            )
          )
        }}
      </JustifiedRows>
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
