/** @file Makes an album or changes one: name, text, the album it lies in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { AlbumReport } from '../../../../src/contract/albums.ts'
import { albumsQuery, refreshAlbums } from '../../../lib/album-queries.ts'
import { callApi } from '../../../lib/api-client.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'

interface AlbumDialogProps {
  /** null: a new one */
  readonly album: AlbumReport | null
  readonly parentId?: number
  readonly onClose: () => void
}

export function AlbumDialog({ album, parentId, onClose }: AlbumDialogProps) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data } = useQuery(albumsQuery)
  const [name, setName] = useState(album?.name ?? '')
  const [description, setDescription] = useState(album?.description ?? '')
  const [parent, setParent] = useState(String(album?.parent_id ?? parentId ?? ''))
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), description: description.trim(), parent_id: parent === '' ? null : Number(parent) }
      return album === null
        ? callApi('createAlbum', { body })
        : callApi('changeAlbum', { params: { id: album.id }, body: { ...body, version: album.version } })
    },
    onSuccess: async (saved) => {
      await refreshAlbums(client)
      onClose()
      if (album === null) void navigate({ to: '/albums/$id', params: { id: String(saved.id) } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') save.mutate()
  }
  return (
    <Dialog title={album === null ? 'New album' : `Change ${album.name}`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Labelled label="Name">
          <input required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} className={FIELD} />
        </Labelled>
        <Labelled label="Text">
          <textarea
            rows={3}
            maxLength={2000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            className={FIELD}
          />
        </Labelled>
        <Labelled label="Lies in">
          <select value={parent} onChange={(event) => setParent(event.target.value)} className={FIELD}>
            <option value="">no other album</option>
            {(data?.albums ?? [])
              .filter(({ id }) => id !== album?.id)
              .map(({ id, name: other }) => (
                <option key={id} value={id}>
                  {other}
                </option>
              ))}
          </select>
        </Labelled>
        {save.error && <Notice tone="danger">{save.error.message}</Notice>}
        <Button look="solid" type="submit" disabled={save.isPending || name.trim() === ''} className="self-start">
          Save
        </Button>
      </form>
    </Dialog>
  )
}
