/** @file The page `/products`: products of a store as cards or a table, pictures of no product, held ones, the trash; adding, grouping, import, export. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Download, FileUp, Gem, Group, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { PROFILE_NAMES } from '../../../../src/contract/product-words.ts'
import { callApi, productExportUrl } from '../../../lib/api-client.ts'
import { plural } from '../../../lib/format.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { type PictureView, picturesQuery, productsQuery, sendPicture, storesQuery } from '../api/product-queries.ts'
import { ImportDialog } from './import-dialog.tsx'
import { PictureDialog } from './picture-dialog.tsx'
import { PictureTile } from './picture-tile.tsx'
import { ProductCard, ProductRow } from './product-card.tsx'

type View = 'cards' | 'table' | PictureView
const VIEWS = [
  { value: 'cards', label: 'Products' },
  { value: 'table', label: 'Table' },
  { value: 'loose', label: 'Loose' },
  { value: 'held', label: 'Held' },
  { value: 'trashed', label: 'Trash' },
] as const satisfies readonly { value: View; label: string }[]

export function ProductsPage() {
  const { data, error } = useQuery(storesQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const [view, setView] = useState<View>('cards')
  const [open, setOpen] = useState<number | null>(null)
  const [isImporting, setImporting] = useState(false)
  useEffect(() => {
    document.title = 'Products · fototeca'
  }, [])
  const stores = data?.stores ?? []
  const store = chosen ?? stores[0]?.name
  return (
    <div className="scrollbar-thin h-full overflow-y-auto">
      <div className="mx-auto flex max-w-7xl flex-col gap-4 px-4 pt-5 pb-24 sm:px-6">
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div className="flex items-center gap-3">
            <h1 className="text-xl font-semibold tracking-tight">Products</h1>
            <select
              aria-label="Store"
              className={`${FIELD} w-auto min-w-28`}
              value={store ?? ''}
              onChange={(event) => setChosen(event.target.value)}
            >
              {stores.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          {store && <Actions store={store} onImport={() => setImporting(true)} onView={setView} />}
        </header>
        {error && <Notice tone="danger">{error.message}</Notice>}
        <div className="scrollbar-thin -mx-4 overflow-x-auto px-4">
          <Segmented label="View" value={view} options={VIEWS} onChange={setView} />
        </div>
        {store && (view === 'cards' || view === 'table') && <Products store={store} isTable={view === 'table'} onOpen={setOpen} />}
        {store && view !== 'cards' && view !== 'table' && <Pictures store={store} view={view} onOpen={setOpen} />}
      </div>
      {open !== null && <PictureDialog id={open} onOpen={setOpen} onClose={() => setOpen(null)} />}
      {isImporting && store && <ImportDialog store={store} onClose={() => setImporting(false)} />}
    </div>
  )
}

interface ActionsProps {
  readonly store: string
  readonly onImport: () => void
  readonly onView: (view: View) => void
}

function Actions({ store, onImport, onView }: ActionsProps) {
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const refresh = () => void client.invalidateQueries({ queryKey: ['products'] })
  const onError = (error: Error) => showToast({ text: error.message, tone: 'danger' })
  const send = useMutation({
    mutationFn: async (files: readonly File[]) => {
      const counts = { taken: 0, there: 0, held: 0, failed: [] as string[] }
      for (const file of files) {
        try {
          const { duplicate, picture } = await sendPicture(store, file)
          if (duplicate) counts.there++
          else if (picture.state === 'held') counts.held++
          else counts.taken++
        } catch (error) {
          counts.failed.push(`${file.name}: ${(error as Error).message}`)
        }
      }
      return counts
    },
    onSuccess: ({ taken, there, held, failed }) => {
      refresh()
      onView(held > 0 ? 'held' : 'loose')
      const parts = [`${taken} taken`, ...(there > 0 ? [`${there} there already`] : []), ...(held > 0 ? [`${held} held for you`] : [])]
      showToast({ text: `${parts.join(', ')}.` })
      for (const text of failed.slice(0, 2)) showToast({ text, tone: 'danger' })
    },
  })
  const group = useMutation({
    mutationFn: () => callApi('groupPictures', { body: { store, by: 'file-name', dry_run: false } }),
    onSuccess: ({ groups }) => {
      refresh()
      showToast({
        text: groups.length === 0 ? 'No file name says which product it shows.' : `${plural(groups.length, 'product')} from file names.`,
      })
    },
    onError,
  })
  return (
    <div className="flex flex-wrap items-center gap-2">
      <input
        ref={input}
        type="file"
        multiple
        accept="image/*"
        aria-label="Product pictures to add"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) send.mutate(files)
        }}
      />
      <Button look="solid" disabled={send.isPending} onClick={() => input.current?.click()}>
        <Plus className="size-4" aria-hidden /> {send.isPending ? 'Sending…' : 'Add pictures'}
      </Button>
      <Button disabled={group.isPending} onClick={() => group.mutate()}>
        <Group className="size-4" aria-hidden /> Group by file names
      </Button>
      <Button onClick={onImport}>
        <FileUp className="size-4" aria-hidden /> Import
      </Button>
      <a
        href={productExportUrl(store)}
        download
        className="inline-flex h-9 items-center gap-2 rounded-full bg-raised px-4 text-sm font-medium whitespace-nowrap hover:bg-line"
      >
        <Download className="size-4" aria-hidden /> Export
      </a>
    </div>
  )
}

interface ListProps {
  readonly store: string
  readonly onOpen: (id: number) => void
}

function Products({ store, isTable, onOpen }: ListProps & { readonly isTable: boolean }) {
  const { data, error } = useQuery(productsQuery(store))
  if (error) return <Notice tone="danger">{error.message}</Notice>
  if (!data) return null
  if (data.products.length === 0)
    return (
      <EmptyState icon={<Gem className="size-7" aria-hidden />} title="No products yet">
        <p className="text-sm text-muted">
          Add pictures, then group them by their file names (RING-1_1.jpg, RING-1_2.jpg), or give each a SKU.
        </p>
      </EmptyState>
    )
  const more = data.total > data.products.length && (
    <p className="text-sm text-muted">
      The first {data.products.length} of {data.total}. The others are in the export and in the API.
    </p>
  )
  if (!isTable)
    return (
      <>
        <ul className="grid grid-cols-1 gap-3 md:grid-cols-2 xl:grid-cols-3">
          {data.products.map((product) => (
            <ProductCard key={product.id} product={product} onOpen={onOpen} />
          ))}
        </ul>
        {more}
      </>
    )
  const titles = data.products.find(({ pictures }) => pictures.length > 0)?.pictures[0]?.readiness
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
          {data.products.map((product) => (
            <ProductRow key={product.id} product={product} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {more}
    </div>
  )
}

const EMPTY: Record<PictureView, string> = {
  loose: 'Every picture belongs to a product',
  held: 'Nothing is held',
  trashed: 'The trash is empty',
}

function Pictures({ store, view, onOpen }: ListProps & { readonly view: PictureView }) {
  const { data, error } = useQuery(picturesQuery(store, view))
  if (error) return <Notice tone="danger">{error.message}</Notice>
  if (!data) return null
  if (data.pictures.length === 0) return <EmptyState icon={<Gem className="size-7" aria-hidden />} title={EMPTY[view]} />
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-6">
      {data.pictures.map((picture) => (
        <li key={picture.id}>
          <PictureTile picture={picture} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  )
}
