/** @file Products, their pictures and stores, and sending pictures into one. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { callApi, productUploadUrl, readProblem } from '../../../lib/api-client.ts'

export const storesQuery = queryOptions({ queryKey: ['products', 'stores'], queryFn: ({ signal }) => callApi('listStores', { signal }) })

/** Products or pictures per page. */
const PAGE = 60

export const productsQuery = (store: string) =>
  infiniteQueryOptions({
    queryKey: ['products', 'list', store],
    queryFn: ({ pageParam, signal }) => callApi('listProducts', { query: { store, skip: pageParam, limit: PAGE }, signal }),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => (pages.length * PAGE < total ? pages.length * PAGE : null),
  })

export type PictureView = 'loose' | 'held' | 'trashed'
export const picturesQuery = (store: string, view: PictureView) =>
  infiniteQueryOptions({
    queryKey: ['products', 'pictures', store, view],
    queryFn: ({ pageParam, signal }) =>
      callApi('listPictures', {
        query: { store, skip: pageParam, limit: PAGE, ...(view === 'loose' ? { state: 'stored', loose: true } : { state: view }) },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => (pages.length * PAGE < total ? pages.length * PAGE : null),
  })

export const pictureQuery = (id: number) =>
  queryOptions({ queryKey: ['products', 'picture', id], queryFn: ({ signal }) => callApi('getPicture', { params: { id }, signal }) })

/** The products there would be; asked anew each time the dialog opens. */
export const groupsQuery = (store: string, by: 'file-name' | 'folder' | 'look') =>
  queryOptions({
    queryKey: ['products', 'groups', store, by],
    queryFn: ({ signal }) => callApi('groupPictures', { body: { store, by, dry_run: true }, signal }),
    gcTime: 0,
  })

export interface SentPicture {
  readonly duplicate: boolean
  readonly kind: string | null
  readonly picture: ProductPicture
}

export async function sendPicture(store: string, file: File): Promise<SentPicture> {
  const form = new FormData()
  form.append('file', file)
  const answer = await fetch(productUploadUrl(store), { method: 'POST', body: form })
  const text = await answer.text()
  if (!answer.ok) throw readProblem(answer.status, text)
  return JSON.parse(text) as SentPicture
}
