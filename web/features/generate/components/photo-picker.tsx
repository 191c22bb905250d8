/** @file Picks the photos to make pictures of, among the newest. */
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { pictureUrl } from '../../../lib/api-client.ts'
import { pickablePhotosQuery } from '../api/generate-queries.ts'

interface PhotoPickerProps {
  readonly chosen: readonly number[]
  readonly onChange: (ids: readonly number[]) => void
}

export function PhotoPicker({ chosen, onChange }: PhotoPickerProps) {
  const { data } = useQuery(pickablePhotosQuery)
  if (!data) return null
  if (data.photos.length === 0) return <p className="text-sm text-muted">There are no photos yet. Upload some, or add a folder.</p>
  return (
    <ul className="scrollbar-thin flex gap-2 overflow-x-auto p-1" aria-label="Photos">
      {data.photos.map((photo) => {
        const isChosen = chosen.includes(photo.id)
        return (
          <li key={photo.id} className="shrink-0">
            <button
              type="button"
              aria-pressed={isChosen}
              aria-label={photo.filename}
              title={photo.filename}
              onClick={() => onChange(isChosen ? chosen.filter((id) => id !== photo.id) : [...chosen, photo.id])}
              className={`relative block size-24 overflow-hidden rounded-xl border-2 bg-raised ${isChosen ? 'border-accent' : 'border-transparent'}`}
            >
              <img src={pictureUrl('getThumbnail', photo)} alt="" loading="lazy" className="size-full object-cover" />
              {isChosen && (
                <span className="absolute top-1 right-1 rounded-full bg-accent p-0.5 text-on-accent">
                  <Check className="size-3.5" aria-hidden />
                </span>
              )}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
