/** @file A cluster as a card: representatives, its label with who gave it, and what can be done with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { EyeOff, FolderPlus, Pencil, Tag } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { ClusterReport } from '../../../../src/contract/clusters.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { formatModel } from '../../../lib/format.ts'
import { undoEdit } from '../../../lib/make-edit.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { FIELD } from '../../../ui/labelled.tsx'
import { useMakeAlbum } from '../api/make-album.ts'

interface ClusterCardProps {
  readonly cluster: ClusterReport
  readonly all: readonly ClusterReport[]
}

export function ClusterCard({ cluster, all }: ClusterCardProps) {
  const client = useQueryClient()
  const [isEditing, setEditing] = useState(false)
  const name = cluster.name ?? 'No name yet'
  const refresh = () =>
    Promise.all([client.invalidateQueries({ queryKey: ['clusters'] }), client.invalidateQueries({ queryKey: ['search'] })])
  const work = useMutation({
    mutationFn: (run: () => Promise<{ text: string; undo?: () => Promise<string> }>) => run(),
    onSuccess: async ({ text, undo }) => {
      setEditing(false)
      await refresh()
      showToast({ text, undo })
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const hide = (hidden: boolean) =>
    work.mutate(async () => {
      const change = (to: boolean) => callApi('changeCluster', { params: { id: cluster.id }, body: { hidden: to } })
      await change(hidden)
      const undo = async () => {
        await change(!hidden)
        await refresh()
        return `${name} is ${hidden ? 'shown' : 'hidden'} again.`
      }
      return { text: `${name} is ${hidden ? 'hidden' : 'shown'}.`, undo }
    })
  const make = useMakeAlbum()
  const label = () =>
    work.mutate(async () => {
      const said = await callApi('labelCluster', { params: { id: cluster.id } })
      return { text: said.vlm_model === null ? 'Named by its tags, places and text.' : `Named by ${formatModel(said.vlm_model)}.` }
    })
  return (
    <article className={`flex h-full flex-col gap-2 rounded-2xl border border-line bg-surface p-3 ${cluster.hidden ? 'opacity-60' : ''}`}>
      <Link to="/search" search={{ cluster: [cluster.id] }} aria-label={`Photos of ${name}`} className="block overflow-hidden rounded-xl">
        <Representatives cluster={cluster} />
      </Link>
      {isEditing ? (
        <Editor cluster={cluster} all={all} busy={work.isPending} onRun={work.mutate} onClose={() => setEditing(false)} />
      ) : (
        <div className="flex items-start gap-1 px-1">
          <div className="min-w-0 flex-1">
            <h2 className={`line-clamp-2 font-medium wrap-anywhere ${cluster.name === null ? 'text-muted' : ''}`}>{name}</h2>
            <p className="text-sm text-muted tabular-nums">
              {countOf(cluster.count, 'photo')}
              {cluster.said_by !== null && `, named by ${SAYERS[cluster.said_by] ?? formatModel(cluster.said_by)}`}
            </p>
            {cluster.description !== null && <p className="mt-1 line-clamp-2 text-sm">{cluster.description}</p>}
            {cluster.tags.length > 0 && <p className="truncate text-xs text-muted">{cluster.tags.slice(0, 8).join(', ')}</p>}
          </div>
          <IconButton
            label={`Rename or merge ${name}`}
            title="Rename or merge (n)"
            data-key="n"
            onClick={() => setEditing(true)}
            className="size-9!"
          >
            <Pencil className="size-4" aria-hidden />
          </IconButton>
        </div>
      )}
      <div className="mt-auto flex items-center gap-1">
        <Button
          look="plain"
          disabled={make.isPending}
          title="Make an album of it (b)"
          data-key="b"
          onClick={() => make.mutate({ name, search: { cluster: [cluster.id] } })}
          className="h-8! px-3!"
        >
          <FolderPlus className="size-4" aria-hidden />
          Album
        </Button>
        <Button
          look="plain"
          disabled={work.isPending}
          onClick={label}
          title="Name it anew from its photos (l)"
          data-key="l"
          className="h-8! px-3!"
        >
          <Tag className="size-4" aria-hidden />
          Label
        </Button>
        <Button
          look="plain"
          disabled={work.isPending}
          title={cluster.hidden ? 'Show again (h)' : 'Hide (h)'}
          data-key="h"
          data-leaves
          onClick={() => hide(!cluster.hidden)}
          className="h-8! px-3!"
        >
          <EyeOff className="size-4" aria-hidden />
          {cluster.hidden ? 'Show' : 'Hide'}
        </Button>
      </div>
    </article>
  )
}

/** The field goes away; keys go on from its card. */
const goOnFrom = (field: HTMLElement) => field.closest('[data-card]')?.querySelector('a')?.focus()

