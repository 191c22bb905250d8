/** @file Products from CSV: first what would happen, with the errors of each row; then it is done. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

export function ImportDialog({ store, onClose }: { readonly store: string; readonly onClose: () => void }) {
  const client = useQueryClient()
  const [csv, setCsv] = useState('')
  const run = useMutation({
    mutationFn: (dry_run: boolean) => callApi('importProducts', { body: { store, csv, dry_run } }),
    onSuccess: (answer) => {
      if (!answer.applied) return
      void client.invalidateQueries({ queryKey: ['products'] })
      showToast({ text: `${countOf(answer.products, 'product')} imported.` })
      onClose()
    },
  })
  const told = run.data
  return (
    <Dialog title="Import products" onClose={onClose}>
      <div className="flex flex-col gap-3">
        <Labelled label="CSV with a heading: sku, and any of name, kind, file, slot">
          <textarea
            className={`${FIELD} h-40 font-mono`}
            value={csv}
            placeholder={'sku,name,file,slot\nRING-1,Gold ring,ring_1.jpg,main'}
            onChange={(event) => {
              setCsv(event.target.value)
              run.reset()
            }}
          />
        </Labelled>
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          aria-label="CSV file"
          className="text-sm"
          onChange={(event) => {
            run.reset()
            void event.target.files?.[0]?.text().then(setCsv)
          }}
        />
        {run.error && <Notice tone="danger">{run.error.message}</Notice>}
        {told && (
          <div role="status" className="flex flex-col gap-1 text-sm">
            <p>
              {countOf(told.rows, 'row')}: {countOf(told.products, 'product')}, {countOf(told.pictures, 'picture')} found.
            </p>
            {told.errors.slice(0, 50).map(({ row, detail }) => (
              <p key={`${row} ${detail}`} className="text-danger wrap-anywhere">
                Row {row}: {detail}
              </p>
            ))}
          </div>
        )}
        <div className="flex gap-2">
          <Button disabled={csv.trim() === '' || run.isPending} onClick={() => run.mutate(true)}>
            Look what it does
          </Button>
          <Button look="solid" disabled={!told || told.products === 0 || run.isPending} onClick={() => run.mutate(false)}>
            Import
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
