/** @file One photo in a grid: placeholder, thumbnail, badges. A plain link; the grid decides what a click does. */
import { CircleAlert, Clock3, ImageOff, TriangleAlert } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import type { PhotoCard } from '../../src/contract/photo.ts'
import { pictureUrl } from '../lib/api-client.ts'
import { formatDayLong } from '../lib/format.ts'
import { useIsSelected } from '../lib/selection.ts'
import { placeholderUrl } from '../lib/thumbhash.ts'
import { SelectCheck } from './select-check.tsx'

interface PhotoTileProps {
  readonly photo: PhotoCard
  readonly width: number
  readonly height: number
  readonly left: number
  readonly focusable: boolean
  /** where it stands in its list, for the grid’s click */
  readonly place?: string
  readonly children?: ReactNode
}

/** Marks the picture as loaded; also for one that was in the cache before React listened. */
export const markLoaded = (image: HTMLImageElement | null): void => {
  if (image?.complete && image.naturalWidth > 0) image.dataset.loaded = ''
}

export const PhotoTile = memo(function PhotoTile({ photo, width, height, left, focusable, place, children }: PhotoTileProps) {
  const placeholder = placeholderUrl(photo.thumbhash)
  const failed = photo.state === 'failed'
  const selected = useIsSelected(photo.id)
  return (
    <div
      role="gridcell"
      aria-selected={selected}
      data-cell
      className={`group absolute top-0 ${selected ? 'rounded-[3px] bg-accent-soft' : ''}`}
      style={{ left, width, height }}
    >
      <a
        href={`/photo/${photo.id}`}
        data-photo={photo.id}
        data-place={place}
        data-name={photo.filename}
        tabIndex={focusable ? 0 : -1}
        aria-label={describePhoto(photo)}
        className={`absolute inset-0 block overflow-hidden rounded-[3px] bg-tile bg-cover outline-offset-[-3px] transition-transform duration-100 [-webkit-touch-callout:none] after:absolute after:inset-0 after:rounded-[3px] after:ring-1 after:ring-black/6 after:ring-inset focus-visible:outline-3 dark:after:ring-white/6 ${
          selected ? 'scale-90 rounded-lg' : ''
        }`}
        style={placeholder ? { backgroundImage: `url(${placeholder})` } : {}}
        draggable={false}
      >
        {failed ? (
          <FailedFace photo={photo} />
        ) : photo.width === null ? (
          <span className="absolute inset-0 grid place-items-center text-muted">
            <Clock3 className="size-5" aria-hidden />
          </span>
        ) : (
          <img
            ref={markLoaded}
            src={pictureUrl('getThumbnail', photo)}
            alt=""
            decoding="async"
            draggable={false}
            onLoad={(event) => markLoaded(event.currentTarget)}
            className="fade-in-picture size-full object-cover"
          />
        )}
        <Badges photo={photo} />
        {children}
      </a>
      <SelectCheck id={photo.id} name={photo.filename} />
    </div>
  )
})

/** The tile’s words for those who do not see it: name, day, and what is wrong with it. */
export function describePhoto(photo: PhotoCard): string {
  const parts = [photo.filename, formatDayLong(photo.day)]
  if (photo.state === 'failed') parts.push(`failed: ${photo.reason ?? 'the picture could not be read'}`)
  else if (photo.state === 'partial') parts.push('some facts are missing')
  else if (photo.state !== 'completed') parts.push('being worked on')
  if (photo.missing) parts.push('its file is missing')
  return parts.join(', ')
}

function FailedFace({ photo }: { readonly photo: PhotoCard }) {
  return (
    <span className="absolute inset-0 flex flex-col items-center justify-center gap-1 bg-danger-soft p-2 text-center text-danger">
      <ImageOff className="size-5 shrink-0" aria-hidden />
      <span className="line-clamp-2 text-xs wrap-anywhere">{photo.filename}</span>
    </span>
  )
}

function Badges({ photo }: { readonly photo: PhotoCard }) {
  const partial = photo.state === 'partial'
  if (!partial && !photo.missing) return null
  return (
    <span className="absolute top-1.5 right-1.5 flex gap-1">
      {partial && (
        <span title="Some facts are missing" className="rounded-full bg-black/60 p-1 text-amber-300">
          <TriangleAlert className="size-3.5" aria-hidden />
        </span>
      )}
      {photo.missing && (
        <span title="Its file is missing" className="rounded-full bg-black/60 p-1 text-red-300">
          <CircleAlert className="size-3.5" aria-hidden />
        </span>
      )}
    </span>
  )
}
