/** @file Stars and the favourite mark, set by a click; their keys are those of the page (`photo-verbs.tsx`). */
import { Heart, Star } from 'lucide-react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import type { EditPhoto } from '../../../lib/make-edit.ts'
import { rate, STARS, toggleFavourite } from './photo-verbs.tsx'
import { describeSayer, ResetButton } from './sayer.tsx'

export function RatingRow({ photo, editing }: { readonly photo: PhotoDetail; readonly editing: EditPhoto }) {
  const { rating, favourite } = photo
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <button
        type="button"
        aria-pressed={favourite.value === true}
        aria-label="Favourite"
        title="Favourite (f)"
        disabled={editing.isPending}
        onClick={() => toggleFavourite(photo, editing)}
        className="-ml-2 inline-flex size-10 items-center justify-center rounded-full hover:bg-raised"
      >
        <Heart className={`size-5 ${favourite.value ? 'fill-danger text-danger' : 'text-muted'}`} aria-hidden />
      </button>
      <fieldset className="flex items-center">
        <legend className="sr-only">Rating</legend>
        {STARS.map((stars) => (
          <button
            key={stars}
            type="button"
            aria-pressed={rating.value === stars}
            aria-label={stars === 1 ? '1 star' : `${stars} stars`}
            title={rating.value === stars ? 'Take the rating away' : `${stars} of 5 (${stars})`}
            disabled={editing.isPending}
            onClick={() => rate(photo, editing, stars)}
            className="inline-flex h-10 w-8 items-center justify-center rounded hover:bg-raised"
          >
            <Star className={`size-5 ${(rating.value ?? 0) >= stars ? 'fill-warn text-warn' : 'text-muted'}`} aria-hidden />
          </button>
        ))}
      </fieldset>
      {rating.said_by !== null && (
        <span className="flex items-center gap-2 text-xs text-muted">
          {describeSayer(rating.said_by, rating.said_at, photo.sayers)}
          {rating.machine && (
            <ResetButton
              label={`Reset the rating to ${rating.machine.value ?? 'none'}`}
              disabled={editing.isPending}
              onReset={() => editing.edit({ do: 'reset', fields: ['rating'] })}
            />
          )}
        </span>
      )}
    </div>
  )
}
