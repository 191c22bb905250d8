/** @file The photos before and after this one, small, below the picture. */
import { ImageOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { pictureUrl } from '../../../lib/api-client.ts'
import { type ListPlace, type Neighbour, useAround } from '../../../lib/photo-list.ts'

const REACH = 8

interface FilmstripProps {
  readonly place: ListPlace | undefined
  readonly id: number
  readonly onGo: (photo: Neighbour) => void
}

export function Filmstrip({ place, id, onGo }: FilmstripProps) {
  const photos = useAround(place, id, REACH)
  const strip = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another photo, or others around it
  useEffect(() => {
    const current = strip.current?.querySelector<HTMLElement>('[aria-current]')
    if (strip.current && current) strip.current.scrollLeft = current.offsetLeft - (strip.current.clientWidth - current.offsetWidth) / 2
  }, [id, photos])
  if (photos.length < 2) return null
  return (
    <nav
      ref={strip}
      aria-label="Photos around"
      className="scrollbar-none relative flex h-16 shrink-0 gap-1 overflow-x-auto px-3 pb-2 short:hidden"
    >
      {photos.map((photo) => (
        <button
          key={photo.id}
          type="button"
          // arrows go along them; one Tab stop is enough
          tabIndex={photo.id === id ? 0 : -1}
          aria-label={photo.id === id ? 'This photo' : `Photo ${photo.id}`}
          aria-current={photo.id === id || undefined}
          onClick={() => photo.id !== id && onGo(photo)}
          className="size-14 shrink-0 overflow-hidden rounded bg-tile opacity-60 outline-offset-[-2px] first:ml-auto last:mr-auto hover:opacity-100 aria-[current]:opacity-100 aria-[current]:ring-2 aria-[current]:ring-accent aria-[current]:ring-inset"
        >
          {photo.thumbhash === null ? (
            <ImageOff className="m-auto size-5 text-muted" aria-hidden />
          ) : (
            <img src={pictureUrl('getThumbnail', photo)} alt="" loading="lazy" draggable={false} className="size-full object-cover" />
          )}
        </button>
      ))}
    </nav>
  )
}
