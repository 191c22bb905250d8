/** @file An album as a card: up to four of its pictures, name, count, and what kind it is. */
import { Link } from '@tanstack/react-router'
import { Images, Search, TriangleAlert } from 'lucide-react'
import type { AlbumReport } from '../../../../src/contract/albums.ts'
import { render } from '../../../../src/contract/messages/message.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatMonth } from '../../../lib/format.ts'

interface AlbumCardProps {
  readonly album: AlbumReport
  /** how many albums lie in it */
  readonly inside: number
}

export function AlbumCard({ album, inside }: AlbumCardProps) {
  const months = [album.first_day, album.last_day].flatMap((day) => (day === null ? [] : [formatMonth(day.slice(0, 7))]))
  const when = [...new Set(months)].join(' – ')
  return (
    <Link to="/albums/$id" params={{ id: String(album.id) }} className="group flex min-w-0 flex-col gap-2 rounded-2xl outline-offset-4">
      <CoverGrid album={album} />
      <span className="min-w-0 px-1">
        <span className="line-clamp-2 font-medium wrap-anywhere group-hover:underline">{album.name}</span>
        <span className="flex flex-wrap items-center gap-x-1.5 text-sm text-muted tabular-nums">
          {album.message !== null && <TriangleAlert className="size-3.5 text-warn" aria-label={render(album.message)} />}
          {countOf(album.count, 'photo')}
          {inside > 0 && <>, {countOf(inside, 'album')}</>}
        </span>
        {when && <span className="block truncate text-xs text-muted">{when}</span>}
      </span>
    </Link>
  )
}

function CoverGrid({ album }: { readonly album: AlbumReport }) {
  const covers = album.covers.length >= 4 ? album.covers.slice(0, 4) : album.covers.slice(0, 1)
  return (
    <span className="relative block aspect-square overflow-hidden rounded-2xl bg-tile ring-1 ring-black/6 dark:ring-white/8">
      {covers.length === 0 ? (
        <span className="grid size-full place-items-center text-muted">
          <Images className="size-8" aria-hidden />
        </span>
      ) : (
        <span className={`grid size-full ${covers.length > 1 ? 'grid-cols-2 grid-rows-2 gap-0.5' : ''}`}>
          {covers.map((photo) => (
            <img
              key={photo.id}
              src={pictureUrl('getThumbnail', photo)}
              alt=""
              loading="lazy"
              decoding="async"
              className="size-full min-h-0 object-cover"
            />
          ))}
        </span>
      )}
      {album.kind === 'by-search' && (
        <span title="A saved search: it fills itself" className="absolute top-2 right-2 rounded-full bg-black/60 p-1.5 text-white">
          <Search className="size-3.5" aria-hidden />
        </span>
      )}
    </span>
  )
}
