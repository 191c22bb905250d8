/** @file What was done for this photo, what was not and why; failed steps can be tried again. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, CircleDashed, LoaderCircle, Minus, RotateCw, X } from 'lucide-react'
import { render } from '../../../../src/contract/messages/message.ts'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import type { StepState } from '../../../../src/contract/words.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatModel } from '../../../lib/format.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { STEP_LABELS } from '../../../lib/step-names.ts'
import { Button } from '../../../ui/button.tsx'
import { FactSection } from './fact-section.tsx'

const STATES: Record<StepState, { icon: typeof Check; tone: string; word: string }> = {
  done: { icon: Check, tone: 'text-accent', word: 'done' },
  skipped: { icon: Minus, tone: 'text-muted', word: 'skipped' },
  failed: { icon: X, tone: 'text-danger', word: 'failed' },
  running: { icon: LoaderCircle, tone: 'text-accent animate-spin', word: 'running' },
  due: { icon: CircleDashed, tone: 'text-muted', word: 'waiting' },
}

export function StepFacts({ photo }: { readonly photo: PhotoDetail }) {
  const client = useQueryClient()
  const retry = useMutation({
    mutationFn: () => callApi('retryPhoto', { params: { id: photo.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: photoQuery(photo.id).queryKey }),
  })
  const failed = photo.state === 'failed' || photo.steps.some((step) => step.state === 'failed')
  if (photo.steps.length === 0 && !failed) return null
  return (
    <FactSection
      title="What was done"
      aside={
        failed && (
          <Button onClick={() => retry.mutate()} disabled={retry.isPending} className="h-8! px-3!">
            <RotateCw className={`size-3.5 ${retry.isPending ? 'animate-spin' : ''}`} aria-hidden />
            Try again
          </Button>
        )
      }
    >
      {retry.error && <p className="text-sm text-danger">{retry.error.message}</p>}
      <ul className="flex flex-col gap-1.5 text-sm">
        {photo.steps.map((step) => {
          const { icon: Icon, tone, word } = STATES[step.state]
          return (
            <li key={step.step} className="flex gap-2.5">
              <Icon className={`mt-0.5 size-4 shrink-0 ${tone}`} aria-hidden />
              <span className="min-w-0 flex-1">
                <span className="flex items-baseline justify-between gap-2">
                  {STEP_LABELS[step.step]}
                  <span className="text-xs text-muted tabular-nums">
                    {step.state === 'done' && step.duration_ms !== null ? writeDuration(step.duration_ms) : word}
                  </span>
                </span>
                {step.message && (
                  <span className={`block text-xs wrap-anywhere ${step.state === 'failed' ? 'text-danger' : 'text-muted'}`}>
                    {render(step.message)}
                  </span>
                )}
                {step.model && <span className="block truncate text-xs text-muted">{formatModel(step.model)}</span>}
              </span>
            </li>
          )
        })}
      </ul>
    </FactSection>
  )
}

const writeDuration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
