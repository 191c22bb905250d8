/** @file The page `/products/generate`: order pictures of products, see them come, compare, review, take them along. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Notice } from '../../../ui/notice.tsx'
import { generationsQuery } from '../api/generate-queries.ts'
import { OrderForm } from './order-form.tsx'
import { Review } from './review.tsx'
import { RunCard } from './run-card.tsx'

/** @param photos ids to begin with */
export function GeneratePage({ photos }: { readonly photos: readonly number[] }) {
  const { data, error } = useQuery(generationsQuery)
  const [open, setOpen] = useState<number | null>(null)
  useEffect(() => {
    document.title = 'Product pictures · fototeca'
  }, [])
  const runs = data?.generations ?? []
  const made = runs.flatMap(({ images }) => images).filter(({ picture }) => picture !== null)
  const index = made.findIndex(({ id }) => id === open)
  const image = made[index]
  return (
    <div className="scrollbar-thin h-full overflow-y-auto">
      <div className="mx-auto flex max-w-5xl flex-col gap-4 px-4 pt-5 pb-24 sm:px-6">
        <h1 className="text-xl font-semibold tracking-tight">Product pictures</h1>
        {error && <Notice tone="danger">{error.message}</Notice>}
        {image && <Review image={image} onClose={() => setOpen(null)} onStep={(by) => setOpen(made[index + by]?.id ?? null)} />}
        <OrderForm photos={photos} />
        {runs.map((run) => (
          <RunCard key={run.id} run={run} open={open} onOpen={({ id }) => setOpen(id)} />
        ))}
      </div>
    </div>
  )
}
