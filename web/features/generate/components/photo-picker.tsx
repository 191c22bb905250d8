/** @file Picks the photos to make pictures of: the newest, or what words find, page by page; what is chosen already stands first. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Check, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { pictureUrl } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { pickablePhotosQuery } from '../api/generate-queries.ts'

interface PhotoPickerProps {
  readonly chosen: readonly number[]
  readonly onChange: (ids: readonly number[]) => void
}

export function PhotoPicker({ chosen, onChange }: PhotoPickerProps) {
  const [words, setWords] = useState('')
  const asked = useDeferredValue(words.trim())
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(pickablePhotosQuery(asked))
  const found = data?.pages.flatMap(({ photos }) => photos) ?? []
  // of what could not be read no picture can be made
  const offered = found.filter(({ state }) => state !== 'failed')
  const elsewhere = chosen.filter((id) => !offered.some((photo) => photo.id === id))
  const tiles = [...elsewhere.map((id) => ({ id, filename: `Photo ${id}`, thumbhash: null })), ...offered]
  const toggle = (id: number) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  return (
    <div className="flex flex-col gap-3">
      <label className="relative block max-w-md">
        <Search className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted" aria-hidden />
        <input
          type="search"
          aria-label="Search photos"
          placeholder="Search photos"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className={`${FIELD} pl-9`}
        />
      </label>
      {error && <p className="text-sm text-danger">{error.message}</p>}
      {data && tiles.length === 0 && (
        <p className="text-sm text-muted">
          {asked === '' ? 'There are no photos yet. Upload some, or add a folder.' : `No photo is found by “${asked}”.`}
        </p>
      )}
      <ul
        className="scrollbar-thin grid max-h-72 grid-cols-[repeat(auto-fill,minmax(5.5rem,1fr))] gap-2 overflow-y-auto p-1"
        aria-label="Photos"
      >
        {tiles.map((photo) => {
          const isChosen = chosen.includes(photo.id)
          return (
            <li key={photo.id}>
              <button
                type="button"
                aria-pressed={isChosen}
                aria-label={photo.filename}
                title={photo.filename}
                onClick={() => toggle(photo.id)}
                className={`relative block aspect-square w-full overflow-hidden rounded-xl border-2 bg-raised ${isChosen ? 'border-accent' : 'border-transparent'}`}
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
      {hasNextPage && (
        <div>
          <Button disabled={isFetching} onClick={() => void fetchNextPage()}>
            More photos
          </Button>
        </div>
      )}
    </div>
  )
}
