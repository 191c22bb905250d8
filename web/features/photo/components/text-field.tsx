/** @file A text of the photo that a person may write over: shown, edited in place, with who said it and a way back. */
import { Pencil } from 'lucide-react'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import type { EditPhoto } from '../../../lib/make-edit.ts'
import { Button } from '../../../ui/button.tsx'
import { describeSayer, ResetButton } from './sayer.tsx'

interface TextFieldProps {
  readonly field: 'title' | 'caption' | 'alt_text'
  readonly label: string
  readonly said: PhotoDetail['caption']
  readonly sayers: PhotoDetail['sayers']
  readonly editing: EditPhoto
  readonly hint?: string
}

export function TextField({ field, label, said, sayers, editing, hint }: TextFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const save = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault()
    if (draft !== null && draft.trim() !== (said.value ?? '')) editing.edit({ do: 'set_text', field, text: draft.trim() || null })
    setDraft(null)
  }
  if (draft !== null)
    return (
      <form onSubmit={save} className="flex flex-col gap-2">
        <label className="flex flex-col gap-1 text-[13px] text-muted">
          {label}
          <textarea
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
            autoFocus
            rows={field === 'title' ? 1 : 3}
            maxLength={5000}
            value={draft}
            placeholder={hint}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              event.stopPropagation()
              if (event.key === 'Escape') setDraft(null)
              if (event.key === 'Enter' && (field === 'title' || event.ctrlKey || event.metaKey)) save(event)
            }}
            className="field-sizing-content w-full resize-y rounded-lg border border-line bg-page px-3 py-2 text-sm text-ink"
          />
        </label>
        <div className="flex gap-2">
          <Button look="solid" type="submit">
            Save
          </Button>
          <Button look="plain" onClick={() => setDraft(null)}>
            Cancel
          </Button>
        </div>
      </form>
    )
  return (
    <div className="group/field flex flex-col gap-0.5">
      <button
        type="button"
        onClick={() => setDraft(said.value ?? '')}
        className="-mx-2 flex items-start justify-between gap-2 rounded-lg px-2 py-1 text-left hover:bg-raised"
      >
        <span className="min-w-0">
          <span className="sr-only">Edit the {label.toLowerCase()}: </span>
          <span className="block text-[13px] text-muted">{label}</span>
          {said.value === null ? (
            <span className="block text-sm text-muted italic">none yet</span>
          ) : (
            <span className="block text-sm wrap-anywhere whitespace-pre-line">{said.value}</span>
          )}
        </span>
        <Pencil className="mt-1 size-3.5 shrink-0 text-muted" aria-hidden />
      </button>
      {said.said_by !== null && (
        <p className="flex items-center gap-2 text-xs text-muted">
          {describeSayer(said.said_by, said.said_at, sayers)}
          {said.machine && (
            <ResetButton
              label={`Reset the ${label.toLowerCase()} to ${said.machine.value === null ? 'nothing' : `“${said.machine.value.slice(0, 80)}”`}`}
              disabled={editing.isPending}
              onReset={() => editing.edit({ do: 'reset', fields: [field] })}
            />
          )}
        </p>
      )}
    </div>
  )
}
