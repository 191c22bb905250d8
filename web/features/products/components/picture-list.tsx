/** @file Pictures of a store that are of no product, held for a person, or in its trash; a page at a time. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Gem } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { type PictureView, picturesQuery } from '../api/product-queries.ts'
import { HeldQueue } from './held-queue.tsx'
import { PictureTile } from './picture-tile.tsx'

const EMPTY: Record<PictureView, { title: string; text: string }> = {
  loose: { title: 'Every picture belongs to a product', text: 'Pictures that are added wait here until they have a SKU.' },
  held: { title: 'Nothing is held', text: 'In a store with “hold: similar”, pictures that only look like another one wait here for you.' },
  trashed: { title: 'The trash is empty', text: 'Pictures you take out of the store come here, and can be put back.' },
}

interface PictureListProps {
  readonly store: string
  readonly view: PictureView
  readonly onOpen: (id: number) => void
}

export function PictureList({ store, view, onOpen }: PictureListProps) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(picturesQuery(store, view))
  if (error) return <Notice tone="danger">{error.message}</Notice>
  if (!data) return null
  const pictures = data.pages.flatMap((page) => page.pictures)
  if (pictures.length === 0)
    return (
      <EmptyState icon={<Gem className="size-7" aria-hidden />} title={EMPTY[view].title}>
        <p className="text-sm text-muted">{EMPTY[view].text}</p>
      </EmptyState>
    )
  if (view === 'held') return <HeldQueue pictures={pictures} onOpen={onOpen} />
  return (
    <div className="flex flex-col gap-4">
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-6">
        {pictures.map((picture) => (
          <li key={picture.id}>
            <PictureTile picture={picture} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div className="flex items-center gap-3 text-sm text-muted">
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
          {pictures.length} of {data.pages[0]?.total}
        </div>
      )}
    </div>
  )
}
