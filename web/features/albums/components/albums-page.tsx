/** @file The page `/albums`: albums and saved searches as cards, the nested ones within their parent; make one; surprise me. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Images, Plus, Shuffle } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { AlbumReport } from '../../../../src/contract/albums.ts'
import { albumsQuery } from '../../../lib/album-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { AlbumCard } from './album-card.tsx'
import { AlbumDialog } from './album-dialog.tsx'

/** from so many on a box to narrow them down */
const MANY = 12

export function AlbumsPage() {
  const { data, error, refetch } = useQuery(albumsQuery)
  const [isMaking, setMaking] = useState(false)
  const [typed, setTyped] = useState('')
  useEffect(() => {
    document.title = 'Albums · fototeca'
  }, [])
  const all = data?.albums ?? []
  const asked = typed.trim().toLowerCase()
  const shown = all.filter((album) => (asked === '' ? album.parent_id === null : album.name.toLowerCase().includes(asked)))
  return (
    <div className="scrollbar-thin h-full overflow-y-auto">
      <div className="mx-auto flex max-w-6xl flex-col gap-5 px-4 pt-5 pb-24 sm:px-6">
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div>
            <h1 className="text-xl font-semibold tracking-tight">Albums</h1>
            <p className="text-sm text-muted">Photos you put together, and searches that fill themselves.</p>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <Link
              to="/surprise"
              className="inline-flex h-9 items-center gap-2 rounded-full bg-raised px-4 text-sm font-medium hover:bg-line"
            >
              <Shuffle className="size-4" aria-hidden />
              Surprise me
            </Link>
            <Button look="solid" onClick={() => setMaking(true)}>
              <Plus className="size-4" aria-hidden />
              New album
            </Button>
          </div>
        </header>
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        {all.length >= MANY && (
          <input
            aria-label="Find an album"
            placeholder="Find an album"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className={`${FIELD} max-w-sm`}
          />
        )}
        {data && all.length === 0 && (
          <EmptyState icon={<Images className="size-7" aria-hidden />} title="No albums yet">
            <p className="text-muted">Choose photos and put them into one (key l), or save a search: its album fills itself.</p>
            <Button look="solid" onClick={() => setMaking(true)}>
              Make the first album
            </Button>
          </EmptyState>
        )}
        {all.length > 0 && shown.length === 0 && <p className="text-muted">No album is called “{typed.trim()}”.</p>}
        <AlbumGrid albums={shown} all={all} />
      </div>
      {isMaking && <AlbumDialog album={null} onClose={() => setMaking(false)} />}
    </div>
  )
}

interface AlbumGridProps {
  readonly albums: readonly AlbumReport[]
  readonly all: readonly AlbumReport[]
}

export function AlbumGrid({ albums, all }: AlbumGridProps) {
  if (albums.length === 0) return null
  return (
    <ul aria-label="Albums" className="grid grid-cols-2 gap-x-4 gap-y-6 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5">
      {albums.map((album) => (
        <li key={album.id} className="min-w-0">
          <AlbumCard album={album} inside={all.filter(({ parent_id }) => parent_id === album.id).length} />
        </li>
      ))}
    </ul>
  )
}
