/** @file The products of a store, as cards or as a table with a column for each marketplace; a page at a time. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Gem } from 'lucide-react'
import { PROFILE_NAMES } from '../../../../src/contract/product-words.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { productsQuery } from '../api/product-queries.ts'
import { ProductCard, ProductRow } from './product-card.tsx'

interface ProductListProps {
  readonly store: string
  readonly isTable: boolean
  /** pictures of the store, of whatever product or none */
  readonly stored: number
  readonly onGroup: () => void
  readonly onOpen: (id: number) => void
}

export function ProductList({ store, isTable, stored, onGroup, onOpen }: ProductListProps) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(productsQuery(store))
  if (error) return <Notice tone="danger">{error.message}</Notice>
  if (!data) return null
  const products = data.pages.flatMap((page) => page.products)
  if (products.length === 0)
    return (
      <EmptyState icon={<Gem className="size-7" aria-hidden />} title="No products yet">
        <p className="text-sm text-muted">
          {stored > 0 ? `${countOf(stored, 'picture')} in the store, of no product: group them` : 'Add pictures, then group them'} by their
          file names (RING-1_1.jpg, RING-1_2.jpg), folders or look, or give each a SKU.
        </p>
        {stored > 0 && <Button onClick={onGroup}>Group pictures</Button>}
      </EmptyState>
    )
  const more = hasNextPage && (
    <div className="flex items-center gap-3 text-sm text-muted">
      <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show more
      </Button>
      {products.length} of {data.pages[0]?.total}
    </div>
  )
  if (!isTable)
    return (
      <>
        <ul className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3">
          {products.map((product) => (
            <ProductCard key={product.id} product={product} onOpen={onOpen} />
          ))}
        </ul>
        {more}
      </>
    )
  const titles = products.find(({ pictures }) => pictures.length > 0)?.pictures[0]?.readiness
  return (
    <div className="scrollbar-thin overflow-x-auto">
      <table className="w-full min-w-3xl">
        <thead>
          <tr className="text-left text-xs text-muted">
            <th scope="col" className="py-2" aria-label="Picture" />
            <th scope="col" className="py-2 pr-3">
              SKU
            </th>
            <th scope="col" className="py-2 pr-3">
              Grade
            </th>
            <th scope="col" className="py-2 pr-3">
              Pictures
            </th>
            <th scope="col" className="py-2 pr-3">
              Missing
            </th>
            {PROFILE_NAMES.map((name, at) => (
              <th key={name} scope="col" className="py-2 pr-3 text-center font-normal">
                {titles?.[at]?.title ?? name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {products.map((product) => (
            <ProductRow key={product.id} product={product} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {more}
    </div>
  )
}
