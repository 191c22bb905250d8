/** @file What a model says of the photo beside the caption above, with who said it, when and for how much. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DescriptionReport, InspirationReport } from '../../../../src/contract/description.ts'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatModel, formatPercent } from '../../../lib/format.ts'
import { photoQuery } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { FactSection } from './fact-section.tsx'

export function DescriptionFacts({ photo }: { readonly photo: PhotoDetail }) {
  const { description: said, inspiration } = photo
  if (!said && !inspiration) return null
  return (
    <FactSection title="In the words of a model">
      {said && <Description photo={photo} said={said} />}
      {photo.other_descriptions.length > 0 && <Others photo={photo} />}
      {inspiration && (
        <details className="text-sm">
          <summary className="cursor-pointer text-muted">Prompt for another picture of this feel</summary>
          <p className="mt-1 wrap-anywhere">{inspiration.prompt}</p>
          {inspiration.said_at !== said?.said_at && <Source said={inspiration} />}
        </details>
      )}
    </FactSection>
  )
}

function Description({ photo, said }: { readonly photo: PhotoDetail; readonly said: DescriptionReport }) {
  const words = [said.primary_category, said.scene_type?.replace('_', ' '), said.suggested_cluster_name].filter(Boolean)
  return (
    <>
      {said.fallback_used && (
        <p className="text-sm text-warn">Only in part: {said.fallback_reason ?? 'its answer could not be used whole'}</p>
      )}
      {said.description && said.description !== photo.caption.value && <p className="text-sm wrap-anywhere">{said.description}</p>}
      {said.alt_text && said.alt_text !== photo.alt_text.value && (
        <p className="text-sm wrap-anywhere text-muted">
          <span className="font-medium">Alt text: </span>
          {said.alt_text}
        </p>
      )}
      {words.length > 0 && <p className="text-sm text-muted">{words.join(' · ')}</p>}
      {said.detected_objects.length > 0 && (
        <ul className="flex flex-wrap gap-1.5 text-xs">
          {said.detected_objects.map(({ name, confidence }) => (
            <li key={name} className="rounded-full bg-raised px-2.5 py-1">
              {name}
              {confidence !== null && <span className="ml-1.5 text-muted tabular-nums">{formatPercent(confidence)}</span>}
            </li>
          ))}
        </ul>
      )}
      <Source said={said} />
    </>
  )
}

function Others({ photo }: { readonly photo: PhotoDetail }) {
  const client = useQueryClient()
  const use = useMutation({
    mutationFn: (said_by: string) => callApi('useDescription', { params: { id: photo.id }, body: { said_by } }),
    onSuccess: (next) => client.setQueryData(photoQuery(photo.id).queryKey, next),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">Other descriptions ({photo.other_descriptions.length})</summary>
      <ul className="mt-2 flex flex-col gap-3">
        {photo.other_descriptions.map((other) => (
          <li key={other.said_by} className="flex flex-col gap-1">
            <p className="wrap-anywhere">{other.description ?? other.tags.join(', ')}</p>
            <p className="text-xs text-muted" title={other.said_by}>
              {other.models.join(' + ') || formatModel(other.said_by)}, {new Date(other.said_at).toLocaleDateString()}
            </p>
            <Button className="self-start" disabled={use.isPending} onClick={() => use.mutate(other.said_by)}>
              Use this one
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Source({ said }: { readonly said: DescriptionReport | InspirationReport }) {
  return (
    <p className="text-xs text-muted" title={said.said_by}>
      {said.models.join(' + ') || formatModel(said.said_by)}, {new Date(said.said_at).toLocaleDateString()}, prompt {said.prompt_version}
      {said.duration_ms !== null && `, ${(said.duration_ms / 1000).toFixed(1)} s`}
      {said.input_tokens !== null && `, ${said.input_tokens + (said.output_tokens ?? 0)} tokens`}
      {said.cost !== null && `, ${said.cost.toFixed(4)} ${said.currency}${said.cost_estimated ? ' (estimated)' : ''}`}
    </p>
  )
}
