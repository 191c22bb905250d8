/** @file The page `/products/create`: order pictures of products, see them come, compare, review, take them along. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { generationsQuery } from '../api/generate-queries.ts'
import { OrderForm } from './order-form.tsx'
import { Review } from './review.tsx'
import { RunCard } from './run-card.tsx'

/** @param photos ids to begin with */
export function GeneratePage({ photos }: { readonly photos: readonly number[] }) {
  const { data, error } = useQuery(generationsQuery)
  const [open, setOpen] = useState<number | null>(null)
  const runs = data?.generations ?? []
  const made = runs.flatMap(({ images }) => images).filter(({ picture }) => picture !== null)
  const index = made.findIndex(({ id }) => id === open)
  const image = made[index]
  return (
    <Page title="Create" about="Product pictures from your photos: white backgrounds, dimensions, scenes." width="forms">
      {error && <Notice tone="danger">{error.message}</Notice>}
      {image && <Review image={image} onClose={() => setOpen(null)} onStep={(by) => setOpen(made[index + by]?.id ?? null)} />}
      <OrderForm photos={photos} />
      {runs.map((run) => (
        <RunCard key={run.id} run={run} open={open} onOpen={({ id }) => setOpen(id)} />
      ))}
    </Page>
  )
}
