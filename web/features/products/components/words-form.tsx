/** @file What a product picture says in words: a model's or measured, written over in place, taken back, undone. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { WORD_FIELDS, type WordField } from '../../../../src/contract/product-words.ts'
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { callApi } from '../../../lib/api-client.ts'
import { undoEdit } from '../../../lib/make-edit.ts'
import { Button } from '../../../ui/button.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

const LABELS: Record<WordField, string> = {
  name: 'Name',
  description: 'Description, one line',
  attributes: 'Attributes',
  colour: 'Colour',
  prompt: 'Prompt',
}
const SAYERS = { person: 'you', model: 'a model', template: 'made from the kind and colour', measured: 'measured' } as const

export function WordsForm({ picture }: { readonly picture: ProductPicture }) {
  const client = useQueryClient()
  // told here: a toast lies behind the dialog, out of reach
  const [last, setLast] = useState<number | null>(null)
  const change = useMutation({
    mutationFn: (patch: { words: { [F in WordField]?: string | null } } | { reset: WordField[] }) =>
      callApi('changePicture', { params: { id: picture.id }, body: patch }),
    onSuccess: ({ edit }) => {
      void client.invalidateQueries({ queryKey: ['products'] })
      setLast(edit)
    },
  })
  const undo = useMutation({
    mutationFn: (edit: number) => undoEdit(edit, client),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['products'] })
      setLast(null)
    },
  })
  const error = change.error ?? undo.error
  const isUnsaid = picture.words.description.said_by === null
  return (
    <div className="flex flex-col gap-1.5">
      {isUnsaid && <p className="text-sm text-muted">A describe model says these; or you do.</p>}
      {WORD_FIELDS.map((field) => (
        <Word
          key={field}
          label={LABELS[field]}
          word={picture.words[field]}
          onSave={(value) => change.mutate({ words: { [field]: value } })}
          onReset={() => change.mutate({ reset: [field] })}
        />
      ))}
      {last !== null && (
        <p role="status" className="flex items-center gap-2 text-sm text-muted">
          Saved; models leave it alone.
          <button
            type="button"
            disabled={undo.isPending}
            onClick={() => undo.mutate(last)}
            className="font-medium text-accent hover:underline"
          >
            Undo
          </button>
        </p>
      )}
      {error && <Notice tone="danger">{error.message}</Notice>}
    </div>
  )
}

interface WordProps {
  readonly label: string
  readonly word: ProductPicture['words']['name']
  readonly onSave: (value: string | null) => void
  readonly onReset: () => void
}

function Word({ label, word, onSave, onReset }: WordProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (draft !== null && draft.trim() !== (word.value ?? '')) onSave(draft.trim() || null)
    setDraft(null)
  }
  if (draft !== null)
    return (
      <form onSubmit={save} className="flex flex-col gap-2">
        <Labelled label={label}>
          <textarea
            // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
            autoFocus
            rows={2}
            maxLength={label === LABELS.colour ? 60 : label === LABELS.name ? 300 : 2000}
            value={draft}
            className={`${FIELD} field-sizing-content resize-y`}
            onChange={(event) => setDraft(event.target.value)}
          />
        </Labelled>
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
    <div className="flex items-start justify-between gap-2">
      <button
        type="button"
        aria-label={`Edit the ${label.toLowerCase()}`}
        onClick={() => setDraft(word.value ?? '')}
        className="-mx-2 flex min-w-0 flex-1 items-start gap-2 rounded-lg px-2 py-1 text-left hover:bg-raised"
      >
        <span className="min-w-0 flex-1">
          <span className="block text-[13px] text-muted">
            {label}
            {word.said_by !== null && <span className="text-xs"> · {SAYERS[word.said_by]}</span>}
          </span>
          {word.value === null ? (
            <span className="block text-sm text-muted italic">{word.said_by === 'person' ? 'none' : 'none yet'}</span>
          ) : (
            <span className="block text-sm wrap-anywhere">{word.value}</span>
          )}
        </span>
        <Pencil className="mt-1 size-3.5 shrink-0 text-muted" aria-hidden />
      </button>
      {word.said_by === 'person' && (
        <button type="button" onClick={onReset} className="mt-1 shrink-0 text-xs text-accent hover:underline">
          Reset
        </button>
      )}
    </div>
  )
}
