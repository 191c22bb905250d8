/** @file The page `/products`: products of a store as cards or a table, pictures of no product, held ones, the trash. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { FIELD } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { type PictureView, storesQuery } from '../api/product-queries.ts'
import { ExportDialog } from './export-dialog.tsx'
import { GroupDialog } from './group-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { PictureDialog } from './picture-dialog.tsx'
import { PictureList } from './picture-list.tsx'
import { ProductList } from './product-list.tsx'
import { StoreActions } from './store-actions.tsx'

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
  const [dialog, setDialog] = useState<'group' | 'import' | 'export' | null>(null)
  useEffect(() => {
    document.title = 'Products · fototeca'
  }, [])
  const stores = data?.stores ?? []
  const store = chosen ?? stores[0]?.name
  const report = stores.find(({ name }) => name === store)
  const filling = report?.filling
  const counts: Partial<Record<View, number | undefined>> = { held: report?.held, trashed: report?.trashed }
  const views = VIEWS.map(({ value, label }) => ({ value, label: counts[value] ? `${label} ${counts[value]}` : label }))
  useHotkeys([
    ['1', () => setView('cards')],
    ['2', () => setView('table')],
    ['3', () => setView('loose')],
    ['4', () => setView('held')],
    ['5', () => setView('trashed')],
    ['e', () => setDialog('export')],
  ])
  return (
    <div className="scrollbar-thin h-full overflow-y-auto">
      <div className="mx-auto flex max-w-7xl flex-col gap-4 px-4 pt-5 pb-24 sm:px-6">
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div className="flex items-center gap-3">
            <h1 className="text-xl font-semibold tracking-tight">Products</h1>
            <select
              aria-label="Store"
              className={`${FIELD} w-auto max-w-56 min-w-28 truncate`}
              value={store ?? ''}
              onChange={(event) => setChosen(event.target.value)}
            >
              {stores.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          {store && (
            <StoreActions
              store={store}
              onGroup={() => setDialog('group')}
              onImport={() => setDialog('import')}
              onExport={() => setDialog('export')}
              onSent={setView}
            />
          )}
        </header>
        {error && <Notice tone="danger">{error.message}</Notice>}
        <div className="scrollbar-thin -mx-4 overflow-x-auto px-4">
          <Segmented label="View" value={view} options={views} onChange={setView} />
        </div>
        {filling && (
          <Notice tone="info">
            A model for products was installed. It has still to look at {countOf(filling.owed, 'picture')}; until then uploads are compared
            as before.
          </Notice>
        )}
        {store && (view === 'cards' || view === 'table') && (
          <ProductList
            store={store}
            isTable={view === 'table'}
            stored={report?.stored ?? 0}
            onGroup={() => setDialog('group')}
            onOpen={setOpen}
          />
        )}
        {store && view !== 'cards' && view !== 'table' && <PictureList store={store} view={view} onOpen={setOpen} />}
      </div>
      {open !== null && <PictureDialog id={open} onOpen={setOpen} onClose={() => setOpen(null)} />}
      {dialog === 'group' && store && <GroupDialog store={store} onClose={() => setDialog(null)} />}
      {dialog === 'import' && store && <ImportDialog store={store} onClose={() => setDialog(null)} />}
      {dialog === 'export' && store && <ExportDialog store={store} onClose={() => setDialog(null)} />}
    </div>
  )
}
