/** @file Changes tags, categories and rating of the chosen photos at once; says before how many that would be. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Tags } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Operation } from '../../../../src/contract/edits.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { categoriesQuery } from '../../../lib/library-queries.ts'
import { editPhotos, tellEdit, undoEdit } from '../../../lib/make-edit.ts'
import type { ActionDialogProps, PhotoAction } from '../../../lib/photo-action.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

export const editAction: PhotoAction = { name: 'edit', label: 'Edit', Icon: Tags, hotkey: 't', Dialog: EditDialog }

interface Draft {
  readonly add: string
  readonly remove: string
  readonly into: string
  readonly out: string
  /** `''` leaves it, `none` takes it away */
  readonly rating: string
}

const EMPTY: Draft = { add: '', remove: '', into: '', out: '', rating: '' }

function EditDialog({ ids, onClose, onDone }: ActionDialogProps) {
  const client = useQueryClient()
  const [draft, setDraft] = useState(EMPTY)
  const { data } = useQuery(categoriesQuery)
  const operations = toOperations(draft)
  const count = useQuery({
    queryKey: ['edits', 'count', ids, operations],
    queryFn: ({ signal }) => callApi('makeEdit', { body: { photos: { ids: [...ids] }, operations, dry_run: true }, signal }),
    enabled: operations.length > 0,
  })
  const make = useMutation({
    mutationFn: () => editPhotos(ids, operations, client),
    onSuccess: (report) => {
      const { id } = report
      onDone({ message: tellEdit(report), ...(id === null || report.changed === 0 ? {} : { undo: () => undoEdit(id, client) }) })
    },
  })
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }))
  const names = (data?.categories ?? []).map(({ name }) => name)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (operations.length > 0) make.mutate()
  }
  return (
    <Dialog title={`Edit ${countOf(ids.length, 'photo')}`} onClose={onClose}>
      <form onSubmit={save} className="flex flex-col gap-4">
        <Labelled label="Add tags, with commas between">
          <input value={draft.add} maxLength={1000} onChange={(event) => change({ add: event.target.value })} className={FIELD} />
        </Labelled>
        <Labelled label="Remove tags">
          <input value={draft.remove} maxLength={1000} onChange={(event) => change({ remove: event.target.value })} className={FIELD} />
        </Labelled>
        <div className="grid gap-4 sm:grid-cols-2">
          <Choice label="Put into category" value={draft.into} options={names} onChange={(into) => change({ into })} />
          <Choice label="Take out of category" value={draft.out} options={names} onChange={(out) => change({ out })} />
        </div>
        <Choice label="Rating" value={draft.rating} options={['5', '4', '3', '2', '1', 'none']} onChange={(rating) => change({ rating })} />
        {(make.error ?? count.error) && <Notice tone="danger">{(make.error ?? count.error)?.message}</Notice>}
        <div className="flex flex-wrap items-center gap-3">
          <Button look="solid" type="submit" disabled={operations.length === 0 || make.isPending}>
            {make.isPending ? 'Changing…' : 'Change'}
          </Button>
          <p aria-live="polite" className="text-sm text-muted tabular-nums">
            {operations.length > 0 && count.data && `${countOf(count.data.changed, 'photo')} would change. It can be undone.`}
          </p>
        </div>
      </form>
    </Dialog>
  )
}

function toOperations({ add, remove, into, out, rating }: Draft): Operation[] {
  const [added, removed] = [splitTags(add), splitTags(remove)]
  return [
    ...(added.length > 0 ? [{ do: 'add_tags' as const, tags: added }] : []),
    ...(removed.length > 0 ? [{ do: 'remove_tags' as const, tags: removed }] : []),
    ...(into === '' ? [] : [{ do: 'add_category' as const, category: into }]),
    ...(out === '' ? [] : [{ do: 'remove_category' as const, category: out }]),
    ...(rating === '' ? [] : [{ do: 'set_rating' as const, rating: rating === 'none' ? null : Number(rating) }]),
  ]
}

const splitTags = (text: string): string[] => {
  const tags = text.split(',').map((tag) => tag.trim().toLowerCase())
  return [...new Set(tags)].filter((tag) => tag !== '').slice(0, 50)
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly string[]
  readonly onChange: (value: string) => void
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Labelled label={label}>
      <select value={value} onChange={(event) => onChange(event.target.value)} className={FIELD}>
        <option value="">leave as it is</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
