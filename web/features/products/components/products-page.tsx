/** @file The pages of `/products`: products of a store as cards or a table, pictures of no product, those that need review, the trash. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { FIELD } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { type PictureView, storesQuery } from '../api/product-queries.ts'
import { ExportDialog } from './export-dialog.tsx'
import { GroupDialog } from './group-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { PictureDialog } from './picture-dialog.tsx'
import { PictureList } from './picture-list.tsx'
import { ProductList } from './product-list.tsx'
import { StoreActions } from './store-actions.tsx'

type View = 'cards' | PictureView
const LOOKS = [
  { value: 'cards', label: 'Cards' },
  { value: 'table', label: 'Table' },
] as const
const PATHS = { cards: '/products', loose: '/products/ungrouped', held: '/products/review', trashed: '/products/trash' } as const

export const ProductsPage = () => <StorePage view="cards" title="Products" />
export const UngroupedPage = () => <StorePage view="loose" title="Ungrouped" />
export const ReviewPage = () => <StorePage view="held" title="Needs review" />
export const ProductTrashPage = () => <StorePage view="trashed" title="Trash" />

function StorePage({ view, title }: { readonly view: View; readonly title: string }) {
  const { data, error } = useQuery(storesQuery)
  const navigate = useNavigate()
  const { store: chosen, view: look } = useSearch({ strict: false })
  const isTable = look === 'table'
  const go = (to: View, toTable = false) =>
    void navigate({ to: PATHS[to], search: { store: chosen, view: toTable && to === 'cards' ? 'table' : undefined } })
  const [open, setOpen] = useState<number | null>(null)
  const [dialog, setDialog] = useState<'group' | 'import' | 'export' | null>(null)
  const stores = data?.stores ?? []
  const store = chosen ?? stores[0]?.name
  const report = stores.find(({ name }) => name === store)
  const filling = report?.filling
  const count = view === 'held' ? report?.held : view === 'trashed' ? report?.trashed : undefined
  useHotkeys([
    ['1', () => go('cards')],
    ['2', () => go('cards', true)],
    ['3', () => go('loose')],
    ['4', () => go('held')],
    ['5', () => go('trashed')],
    ['e', () => setDialog('export')],
  ])
  return (
    <Page
      title={title}
      count={count !== undefined && count > 0 && countOf(count, 'picture')}
      actions={
        <>
          <select
            aria-label="Store"
            className={`${FIELD} w-auto! max-w-56 min-w-28 truncate`}
            value={store ?? ''}
            onChange={(event) => void navigate({ to: PATHS[view], search: { store: event.target.value, view: look } })}
          >
            {stores.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          {store && (
            <StoreActions
              store={store}
              onGroup={() => setDialog('group')}
              onImport={() => setDialog('import')}
              onExport={() => setDialog('export')}
              onSent={go}
            />
          )}
        </>
      }
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      {view === 'cards' && (
        <Segmented label="View" value={isTable ? 'table' : 'cards'} options={LOOKS} onChange={(value) => go('cards', value === 'table')} />
      )}
      {filling && (
        <Notice tone="info">
          A model for products was installed. It has still to look at {countOf(filling.owed, 'picture')}; until then uploads are compared as
          before.
        </Notice>
      )}
      {store && view === 'cards' && (
        <ProductList store={store} isTable={isTable} stored={report?.stored ?? 0} onGroup={() => setDialog('group')} onOpen={setOpen} />
      )}
      {store && view !== 'cards' && <PictureList store={store} view={view} onOpen={setOpen} />}
      {open !== null && <PictureDialog id={open} onOpen={setOpen} onClose={() => setOpen(null)} />}
      {dialog === 'group' && store && <GroupDialog store={store} onClose={() => setDialog(null)} />}
      {dialog === 'import' && store && <ImportDialog store={store} onClose={() => setDialog(null)} />}
      {dialog === 'export' && store && <ExportDialog store={store} onClose={() => setDialog(null)} />}
    </Page>
  )
}
