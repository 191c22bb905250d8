/** @file One product picture: large, its grade with reasons, readiness for each marketplace with mends, product and slot. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Mend, SLOTS, type Slot } from '../../../../src/contract/product-words.ts'
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { pictureQuery } from '../api/product-queries.ts'
import { GradeMark, StatusMark } from './status-mark.tsx'

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
      <div className="flex flex-col gap-2">
        {picture.readiness.map(({ profile, title, status, is_confirmed, checks }) => (
          <details key={profile} className="rounded-xl border border-line px-3.5 py-2.5">
            <summary className="flex cursor-pointer items-center justify-between gap-3 text-sm font-medium">
              {title}
              <StatusMark status={status} withWord />
            </summary>
            <ul className="mt-2 flex flex-col gap-1.5 text-sm">
              {checks.map((check) => (
                <li key={check.rule} className="flex gap-2">
                  <StatusMark status={check.status} />
                  <span className="min-w-0 wrap-anywhere">
                    <span className="first-letter:uppercase">{check.rule}</span>: {check.measured}
                    {check.status !== 'pass' && <span className="text-muted"> (wanted: {check.wants})</span>}
                  </span>
                </li>
              ))}
            </ul>
            {!is_confirmed && <p className="mt-2 text-xs text-muted">Read at a third party; ask the marketplace before you rely on it.</p>}
          </details>
        ))}
      </div>
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

interface SlotFormProps {
  readonly picture: ProductPicture
  readonly onDone: (picture: ProductPicture, text: string) => void
  readonly onError: (error: Error) => void
}

function SlotForm({ picture, onDone, onError }: SlotFormProps) {
  const [sku, setSku] = useState(picture.sku ?? '')
  const [slot, setSlot] = useState<Slot | ''>(picture.slot ?? '')
  const save = useMutation({
    mutationFn: () =>
      callApi('changePicture', {
        params: { id: picture.id },
        body: { sku: sku.trim() === '' ? null : sku.trim(), slot: slot === '' ? null : slot },
      }),
    onSuccess: (changed) => onDone(changed, 'Saved.'),
    onError,
  })
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <div className="min-w-40 flex-1">
        <Labelled label="Product (SKU)">
          <input className={FIELD} value={sku} maxLength={80} onChange={(event) => setSku(event.target.value)} />
        </Labelled>
      </div>
      <div className="min-w-32">
        <Labelled label="Slot">
          <select className={FIELD} value={slot} onChange={(event) => setSlot(event.target.value as Slot | '')}>
            <option value="">none</option>
            {SLOTS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </Labelled>
      </div>
      <button
        type="submit"
        disabled={save.isPending}
        className="inline-flex h-9 items-center rounded-full bg-raised px-4 text-sm font-medium hover:bg-line disabled:opacity-50"
      >
        Save
      </button>
    </form>
  )
}
