/** @file One product picture: large, its grade with reasons and mends; product and slot, words, readiness below. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Mend } from '../../../../src/contract/product-words.ts'
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { pictureQuery } from '../api/product-queries.ts'
import { ReadinessList } from './readiness-list.tsx'
import { SlotForm } from './slot-form.tsx'
import { GradeMark } from './status-mark.tsx'
import { WordsForm } from './words-form.tsx'

interface PictureDialogProps {
  readonly id: number
  readonly onOpen: (id: number) => void
  readonly onClose: () => void
}

export function PictureDialog({ id, onOpen, onClose }: PictureDialogProps) {
  const { data: picture, error } = useQuery(pictureQuery(id))
  return (
    <Dialog title={picture?.display_name ?? 'Picture'} onClose={onClose}>
      {error && <Notice tone="danger">{error.message}</Notice>}
      {picture && <PictureFacts key={picture.id} picture={picture} onOpen={onOpen} />}
    </Dialog>
  )
}

function PictureFacts({ picture, onOpen }: { readonly picture: ProductPicture; readonly onOpen: (id: number) => void }) {
  const client = useQueryClient()
  const done = (made: ProductPicture, text: string) => {
    void client.invalidateQueries({ queryKey: ['products'] })
    showToast({ text })
    if (made.id !== picture.id) onOpen(made.id)
  }
  const onError = (error: Error) => showToast({ text: error.message, tone: 'danger' })
  const mend = useMutation({
    mutationFn: (mends: Mend[]) => callApi('mendPicture', { params: { id: picture.id }, body: { mends } }),
    onSuccess: (made) => done(made, 'A mended copy is in the store; the first one stays.'),
    onError,
  })
  const move = useMutation({
    mutationFn: (name: 'trashPicture' | 'restorePicture') => callApi(name, { params: { id: picture.id } }),
    onSuccess: (made) => done(made, made.state === 'stored' ? 'It is in the store.' : 'It is in the trash.'),
    onError,
  })
  const mends = [...new Set(picture.readiness.flatMap(({ checks }) => checks.flatMap((check) => check.mend ?? [])))]
  const { photo } = picture
  return (
    <div className="flex flex-col gap-4">
      <div className="grid max-h-80 place-items-center overflow-hidden rounded-xl border border-line bg-white">
        {photo.thumbhash !== null && (
          <img src={pictureUrl('getPreview', photo)} alt={picture.display_name} className="max-h-80 max-w-full object-contain" />
        )}
      </div>
      {picture.state === 'held' && (
        <Notice tone="warn" action={<Button onClick={() => move.mutate('restorePicture')}>Let it pass</Button>}>
          Held for you: only its look is near picture {picture.like?.id} (distance {picture.like?.distance.toFixed(3)}). It may be a
          variant.
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <GradeMark grade={picture.grade} />
        {picture.colour && <span>{picture.colour}</span>}
        {photo.width && (
          <span className="text-muted tabular-nums">
            {photo.width} × {photo.height}
          </span>
        )}
        {picture.origin && (
          <button type="button" className="text-accent hover:underline" onClick={() => onOpen(picture.origin?.id ?? picture.id)}>
            made of picture {picture.origin.id} ({picture.origin.made_by})
          </button>
        )}
        <Link to="/photo/$id" params={{ id: String(photo.id) }} className="text-accent hover:underline">
          In the library
        </Link>
      </div>
      {picture.grade_reasons.length > 0 && (
        <ul className="text-sm text-muted">
          {picture.grade_reasons.map(({ what, measured }) => (
            <li key={what} className="first-letter:uppercase">
              {what}: {measured}
            </li>
          ))}
        </ul>
      )}
      <SlotForm picture={picture} onDone={done} onError={onError} />
      <WordsForm picture={picture} />
      {mends.length > 0 && picture.state === 'stored' && (
        <div className="flex flex-wrap items-center gap-2">
          <Button look="solid" disabled={mend.isPending} onClick={() => mend.mutate(mends)}>
            {mend.isPending ? 'Mending…' : 'Mend all'}
          </Button>
          {mends.map((one) => (
            <Button key={one} disabled={mend.isPending} onClick={() => mend.mutate([one])}>
              {MEND_LABELS[one]}
            </Button>
          ))}
        </div>
      )}
      <ReadinessList picture={picture} />
      <div>
        {picture.state === 'trashed' ? (
          <Button disabled={move.isPending} onClick={() => move.mutate('restorePicture')}>
            Put back
          </Button>
        ) : (
          <Button disabled={move.isPending} onClick={() => move.mutate('trashPicture')}>
            Move to the trash
          </Button>
        )}
      </div>
    </div>
  )
}

const MEND_LABELS: Record<Mend, string> = {
  crop: 'Crop to the product',
  pad: 'Make square',
  white: 'Whiten background',
  resize: 'Make smaller',
  srgb: 'Save as sRGB JPEG',
  strip: 'Remove metadata',
}
