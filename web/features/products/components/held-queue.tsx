/** @file Pictures held for a person, one after the other beside the picture they are like: let it pass, or to the trash; by keys too. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import type { ProductPicture } from '../../../../src/contract/products.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button } from '../../../ui/button.tsx'
import { pictureQuery } from '../api/product-queries.ts'

interface HeldQueueProps {
  readonly pictures: readonly ProductPicture[]
  readonly onOpen: (id: number) => void
}

export function HeldQueue({ pictures, onOpen }: HeldQueueProps) {
  const client = useQueryClient()
  const [at, setAt] = useState(0)
  const picture = pictures[Math.min(at, pictures.length - 1)]
  const decide = useMutation({
    mutationFn: ({ id, name }: { id: number; name: 'restorePicture' | 'trashPicture' }) => callApi(name, { params: { id } }),
    onSuccess: ({ state }) => {
      void client.invalidateQueries({ queryKey: ['products'] })
      showToast({ text: state === 'stored' ? 'It is in the store.' : 'It is in the trash.' })
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const act = (name: 'restorePicture' | 'trashPicture') => picture && !decide.isPending && decide.mutate({ id: picture.id, name })
  const step = (by: number) => setAt((now) => Math.max(0, Math.min(pictures.length - 1, Math.min(now, pictures.length - 1) + by)))
  useHotkeys([
    ['a', () => act('restorePicture')],
    ['x', () => act('trashPicture')],
    ['ArrowRight', () => step(1)],
    ['ArrowLeft', () => step(-1)],
  ])
  if (!picture) return null
  return (
    <section aria-label="Held pictures" className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <p className="text-sm text-muted">
        {countOf(pictures.length, 'picture')} held. Only the look of this one is near the other
        {picture.like && ` (distance ${picture.like.distance.toFixed(3)})`}: the same product again, or a variant?
      </p>
      <div className="grid grid-cols-2 gap-3">
        <Side title="Held" picture={picture} onOpen={onOpen} />
        {picture.like && <Near id={picture.like.id} onOpen={onOpen} />}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="solid" disabled={decide.isPending} onClick={() => act('restorePicture')}>
          <Check className="size-4" aria-hidden /> Let it pass <kbd className="text-xs opacity-70 max-sm:hidden">A</kbd>
        </Button>
        <Button disabled={decide.isPending} onClick={() => act('trashPicture')}>
          <X className="size-4" aria-hidden /> To the trash <kbd className="text-xs opacity-70 max-sm:hidden">X</kbd>
        </Button>
        {pictures.length > 1 && (
          <>
            <Button look="plain" onClick={() => step(-1)}>
              Previous
            </Button>
            <Button look="plain" onClick={() => step(1)}>
              Next
            </Button>
          </>
        )}
      </div>
    </section>
  )
}

function Near({ id, onOpen }: { readonly id: number; readonly onOpen: (id: number) => void }) {
  const { data } = useQuery(pictureQuery(id))
  return data ? <Side title={data.sku ?? 'In the store'} picture={data} onOpen={onOpen} /> : null
}

interface SideProps {
  readonly title: string
  readonly picture: ProductPicture
  readonly onOpen: (id: number) => void
}

function Side({ title, picture, onOpen }: SideProps) {
  return (
    <figure className="flex min-w-0 flex-col gap-1.5">
      <button
        type="button"
        aria-label={`${title}: ${picture.display_name}`}
        onClick={() => onOpen(picture.id)}
        className="grid h-[min(55vh,44vw)] place-items-center overflow-hidden rounded-xl border border-line bg-white"
      >
        <img src={pictureUrl('getPreview', picture.photo)} alt={picture.display_name} className="size-full object-contain" />
      </button>
      <figcaption className="min-w-0 text-sm">
        <span className="block truncate font-medium">{title}</span>
        <span className="block truncate text-xs text-muted">{picture.display_name}</span>
      </figcaption>
    </figure>
  )
}
