/** @file What is in the picture: tags with who said them and how sure, editable; what a person took away stays in sight to be put back. */
import { Link } from '@tanstack/react-router'
import { Pencil, Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { formatPercent } from '../../../lib/format.ts'
import { type EditPhoto, useEditPhoto } from '../../../lib/make-edit.ts'
import { Button } from '../../../ui/button.tsx'
import { CategoryFacts } from './category-facts.tsx'
import { FactSection } from './fact-section.tsx'
import { describeSayer, nameSayer, ResetButton, WhoSaid } from './sayer.tsx'

interface Tag {
  readonly name: string
  /** surest first */
  readonly said: PhotoDetail['tags']
}

export function TagFacts({ photo }: { readonly photo: PhotoDetail }) {
  const editing = useEditPhoto(photo)
  const [isEditing, setEditing] = useState(false)
  const tags: Tag[] = [...Map.groupBy(photo.tags, (tag) => tag.tag)].map(([name, said]) => ({ name, said }))
  const said = new Set(photo.tags.map((tag) => tag.tag))
  const broader = [...new Set(photo.tags.flatMap((tag) => tag.broader))].filter((term) => !said.has(term)).sort()
  const isDecided = photo.removed_tags.length > 0 || photo.tags.some((tag) => tag.said_by === 'person')
  return (
    <FactSection
      title="In the picture"
      aside={
        <Button look="plain" aria-pressed={isEditing} onClick={() => setEditing(!isEditing)} className="h-8! px-3!">
          <Pencil className="size-3.5" aria-hidden />
          {isEditing ? 'Done' : 'Edit tags'}
        </Button>
      }
    >
      {tags.length === 0 && !isEditing && <p className="text-sm text-muted">No tags yet.</p>}
      <ul className="flex flex-wrap gap-1.5">
        {tags.map((tag) => (
          <TagChip key={tag.name} tag={tag} sayers={photo.sayers} editing={isEditing ? editing : null} />
        ))}
      </ul>
      {isEditing && <AddTag editing={editing} />}
      {isEditing && photo.removed_tags.length > 0 && <RemovedTags removed={photo.removed_tags} editing={editing} />}
      {broader.length > 0 && (
        <p className="text-xs text-muted" title="derived from the tags: nobody said it">
          found as {broader.join(', ')} too
        </p>
      )}
      <CategoryFacts photo={photo} editing={isEditing ? editing : null} />
      <WhoSaid photo={photo} />
      {isDecided && (
        <p className="text-xs text-muted">
          <ResetButton
            text="Reset tags"
            label="Reset the tags to what models and the file say"
            disabled={editing.isPending}
            onReset={() => editing.edit({ do: 'reset', fields: ['tags'] })}
          />
        </p>
      )}
    </FactSection>
  )
}

interface TagChipProps {
  readonly tag: Tag
  readonly sayers: PhotoDetail['sayers']
  readonly editing: EditPhoto | null
}

function TagChip({ tag: { name, said }, sayers, editing }: TagChipProps) {
  const best = said[0]
  if (!best) return null
  const isYours = said.some((one) => one.said_by === 'person')
  const hint = said
    .map(
      (one) =>
        `${describeSayer(one.said_by, one.said_at, sayers)}: ${formatPercent(one.confidence)} sure${one.because === null ? '' : `, since ${one.because}`}`,
    )
    .join('\n')
  return (
    <li className={`flex max-w-full items-center rounded-full text-sm ${isYours ? 'bg-accent-soft text-accent' : 'bg-raised'}`}>
      <Link
        to="/search"
        search={{ q: name }}
        title={hint}
        className="flex min-w-0 items-baseline gap-1.5 rounded-full px-3 py-1 hover:underline"
      >
        <span className="truncate">{name}</span>
        <span className="text-xs tabular-nums opacity-75">{isYours ? 'yours' : formatPercent(best.confidence)}</span>
      </Link>
      {editing && (
        <button
          type="button"
          aria-label={`Remove tag ${name}`}
          title={`Remove tag ${name}`}
          disabled={editing.isPending}
          onClick={() => editing.edit({ do: 'remove_tags', tags: [name] })}
          className="-ml-1 rounded-full p-2 hover:bg-line"
        >
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </li>
  )
}

function AddTag({ editing }: { readonly editing: EditPhoto }) {
  const [text, setText] = useState('')
  const add = (event: FormEvent) => {
    event.preventDefault()
    const tags = text
      .split(',')
      .map((tag) => tag.trim().toLowerCase())
      .filter((tag) => tag !== '')
    if (tags.length > 0) editing.edit({ do: 'add_tags', tags })
    setText('')
  }
  return (
    <form onSubmit={add} className="flex gap-2">
      <input
        aria-label="Add tags"
        placeholder="Add tags, with commas between"
        value={text}
        maxLength={500}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.stopPropagation()}
        className="h-9 min-w-0 flex-1 rounded-full border border-line bg-page px-3 text-sm"
      />
      <Button type="submit" disabled={editing.isPending || text.trim() === ''} aria-label="Add these tags">
        <Plus className="size-4" aria-hidden />
        Add
      </Button>
    </form>
  )
}

interface RemovedTagsProps {
  readonly removed: PhotoDetail['removed_tags']
  readonly editing: EditPhoto
}

function RemovedTags({ removed, editing }: RemovedTagsProps) {
  return (
    <p className="flex flex-wrap items-center gap-1.5 text-xs text-muted">
      you said no to
      {removed.map(({ tag, said_by }) => (
        <button
          key={tag}
          type="button"
          aria-label={`Put tag ${tag} back`}
          title={said_by.length > 0 ? `said by ${said_by.map(nameSayer).join(', ')}; click to put it back` : 'click to put it back'}
          disabled={editing.isPending}
          onClick={() => editing.edit({ do: 'add_tags', tags: [tag] })}
          className="rounded-full border border-line px-2.5 py-1 line-through hover:bg-raised"
        >
          {tag}
        </button>
      ))}
    </p>
  )
}
