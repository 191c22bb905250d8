/** @file The pages `/albums` and `/albums/smart`: albums and saved searches as cards, the nested ones within their parent; make one; surprise me. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Images, Plus, Search, Shuffle } from 'lucide-react'
import { useState } from 'react'
import type { AlbumReport } from '../../../../src/contract/albums.ts'
import { albumsQuery } from '../../../lib/album-queries.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { AlbumCard } from './album-card.tsx'
import { AlbumDialog } from './album-dialog.tsx'

/** from so many on a box to narrow them down */
const MANY = 12

export const AlbumsPage = () => <AlbumList isSmart={false} />

/** Only those that a search fills. */
export const SmartAlbumsPage = () => <AlbumList isSmart />

function AlbumList({ isSmart }: { readonly isSmart: boolean }) {
  const { data, error, refetch } = useQuery(albumsQuery)
  const [isMaking, setMaking] = useState(false)
  const [typed, setTyped] = useState('')
  const every = data?.albums ?? []
  const all = isSmart ? every.filter(({ kind }) => kind === 'by-search') : every
  const asked = typed.trim().toLowerCase()
  const shown = all.filter((album) => (asked === '' ? isSmart || album.parent_id === null : album.name.toLowerCase().includes(asked)))
  return (
    <Page
      title={isSmart ? 'Smart albums' : 'Albums'}
      actions={
        <>
          <Link to="/albums/surprise" className={LINK_BUTTON}>
            <Shuffle className="size-4" aria-hidden />
            Surprise me
          </Link>
          {isSmart ? (
            <Link to="/search" className={LINK_BUTTON}>
              <Search className="size-4" aria-hidden />
              Search, then save it
            </Link>
          ) : (
            <Button look="solid" onClick={() => setMaking(true)}>
              <Plus className="size-4" aria-hidden />
              New album
            </Button>
          )}
        </>
      }
    >
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
      {data &&
        all.length === 0 &&
        (isSmart ? (
          <EmptyState icon={<Images className="size-7" aria-hidden />} title="A saved search fills its album by itself">
            <Link to="/search" className={LINK_BUTTON}>
              Search photos
            </Link>
          </EmptyState>
        ) : (
          <EmptyState icon={<Images className="size-7" aria-hidden />} title="Albums you make are shown here">
            <Button look="solid" onClick={() => setMaking(true)}>
              Create the first album
            </Button>
          </EmptyState>
        ))}
      {all.length > 0 && shown.length === 0 && <p className="text-muted">No album is called “{typed.trim()}”.</p>}
      <AlbumGrid albums={shown} all={every} />
      {isMaking && <AlbumDialog album={null} onClose={() => setMaking(false)} />}
    </Page>
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
