/** @file Saves a search as an album that fills itself, or puts what it finds now into an album of one’s own. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { FacetsQuery } from '../../../../src/contract/search.ts'
import { formatCount } from '../../../../src/domain/count-of.ts'
import { refreshAlbums } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import type { SearchState } from '../../../lib/search-state.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

interface SaveSearchProps {
  readonly state: SearchState
  readonly total: number
  readonly onClose: () => void
}

export function SaveSearch({ state, total, onClose }: SaveSearchProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(state.q ?? '')
  const [fills, setFills] = useState(true)
  const save = useMutation({
    mutationFn: () => {
      // the server fills in what the page leaves out
      const search = state as FacetsQuery
      return callApi('createAlbum', { body: { name: name.trim(), ...(fills ? { search } : { photos: { search } }) } })
    },
    onSuccess: async (album) => {
      await refreshAlbums(client)
      showToast({ text: `${album.name} is among your albums.` })
      onClose()
      void navigate({ to: '/albums/$id', params: { id: String(album.id) } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') save.mutate()
  }
  return (
    <Dialog title="Save this search" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Labelled label="Name">
          <input required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} className={FIELD} />
        </Labelled>
        <fieldset className="flex flex-col gap-2 text-sm">
          <legend className="sr-only">How it is filled</legend>
          <label className="flex items-start gap-2">
            <input type="radio" checked={fills} onChange={() => setFills(true)} className="mt-1 accent-(--accent)" />
            <span>
              A saved search <span className="block text-muted">It fills itself: photos that come in later are in it too.</span>
            </span>
          </label>
          <label className="flex items-start gap-2">
            <input type="radio" checked={!fills} onChange={() => setFills(false)} className="mt-1 accent-(--accent)" />
            <span>
              An album of the {formatCount(total)} found now{' '}
              <span className="block text-muted">You choose what is in it, and in which order.</span>
            </span>
          </label>
        </fieldset>
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
        <Button look="solid" type="submit" disabled={save.isPending || name.trim() === ''} className="self-start">
          {save.isPending ? 'Saving…' : 'Save'}
        </Button>
      </form>
    </Dialog>
  )
}
