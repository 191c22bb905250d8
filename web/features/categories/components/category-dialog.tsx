/** @file Adds a category or changes one: name, description, tags; merge and delete below. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { CategoryCount } from '../../../../src/contract/library.ts'
import { callApi } from '../../../lib/api-client.ts'
import { categoriesQuery } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

interface CategoryDialogProps {
  readonly category: CategoryCount | null
  readonly all: readonly CategoryCount[]
  readonly onClose: () => void
}

export function CategoryDialog({ category, all, onClose }: CategoryDialogProps) {
  const client = useQueryClient()
  const [name, setName] = useState(category?.name ?? '')
  const [description, setDescription] = useState(category?.description ?? '')
  const [tags, setTags] = useState(category?.tags.join(', ') ?? '')
  const work = useMutation({
    mutationFn: async ({ run }: { run: () => Promise<unknown>; done: string }) => run(),
    onSuccess: async (_answer, { done }) => {
      await Promise.all([['search'], ['photo']].map((queryKey) => client.invalidateQueries({ queryKey })))
      await client.invalidateQueries({ queryKey: categoriesQuery.queryKey })
      showToast({ text: done })
      onClose()
    },
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    const body = { name: name.trim(), description: description.trim(), tags: splitTags(tags) }
    if (category === null) work.mutate({ run: () => callApi('addCategory', { body }), done: `Category ${body.name} added.` })
    else work.mutate({ run: () => callApi('changeCategory', { params: { id: category.id }, body }), done: `Category ${body.name} saved.` })
  }
  return (
    <Dialog title={category === null ? 'New category' : `Change ${category.name}`} onClose={onClose}>
      <form onSubmit={save} className="flex flex-col gap-4">
        <Labelled label="Name">
          <input required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} className={FIELD} />
        </Labelled>
        <Labelled label="Description">
          <input maxLength={1000} value={description} onChange={(event) => setDescription(event.target.value)} className={FIELD} />
        </Labelled>
        <Labelled label="Tags, with commas between">
          <textarea rows={4} value={tags} onChange={(event) => setTags(event.target.value)} className={FIELD} />
        </Labelled>
        {work.error && <Notice tone="danger">{work.error.message}</Notice>}
        <Button look="solid" type="submit" disabled={work.isPending || name.trim() === ''} className="self-start">
          Save
        </Button>
      </form>
      {category !== null && <Endings category={category} all={all} busy={work.isPending} onRun={work.mutate} />}
    </Dialog>
  )
}

interface EndingsProps {
  readonly category: CategoryCount
  readonly all: readonly CategoryCount[]
  readonly busy: boolean
  readonly onRun: (work: { run: () => Promise<unknown>; done: string }) => void
}

/** Merge and delete: both end this category, so both ask. */
function Endings({ category, all, busy, onRun }: EndingsProps) {
  const [into, setInto] = useState('')
  const [asks, setAsks] = useState(false)
  const target = all.find(({ id }) => String(id) === into)
  const merge = (to: CategoryCount) =>
    onRun({
      run: () => callApi('mergeCategory', { params: { id: category.id }, body: { into: to.id } }),
      done: `${category.name} is part of ${to.name} now.`,
    })
  return (
    <section aria-label="Merge or delete" className="mt-6 flex flex-col gap-3 border-t border-line pt-4">
      <div className="flex flex-wrap items-center gap-2">
        <select
          aria-label="Merge into"
          value={into}
          onChange={(event) => setInto(event.target.value)}
          className={`${FIELD} w-auto! flex-1`}
        >
          <option value="">Merge into…</option>
          {all
            .filter(({ id }) => id !== category.id)
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
        <Button disabled={busy || !target} onClick={() => target && merge(target)}>
          Merge
        </Button>
      </div>
      {asks ? (
        <Notice
          tone="danger"
          action={
            <Button
              disabled={busy}
              onClick={() =>
                onRun({ run: () => callApi('removeCategory', { params: { id: category.id } }), done: `Category ${category.name} deleted.` })
              }
            >
              Delete it
            </Button>
          }
        >
          Delete the category {category.name}? Its photos and tags stay.
        </Notice>
      ) : (
        <Button look="plain" onClick={() => setAsks(true)} className="self-start text-danger!">
          Delete this category
        </Button>
      )}
    </section>
  )
}

const splitTags = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '')
