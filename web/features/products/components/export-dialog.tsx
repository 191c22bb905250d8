/** @file The export of a store: for which shop names and rows are written, then a ZIP is sent. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { productExportUrl } from '../../../lib/api-client.ts'
import { Dialog } from '../../../ui/dialog.tsx'

const SHOPS = [
  {
    names: 'amazon',
    title: 'Amazon and others',
    text: 'Pictures as SKU.MAIN, SKU.PT01 …; products.csv with names, attributes and addresses.',
  },
  { names: 'shopify', title: 'Shopify', text: 'Pictures by handle; products.csv as its import takes it, one row for each picture.' },
] as const

export function ExportDialog({ store, onClose }: { readonly store: string; readonly onClose: () => void }) {
  const [names, setNames] = useState<(typeof SHOPS)[number]['names']>('amazon')
  return (
    <Dialog title={`Export ${store}`} onClose={onClose}>
      <div className="flex flex-col gap-3">
        <fieldset className="flex flex-col gap-2">
          <legend className="sr-only">For which shop</legend>
          {SHOPS.map((shop) => (
            <label key={shop.names} className="flex cursor-pointer gap-3 rounded-xl border border-line p-3 has-checked:border-accent">
              <input
                type="radio"
                name="shop"
                className="mt-1 accent-accent"
                checked={names === shop.names}
                onChange={() => setNames(shop.names)}
              />
              <span>
                <span className="block text-sm font-medium">{shop.title}</span>
                <span className="block text-sm text-muted">{shop.text}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <p className="text-sm text-muted">
          A manifest with the hash of each picture is in the ZIP. Loose, held and deleted pictures are not.
        </p>
        <div>
          <a
            href={productExportUrl(store, names)}
            download
            onClick={onClose}
            className="inline-flex h-9 items-center gap-2 rounded-full bg-accent px-4 text-sm font-medium whitespace-nowrap text-on-accent hover:brightness-110"
          >
            <Download className="size-4" aria-hidden /> Save the ZIP
          </a>
        </div>
      </div>
    </Dialog>
  )
}
