/** @file Puts the chosen photos into an album, one there is or a new one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { FolderPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { AlbumReport } from '../../../../src/contract/albums.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { albumsQuery, refreshAlbums, tellAlbumChange } from '../../../lib/album-queries.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import type { ActionDialogProps, PhotoAction } from '../../../lib/photo-action.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

export const addToAlbumAction: PhotoAction = {
  name: 'album',
  label: 'Add to album',
  Icon: FolderPlus,
  isCommon: true,
  hotkey: 'a',
  Dialog: AddToAlbumDialog,
}

function AddToAlbumDialog({ ids, onClose, onDone }: ActionDialogProps) {
  const client = useQueryClient()
  const { data } = useQuery(albumsQuery)
  const [name, setName] = useState('')
  const own = (data?.albums ?? []).filter(({ kind }) => kind === 'by-hand')
  const add = useMutation({
    mutationFn: async (album: AlbumReport) => {
      const change = await callApi('addToAlbum', { params: { id: album.id }, body: { photos: { ids: [...ids] } } })
      await refreshAlbums(client)
      return tellAlbumChange(`Added to ${album.name}`, change, client)
    },
    onSuccess: onDone,
  })
  const make = useMutation({
    mutationFn: async () => {
      const album = await callApi('createAlbum', { body: { name: name.trim(), photos: { ids: [...ids] } } })
      await refreshAlbums(client)
      return { message: `Album ${album.name} created (${countOf(album.count, 'photo')}).` }
    },
    onSuccess: onDone,
  })
  const error = add.error ?? make.error
  const isBusy = add.isPending || make.isPending
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') make.mutate()
  }
  return (
    <Dialog title={`Add ${countOf(ids.length, 'photo')} to an album`} onClose={onClose}>
      <form onSubmit={save} className="flex items-end gap-2">
        <div className="flex-1">
          <Labelled label="New album">
            <input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} className={FIELD} />
          </Labelled>
        </div>
        <Button look="solid" type="submit" disabled={name.trim() === '' || isBusy}>
          Create
        </Button>
      </form>
      {error && (
        <div className="mt-3">
          <Notice tone="danger">{error.message}</Notice>
        </div>
      )}
      {own.length > 0 && (
        <ul aria-label="Albums" className="mt-4 flex flex-col gap-1">
          {own.map((album) => (
            <li key={album.id}>
              <button
                type="button"
                disabled={isBusy}
                onClick={() => add.mutate(album)}
                className="flex w-full items-center gap-3 rounded-xl p-1.5 text-left hover:bg-raised disabled:opacity-50"
              >
                <span className="size-11 shrink-0 overflow-hidden rounded-lg bg-tile">
                  {album.covers[0] && <img src={pictureUrl('getThumbnail', album.covers[0])} alt="" className="size-full object-cover" />}
                </span>
                <span className="min-w-0">
                  <span className="block truncate text-sm font-medium">{album.name}</span>
                  <span className="block text-xs text-muted">{countOf(album.count, 'photo')}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
