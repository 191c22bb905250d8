/** @file Search by what descriptions say: which server embeds them, what leaves for it, how far it is. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import type { TextEmbeddingReport } from '../../../../src/contract/describe.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { textEmbeddingQuery } from '../api/describe-queries.ts'
import { Card } from './card.tsx'

export function TextsCard() {
  const { data } = useQuery(textEmbeddingQuery)
  if (!data) return null
  return (
    <Card title="Search by what descriptions say">
      {data.state === 'off' ? (
        <p className="text-sm text-muted">
          Off. A model for texts, here or elsewhere, can make descriptions searchable by meaning: start fototeca with
          FOTOTECA_TEXT_EMBEDDING and FOTOTECA_TEXT_EMBEDDING_URL.
        </p>
      ) : (
        <TextsState report={data} />
      )}
    </Card>
  )
}

function TextsState({ report }: { readonly report: TextEmbeddingReport }) {
  const client = useQueryClient()
  const { space, state } = report
  const act = useMutation({
    mutationFn: (name: 'pauseSpace' | 'resumeSpace') => callApi(name, { params: { id: space?.id ?? 0 } }),
    onSuccess: () => client.invalidateQueries({ queryKey: textEmbeddingQuery.queryKey }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <>
      {report.leaves && <Notice tone={report.remote ? 'warn' : 'info'}>{report.leaves}</Notice>}
      <p aria-live="polite" className="text-sm wrap-anywhere">
        {report.model && `${report.model}: `}
        {countOf(report.embedded, 'description')} searchable by meaning
        {report.due > 0 && `, ${formatCount(report.due)} photos still to be looked at`}
        {report.failed > 0 && `, ${formatCount(report.failed)} given up`}.
      </p>
      {report.reason && (
        <Notice tone="warn">
          {report.reason}
          {report.until && `; goes on at ${new Date(report.until).toLocaleTimeString()}`}
        </Notice>
      )}
      {space && (
        <div className="flex flex-wrap gap-2">
          {state === 'paused' || report.failed > 0 ? (
            <Button disabled={act.isPending} onClick={() => act.mutate('resumeSpace')}>
              <Play className="size-4" aria-hidden /> {state === 'paused' ? 'Go on' : 'Try again'}
            </Button>
          ) : (
            <Button disabled={act.isPending} onClick={() => act.mutate('pauseSpace')}>
              <Pause className="size-4" aria-hidden /> Pause
            </Button>
          )}
        </div>
      )}
    </>
  )
}
