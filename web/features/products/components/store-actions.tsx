/** @file What is done with a whole store: pictures added, grouped, products imported and exported. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, FileUp, Group, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { useTakeDrops } from '../../upload/components/upload-provider.tsx'
import { type PictureView, sendPicture } from '../api/product-queries.ts'

interface StoreActionsProps {
  readonly store: string
  readonly onGroup: () => void
  readonly onImport: () => void
  readonly onExport: () => void
  /** where what was sent is to be seen */
  readonly onSent: (view: PictureView) => void
}

export function StoreActions({ store, onGroup, onImport, onExport, onSent }: StoreActionsProps) {
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [sent, setSent] = useState('')
  const refresh = () => void client.invalidateQueries({ queryKey: ['products'] })
  const send = useMutation({
    mutationFn: async (files: readonly File[]) => {
      const counts = { taken: 0, there: 0, held: 0, failed: [] as string[] }
      for (const [at, file] of files.entries()) {
        setSent(`${at + 1} of ${files.length}`)
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
      onSent(held > 0 ? 'held' : 'loose')
      const parts = [`${taken} taken`, ...(there > 0 ? [`${there} there already`] : []), ...(held > 0 ? [`${held} held for you`] : [])]
      if (taken + there + held > 0) showToast({ text: `${parts.join(', ')}.` })
      for (const text of failed.slice(0, 2)) showToast({ text, tone: 'danger' })
    },
  })
  useTakeDrops(`Drop product pictures to add them to ${store}`, (files) => {
    if (files.length > 0) send.mutate(files)
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
        <Plus className="size-4" aria-hidden /> {send.isPending ? `Sending ${sent}…` : 'Add pictures'}
      </Button>
      <Button onClick={onGroup}>
        <Group className="size-4" aria-hidden /> Group
      </Button>
      <Button onClick={onImport}>
        <FileUp className="size-4" aria-hidden /> Import
      </Button>
      <Button onClick={onExport}>
        <Download className="size-4" aria-hidden /> Export
      </Button>
    </div>
  )
}
