/** @file The categories a photo is in, because of which tags or because a person said so; put in and taken out here. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { categoriesQuery } from '../../../lib/library-queries.ts'
import type { EditPhoto } from '../../../lib/make-edit.ts'
import { ResetButton } from './sayer.tsx'

interface CategoryFactsProps {
  readonly photo: PhotoDetail
  /** null: only to be read */
  readonly editing: EditPhoto | null
}

export function CategoryFacts({ photo, editing }: CategoryFactsProps) {
  const { data } = useQuery({ ...categoriesQuery, enabled: editing !== null })
  const own = new Set(photo.categories.map(({ id }) => id))
  const others = (data?.categories ?? []).filter(({ id }) => !own.has(id))
  const isDecided = photo.removed_categories.length > 0 || photo.categories.some((category) => category.said_by === 'person')
  if (photo.categories.length === 0 && !isDecided && editing === null) return null
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label="Categories" className="flex flex-wrap gap-1.5 text-sm">
        {photo.categories.map((category) => (
          <li key={category.id} className="flex items-center rounded-full border border-line">
            <Link
              to="/search"
              search={{ category: [category.name] }}
              title={category.said_by === 'person' ? 'you put it there' : `because of ${category.because.join(', ')}`}
              className="rounded-full px-3 py-1 text-accent hover:underline"
            >
              {category.name}
            </Link>
            {editing && (
              <button
                type="button"
                aria-label={`Take out of ${category.name}`}
                disabled={editing.isPending}
                onClick={() => editing.edit({ do: 'remove_category', category: category.name })}
                className="-ml-1 rounded-full p-2 hover:bg-raised"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ul>
      {editing && others.length > 0 && (
        <select
          aria-label="Put into a category"
          value=""
          disabled={editing.isPending}
          onChange={(event) => editing.edit({ do: 'add_category', category: event.target.value })}
          className="h-9 rounded-full border border-line bg-page px-3 text-sm"
        >
          <option value="">Put into a category…</option>
          {others.map((category) => (
            <option key={category.id} value={category.name}>
              {category.name}
            </option>
          ))}
        </select>
      )}
      {editing && isDecided && (
        <p className="flex flex-wrap items-center gap-2 text-xs text-muted">
          {photo.removed_categories.length > 0 && <>you took it out of {photo.removed_categories.map(({ name }) => name).join(', ')}</>}
          <ResetButton
            text="Reset categories"
            label="Reset the categories to what the tags say"
            disabled={editing.isPending}
            onReset={() => editing.edit({ do: 'reset', fields: ['categories'] })}
          />
        </p>
      )}
    </div>
  )
}
