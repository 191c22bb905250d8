/** @file What is done most with one photo: favourite, album, download, trash; with the keys for it, also where the panel is closed. */
import { useQueryClient } from '@tanstack/react-query'
import { Download, Heart, ImageDown, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { type EditPhoto, useEditPhoto } from '../../../lib/make-edit.ts'
import type { ActionDialogProps } from '../../../lib/photo-action.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { addToAlbumAction } from '../../selection/actions/add-to-album.tsx'
import { downloadOriginalOf } from './original-link.tsx'

export const STARS = [1, 2, 3, 4, 5] as const

/** the same star again takes the rating away */
export const rate = (photo: PhotoDetail, { edit }: EditPhoto, stars: number) =>
  edit({ do: 'set_rating', rating: photo.rating.value === stars ? null : stars })

export const toggleFavourite = ({ favourite }: PhotoDetail, { edit }: EditPhoto) =>
  edit({ do: 'set_favourite', favourite: favourite.value !== true })

interface PhotoVerbsProps {
  readonly photo: PhotoDetail
  readonly onTrash: () => void
}

export function PhotoVerbs({ photo, onTrash }: PhotoVerbsProps) {
  const editing = useEditPhoto(photo)
  const [open, setOpen] = useState<'album' | 'download' | null>(null)
  const close = () => setOpen(null)
  const isFavourite = photo.favourite.value === true
  useHotkeys([
    ...STARS.map((stars) => [String(stars), () => rate(photo, editing, stars)] as const),
    ['f', () => toggleFavourite(photo, editing)],
    ['a', () => setOpen('album')],
    ['Shift+d', () => setOpen('download')],
    ['Delete', onTrash],
  ])
  return (
    <>
      <IconButton
        label={isFavourite ? 'Remove from favourites (f)' : 'Add to favourites (f)'}
        aria-pressed={isFavourite}
        disabled={editing.isPending}
        onClick={() => toggleFavourite(photo, editing)}
      >
        <Heart className={`size-5 ${isFavourite ? 'fill-danger text-danger' : ''}`} aria-hidden />
      </IconButton>
      <IconButton label="Add to album (a)" onClick={() => setOpen('album')}>
        <addToAlbumAction.Icon className="size-5" aria-hidden />
      </IconButton>
      <IconButton label="Download (Shift + D)" onClick={() => setOpen('download')}>
        <Download className="size-5" aria-hidden />
      </IconButton>
      {photo.trashed_at === null && (
        <IconButton label="Move to trash (Delete)" onClick={onTrash}>
          <Trash2 className="size-5" aria-hidden />
        </IconButton>
      )}
      {open === 'album' && <AlbumDialog ids={[photo.id]} onClose={close} />}
      {open === 'download' && <DownloadDialog photo={photo} onClose={close} />}
    </>
  )
}

function AlbumDialog(props: Omit<ActionDialogProps, 'onDone'>) {
  const client = useQueryClient()
  if (!('Dialog' in addToAlbumAction)) return null
  return (
    <addToAlbumAction.Dialog
      {...props}
      onDone={({ message, undo }) => {
        showToast({ text: message, undo })
        // the panel says in which albums it is
        void client.invalidateQueries({ queryKey: ['photo', props.ids[0]] })
        props.onClose()
      }}
    />
  )
}

function DownloadDialog({ photo, onClose }: { readonly photo: PhotoDetail; readonly onClose: () => void }) {
  const client = useQueryClient()
  return (
    <Dialog title="Download" onClose={onClose}>
      <div className="flex flex-col items-start gap-2">
        <Button
          look="solid"
          onClick={() => {
            void downloadOriginalOf(photo.id, client)
            onClose()
          }}
        >
          <Download className="size-4" aria-hidden />
          Original
        </Button>
        <p className="mb-2 text-sm text-muted">The file as it came, with all its metadata.</p>
        {photo.thumbhash !== null && (
          <>
            <a
              href={pictureUrl('getPreview', photo)}
              download={`${photo.filename.replace(/\.\w+$/, '')} preview`}
              onClick={onClose}
              className="inline-flex h-9 items-center gap-2 rounded-full bg-raised px-4 text-sm font-medium hover:bg-line"
            >
              <ImageDown className="size-4" aria-hidden />
              Preview
            </a>
            <p className="text-sm text-muted">Smaller, without camera, time, or place.</p>
          </>
        )}
      </div>
    </Dialog>
  )
}
