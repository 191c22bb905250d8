/** @file The page `/explore/things`: every category with its tags and photos; add, change, merge, delete. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LoaderCircle, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import type { CategoryCount } from '../../../../src/contract/library.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { categoriesQuery } from '../../../lib/library-queries.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { CategoryDialog } from './category-dialog.tsx'

/** tags shown of a category; the dialog has them all */
const TAGS_SHOWN = 14

export function CategoriesPage() {
  const { data, error, refetch } = useQuery(categoriesQuery)
  /** `null`: no dialog; `new`: a fresh one */
  const [open, setOpen] = useState<CategoryCount | 'new' | null>(null)
  const categories = data?.categories ?? []
  return (
    <Page
      title="Things"
      about="A photo is in a category when it has one of its tags, or when you put it there."
      actions={
        <Button look="solid" onClick={() => setOpen('new')}>
          <Plus className="size-4" aria-hidden />
          New category
        </Button>
      }
    >
      {error && (
        <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {categories.map((category) => (
          <li key={category.id} aria-label={category.name} className="flex flex-col gap-2 rounded-2xl border border-line bg-surface p-4">
            <div className="flex items-start justify-between gap-2">
              <div className="min-w-0">
                <h2 className="font-semibold wrap-anywhere first-letter:uppercase">{category.name}</h2>
                <Link to="/search" search={{ category: [category.name] }} className="text-sm text-accent tabular-nums hover:underline">
                  {countOf(category.count, 'photo')}
                </Link>
                {category.is_updating && (
                  <span role="status" className="ml-2 inline-flex items-center gap-1 text-xs text-muted">
                    <LoaderCircle className="size-3 animate-spin" aria-hidden />
                    looking at the photos
                  </span>
                )}
              </div>
              <IconButton label={`Change ${category.name}`} onClick={() => setOpen(category)}>
                <Pencil className="size-4" aria-hidden />
              </IconButton>
            </div>
            {category.description !== '' && <p className="text-sm wrap-anywhere">{category.description}</p>}
            <p className="text-sm text-muted wrap-anywhere">
              {category.tags.length === 0 ? 'No tags: only photos you put there.' : category.tags.slice(0, TAGS_SHOWN).join(', ')}
              {category.tags.length > TAGS_SHOWN && `, and ${category.tags.length - TAGS_SHOWN} more`}
            </p>
          </li>
        ))}
      </ul>
      {open !== null && <CategoryDialog category={open === 'new' ? null : open} all={categories} onClose={() => setOpen(null)} />}
    </Page>
  )
}