const SAYERS: Readonly<Record<string, string>> = { person: 'you', facts: 'its tags, places and text' }

/** The first large, the others beside it. */
function Representatives({ cluster: { representatives } }: { readonly cluster: ClusterReport }) {
  const [first, ...others] = representatives
  return (
    <span className="grid aspect-[2/1] grid-cols-4 grid-rows-2 gap-0.5 bg-tile">
      {first && (
        <img
          src={pictureUrl('getThumbnail', first)}
          alt=""
          loading="lazy"
          className="col-span-2 row-span-2 size-full min-h-0 object-cover"
        />
      )}
      {others.slice(0, 4).map((photo) => (
        <img key={photo.id} src={pictureUrl('getThumbnail', photo)} alt="" loading="lazy" className="size-full min-h-0 object-cover" />
      ))}
    </span>
  )
}

interface EditorProps extends ClusterCardProps {
  readonly busy: boolean
  readonly onRun: (run: () => Promise<{ text: string; undo?: () => Promise<string> }>) => void
  readonly onClose: () => void
}

function Editor({ cluster, all, busy, onRun, onClose }: EditorProps) {
  const client = useQueryClient()
  const [name, setName] = useState(cluster.name ?? '')
  const save = (event: FormEvent) => {
    event.preventDefault()
    goOnFrom(event.currentTarget as HTMLElement)
    const text = name.trim()
    onRun(async () => {
      const rename = (name: string | null, was?: string | null) =>
        callApi('changeCluster', { params: { id: cluster.id }, body: { name, ...(was === undefined ? {} : { was }) } })
      const { name: now } = await rename(text === '' ? null : text, cluster.name)
      const undo = async () => {
        await rename(cluster.said_by === 'person' ? cluster.name : null, now)
        await client.invalidateQueries({ queryKey: ['clusters'] })
        return 'It has its former name again.'
      }
      return { text: text === '' ? 'The machine names it again.' : `Named ${text}. The name stays.`, undo }
    })
  }
  const merge = (into: number) =>
    onRun(async () => {
      const kept = await callApi('mergeCluster', { params: { id: cluster.id }, body: { into } })
      const undo = () => undoEdit(kept.edit, client).finally(() => client.invalidateQueries({ queryKey: ['clusters'] }))
      return { text: `Merged into ${kept.name ?? 'the other one'} (${countOf(kept.count, 'photo')}).`, undo }
    })
  return (
    <form
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        goOnFrom(event.currentTarget)
        onClose()
      }}
      className="flex flex-col gap-2 px-1"
    >
      <input
        aria-label="Name of the cluster"
        value={name}
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field just now
        autoFocus
        placeholder="Empty: named by the machine"
        onChange={(event) => setName(event.target.value)}
        className={FIELD}
      />
      <select aria-label="Merge into" value="" disabled={busy} onChange={(event) => merge(Number(event.target.value))} className={FIELD}>
        <option value="">Merge into…</option>
        {all
          .filter(({ id }) => id !== cluster.id)
          .map((other) => (
            <option key={other.id} value={other.id}>
              {other.name ?? `cluster ${other.id}`}
            </option>
          ))}
      </select>
      <div className="flex gap-2">
        <Button look="solid" type="submit" disabled={busy} className="h-8!">
          Save
        </Button>
        <Button look="plain" onClick={onClose} className="h-8!">
          Cancel
        </Button>
      </div>
    </form>
  )
}
