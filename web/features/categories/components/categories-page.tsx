/** @file The page `/categories`: every category with its tags and photos; add, change, merge, delete. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History, LoaderCircle, Pencil, Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { CategoryCount } from '../../../../src/contract/library.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { categoriesQuery } from '../../../lib/library-queries.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { CategoryDialog } from './category-dialog.tsx'

/** tags shown of a category; the dialog has them all */
const TAGS_SHOWN = 14

export function CategoriesPage() {
  const { data, error, refetch } = useQuery(categoriesQuery)
  /** `null`: no dialog; `new`: a fresh one */
  const [open, setOpen] = useState<CategoryCount | 'new' | null>(null)
  useEffect(() => {
    document.title = 'Categories · fototeca'
  }, [])
  const categories = data?.categories ?? []
  return (
    <div className="scrollbar-thin h-full overflow-y-auto">
      <div className="mx-auto flex max-w-5xl flex-col gap-4 px-4 pt-5 pb-24 sm:px-6">
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div>
            <h1 className="text-xl font-semibold tracking-tight">Categories</h1>
            <p className="text-sm text-muted">A photo is in a category when it has one of its tags, or when you put it there.</p>
          </div>
          <div className="flex items-center gap-2">
            <Link to="/changes" className="inline-flex h-9 items-center gap-2 rounded-full px-4 text-sm font-medium hover:bg-raised">
              <History className="size-4" aria-hidden />
              Changes
            </Link>
            <Button look="solid" onClick={() => setOpen('new')}>
              <Plus className="size-4" aria-hidden />
              New category
            </Button>
          </div>
        </header>
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        <ul className="grid gap-3 sm:grid-cols-2">
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
      </div>
      {open !== null && <CategoryDialog category={open === 'new' ? null : open} all={categories} onClose={() => setOpen(null)} />}
    </div>
  )
}
