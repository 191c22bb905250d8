/** @file Which product a picture shows, and in which slot. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SLOTS, type Slot } from '../../../../src/contract/product-words.ts'
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { callApi } from '../../../lib/api-client.ts'
import { FIELD, Labelled } from '../../../ui/labelled.tsx'

interface SlotFormProps {
  readonly picture: ProductPicture
  readonly onDone: (picture: ProductPicture, text: string) => void
  readonly onError: (error: Error) => void
}

export function SlotForm({ picture, onDone, onError }: SlotFormProps) {
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
