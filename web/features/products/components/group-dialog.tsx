/** @file Pictures of no product put into products: which there would be, by file names, folders or look; then they are made. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { groupsQuery } from '../api/product-queries.ts'

const WAYS = {
  'file-name': {
    label: 'File names',
    about: 'RING-1_1.jpg and RING-1_2.jpg are RING-1.',
    none: 'No file name says which product it shows.',
  },
  folder: {
    label: 'Folders',
    about: 'Pictures that also lie in a folder of the library: the folder is the product.',
    none: 'None of the loose pictures lies in a folder of the library.',
  },
  look: { label: 'Look', about: 'Pictures that are near each other. A guess: look at it first.', none: 'No loose pictures look alike.' },
} as const
type Way = keyof typeof WAYS
const OPTIONS = (Object.keys(WAYS) as Way[]).map((value) => ({ value, label: WAYS[value].label }))
const SHOWN = 100

export function GroupDialog({ store, onClose }: { readonly store: string; readonly onClose: () => void }) {
  const client = useQueryClient()
  const [by, setBy] = useState<Way>('file-name')
  const { data, error, isFetching } = useQuery(groupsQuery(store, by))
  const apply = useMutation({
    mutationFn: () => callApi('groupPictures', { body: { store, by, dry_run: false } }),
    onSuccess: ({ groups }) => {
      void client.invalidateQueries({ queryKey: ['products'] })
      showToast({ text: `${countOf(groups.length, 'product')} grouped.` })
      onClose()
    },
  })
  const problem = apply.error ?? error
  const groups = data?.groups ?? []
  return (
    <Dialog title="Group loose pictures" onClose={onClose}>
      <div className="flex flex-col gap-3">
        <Segmented label="By" value={by} options={OPTIONS} onChange={setBy} />
        <p className="text-sm text-muted">{WAYS[by].about}</p>
        {problem && <Notice tone="danger">{problem.message}</Notice>}
        {!data && isFetching && <p className="text-sm text-muted">Looking…</p>}
        {data && groups.length === 0 && <p className="text-sm">{WAYS[by].none}</p>}
        {groups.length > 0 && (
          <ul aria-label="Products there would be" className="scrollbar-thin max-h-64 divide-y divide-line overflow-y-auto text-sm">
            {groups.slice(0, SHOWN).map(({ sku, pictures }) => (
              <li key={sku} className="flex justify-between gap-3 py-1.5">
                <span className="min-w-0 wrap-anywhere">{sku}</span>
                <span className="shrink-0 text-muted">{countOf(pictures.length, 'picture')}</span>
              </li>
            ))}
            {groups.length > SHOWN && <li className="py-1.5 text-muted">and {groups.length - SHOWN} more</li>}
          </ul>
        )}
        <div>
          <Button look="solid" disabled={groups.length === 0 || apply.isPending} onClick={() => apply.mutate()}>
            {groups.length === 0 ? 'Group' : `Group into ${countOf(groups.length, 'product')}`}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
