/** @file The page `/settings/descriptions`: which model describes pictures for each purpose, what leaves this machine, how far it is, what it cost. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pause, Play, X } from 'lucide-react'
import { useState } from 'react'
import type { DescribeReport } from '../../../../src/contract/describe.ts'
import { PURPOSE_NAMES, type Purpose, type RunState } from '../../../../src/contract/words.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatSpan } from '../../../lib/format.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { describeQuery, textEmbeddingQuery } from '../api/describe-queries.ts'
import { Card } from './card.tsx'
import { ChoiceForm } from './choice-form.tsx'
import { RunForm } from './run-form.tsx'
import { TextsCard } from './texts-card.tsx'

const RUN_WORDS = {
  running: 'described so far',
  done: 'done',
  cancelled: 'stopped by you',
  budget: 'stopped when its budget was spent',
} as const satisfies Record<RunState, string>

const PURPOSES = { facts: 'Facts and tags', inspiration: 'Inspiration prompts' } as const satisfies Record<Purpose, string>
const ABOUT = {
  facts: null,
  inspiration:
    'A prompt for another picture of the same feel. Choose a model here to have it write them, with a queue and a budget of its own; until then the model that describes photos does.',
} as const satisfies Record<Purpose, string | null>

export function DescribePage() {
  const [purpose, setPurpose] = useState<Purpose>('facts')
  const { data, error } = useQuery(describeQuery(purpose))
  const { data: texts } = useQuery(textEmbeddingQuery)
  return (
    <Page
      title="Descriptions"
      width="text"
      actions={
        <Link to="/settings/descriptions/compare" className={LINK_BUTTON}>
          Compare two models
        </Link>
      }
    >
      {error && <Notice tone="danger">{error.message}</Notice>}
      <div role="group" aria-label="Purpose" className="flex flex-wrap gap-2">
        {PURPOSE_NAMES.map((each) => (
          <Button key={each} aria-pressed={each === purpose} look={each === purpose ? 'solid' : 'soft'} onClick={() => setPurpose(each)}>
            {PURPOSES[each]}
          </Button>
        ))}
      </div>
      {ABOUT[purpose] && <p className="text-sm text-muted">{ABOUT[purpose]}</p>}
      {data && (
        <>
          {/* nothing of pictures leaves, but texts do: the card below says which */}
          {(data.on || !texts?.remote) && <Notice tone={data.model?.remote ? 'warn' : 'info'}>{data.leaves}</Notice>}
          {data.on && <LaneCard report={data} />}
          <ChoiceForm key={`${purpose} ${data.describer} ${data.photos} ${JSON.stringify(data.limits)}`} report={data} />
          {data.model && <RunForm key={purpose} purpose={purpose} />}
          {purpose === 'facts' && <TextsCard />}
        </>
      )}
    </Page>
  )
}

/** Why nothing comes, and that nothing is lost by it. */
function LaneTrouble({ lane }: Pick<DescribeReport, 'lane'>) {
  const at = (time: string) => new Date(time).toLocaleTimeString()
  if (lane.reason)
    return (
      <Notice tone="warn">
        {lane.reason}
        {lane.until && `. What waits stays, and goes on by itself at ${at(lane.until)}; “Go on” tries now`}.
      </Notice>
    )
  if (!lane.trouble) return null
  return (
    <Notice tone="warn">
      {lane.trouble.reason} (at {at(lane.trouble.at)}). Its photo waits and is asked about again by itself.
    </Notice>
  )
}

function LaneCard({ report }: { readonly report: DescribeReport }) {
  const client = useQueryClient()
  const { lane, today, run, described, purpose } = report
  const act = useMutation({
    mutationFn: (name: 'pauseDescribe' | 'resumeDescribe' | 'cancelDescribe') => callApi(name, { query: { purpose } }),
    onSuccess: (next) => client.setQueryData(describeQuery(purpose).queryKey, next),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  return (
    <Card title={report.describer ?? ''}>
      <p aria-live="polite" className="text-sm">
        {lane.due > 0 ? `${countOf(lane.due, 'photo')} to describe` : 'Nothing waits to be described'}
        {lane.seconds_left ? `, about ${formatSpan(lane.seconds_left)} left` : ''}. {formatCount(described.current)} described by it
        {described.any > described.current && `, ${formatCount(described.any - described.current)} by another`}.
      </p>
      {lane.working_on.length > 0 && (
        <p className="text-sm text-muted wrap-anywhere">Asking about {lane.working_on.map(({ filename }) => filename).join(', ')}.</p>
      )}
      <LaneTrouble lane={lane} />
      <p className="text-sm text-muted">
        Today: {countOf(today.calls, 'call')}, {formatCount(today.input_tokens + today.output_tokens)} tokens
        {today.currency && `, ${today.cost.toFixed(2)} ${today.currency}${today.estimated_cost > 0 ? ' (estimated)' : ''}`}
        {today.failures > 0 && `, ${countOf(today.failures, 'failure')}`}
      </p>
      {report.model?.price && (
        <p className="text-xs text-muted">
          Where the server tells no cost: {report.model.price.input} and {report.model.price.output} USD per million tokens in and out (
          {report.model.price.source}).
        </p>
      )}
      {report.cost_notice && <Notice tone="warn">{report.cost_notice}</Notice>}
      {run && (
        <p className="text-sm text-muted wrap-anywhere">
          {run.state === 'running' ? 'This run' : 'The last run'} ({run.describer}): {RUN_WORDS[run.state]}, {formatCount(run.done)} of{' '}
          {countOf(run.photos, 'photo')}
          {run.failed > 0 && `, ${formatCount(run.failed)} failed`}, {formatCount(run.tokens)} tokens
          {run.cost > 0 && `, ${run.cost.toFixed(2)}${run.cost_estimated ? ' (estimated)' : ''}`}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {lane.state === 'paused' ? (
          <Button look="solid" disabled={act.isPending} onClick={() => act.mutate('resumeDescribe')}>
            <Play className="size-4" aria-hidden /> Go on
          </Button>
        ) : (
          <Button disabled={act.isPending} onClick={() => act.mutate('pauseDescribe')}>
            <Pause className="size-4" aria-hidden /> Pause
          </Button>
        )}
        {lane.due > 0 && (
          <Button disabled={act.isPending} onClick={() => act.mutate('cancelDescribe')}>
            <X className="size-4" aria-hidden /> Forget what waits
          </Button>
        )}
      </div>
    </Card>
  )
}
