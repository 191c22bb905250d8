/** @file The review queue: one picture large beside its photo, what was measured of it, approve, redo, reject; by keys too. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, RotateCcw, X } from 'lucide-react'
import type { GeneratedImage } from '../../../../src/contract/generate.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button } from '../../../ui/button.tsx'
import { generationsQuery } from '../api/generate-queries.ts'
import { BeforeAfter } from './before-after.tsx'

const TONES = { pass: 'text-muted', warn: 'text-warn', fail: 'text-danger' } as const

interface ReviewProps {
  readonly image: GeneratedImage
  readonly onStep: (by: 1 | -1) => void
  readonly onClose: () => void
}

export function Review({ image, onStep, onClose }: ReviewProps) {
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (what: 'approved' | 'rejected' | 'redo') =>
      what === 'redo'
        ? callApi('redoGenerated', { params: { id: image.id } })
        : callApi('reviewGenerated', { params: { id: image.id }, body: { verdict: what } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: generationsQuery.queryKey })
      onStep(1)
    },
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  useHotkeys([
    ['a', () => act.mutate('approved')],
    ['x', () => act.mutate('rejected')],
    ['r', () => act.mutate('redo')],
    ['ArrowRight', () => onStep(1)],
    ['ArrowLeft', () => onStep(-1)],
    ['Escape', onClose],
  ])
  return (
    <section aria-label="Review" className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4 sm:p-5">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-base font-semibold">{image.image_type_name}</h2>
        <Button look="plain" onClick={onClose}>
          Close
        </Button>
      </div>
      {image.picture && <BeforeAfter key={image.picture} before={image.source} after={image.picture} name={image.image_type_name} />}
      <ul className="flex flex-col gap-1 text-[13px]" aria-label="Measured">
        {image.checks.map((check) => (
          <li key={check.name} className={TONES[check.verdict]}>
            <span className="inline-block font-medium first-letter:uppercase">{check.name}</span>: {check.says}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="solid" disabled={act.isPending} onClick={() => act.mutate('approved')}>
          <Check className="size-4" aria-hidden /> Approve <kbd className="text-xs opacity-70 max-sm:hidden">A</kbd>
        </Button>
        <Button disabled={act.isPending} onClick={() => act.mutate('redo')}>
          <RotateCcw className="size-4" aria-hidden /> Redo <kbd className="text-xs opacity-70 max-sm:hidden">R</kbd>
        </Button>
        <Button disabled={act.isPending} onClick={() => act.mutate('rejected')}>
          <X className="size-4" aria-hidden /> Reject <kbd className="text-xs opacity-70 max-sm:hidden">X</kbd>
        </Button>
      </div>
    </section>
  )
}
