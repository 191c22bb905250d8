/** @file The page `/settings/queue`: processes, what runs, waits, and failed in each queue; pause, resume, and retry. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pause, Play, RotateCw } from 'lucide-react'
import { PAUSABLE_LANES, type QueueLane, type QueueReport } from '../../../../src/contract/queue.ts'
import type { StepName } from '../../../../src/contract/words.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatMoment, formatPercent, formatSpan } from '../../../lib/format.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { queueQuery, useQueue } from '../api/activity-queries.ts'
import { FactsTable } from './facts-table.tsx'

const QUEUES: Record<QueueLane['lane'], string> = {
  analyse: 'Analysis',
  tag: 'Tags in words',
  people: 'People',
  describe: 'Descriptions',
  inspire: 'Inspiration prompts',
  generate: 'Product pictures',
}

type Pausable = (typeof PAUSABLE_LANES)[number]

export function QueuePage() {
  const { data, error, refetch } = useQueue()
  return (
    <Page title="Queue" about="What runs, waits, and failed.">
      <div className="flex flex-col gap-6">
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        {data?.queues.map((queue) => (
          <Queue key={queue.lane} queue={queue} />
        ))}
        {data && <Machines report={data} />}
      </div>
    </Page>
  )
}

function Queue({ queue }: { readonly queue: QueueLane }) {
  const client = useQueryClient()
  const { lane, state, reason, due, paused, per_second: rate, seconds_left: left } = queue
  const pause = useMutation({
    mutationFn: (params: { lane: Pausable }) => callApi(paused ? 'resumeQueue' : 'pauseQueue', { params }),
    onSuccess: (report) => client.setQueryData(queueQuery.queryKey, report),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
  })
  const retry = useMutation({
    mutationFn: (step: StepName) => callApi('retryFailures', { body: { step, dry_run: false } }),
    onSuccess: ({ photos }) => showToast({ text: `${countOf(photos, 'photo')} will be tried again.` }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
    onSettled: () => client.invalidateQueries({ queryKey: queueQuery.queryKey }),
  })
  const facts = [
    state,
    `${countOf(due, 'photo')} waiting`,
    ...(rate === null ? [] : [`${rate.toFixed(2)} photos/s`]),
    ...(left ? [`about ${formatSpan(left)} left`] : []),
  ]
  const steps = queue.steps.filter(({ waiting, running, failed }) => waiting + running + failed > 0)
  const pausable = PAUSABLE_LANES.find((each) => each === lane)
  return (
    <section aria-label={QUEUES[lane]} className="flex flex-col gap-2 rounded-2xl border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 className="text-base font-semibold">{QUEUES[lane]}</h2>
          <p className="text-sm text-muted tabular-nums">{facts.join(' · ')}</p>
        </div>
        {pausable && (
          <Button onClick={() => pause.mutate({ lane: pausable })} disabled={pause.isPending}>
            {paused ? <Play className="size-4" aria-hidden /> : <Pause className="size-4" aria-hidden />}
            {paused ? 'Resume' : 'Pause'}
          </Button>
        )}
      </div>
      {reason !== null && <p className="text-sm text-warn wrap-anywhere">{reason}</p>}
      <FactsTable
        title="By step"
        head={['Step', 'Waiting', 'Running', 'Failed', '']}
        rows={steps.map(({ step, waiting, running, failed }) => ({
          key: step,
          cells: [
            step,
            formatCount(waiting),
            formatCount(running),
            formatCount(failed),
            failed > 0 && (
              <Button key="retry" onClick={() => retry.mutate(step)} disabled={retry.isPending} aria-label={`Retry ${step}`}>
                <RotateCw className="size-4" aria-hidden />
                Retry
              </Button>
            ),
          ],
        }))}
      />
    </section>
  )
}

function Machines({ report: { processes, running, gpus } }: { readonly report: QueueReport }) {
  return (
    <>
      <FactsTable
        title="Running now"
        head={['Photo', 'Queue', 'State', 'Process', 'Since']}
        rows={running.map(({ id, filename, lane, state, pid, seconds }) => ({
          key: `${lane} ${id}`,
          cells: [
            <Link key="photo" to="/photo/$id" params={{ id: String(id) }} className="underline underline-offset-2">
              {filename}
            </Link>,
            QUEUES[lane],
            state.replaceAll('_', ' '),
            pid ?? '–',
            seconds === null ? '–' : `${seconds.toFixed(1)} s`,
          ],
        }))}
      />
      <FactsTable
        title="Processes"
        head={['Process', 'Machine', 'Role', 'Version', 'Started', 'Photos']}
        rows={processes.map(({ pid, host, roles, version, started_at, photos }) => ({
          key: `${host} ${pid}`,
          cells: [pid, host, roles, version, formatMoment(started_at), formatCount(photos)],
        }))}
      />
      <FactsTable
        title="GPU"
        head={['GPU', 'Memory', 'Use']}
        rows={gpus.gpus.map(({ name, memory_used_mb, memory_total_mb, memory_share, utilization }, i) => ({
          key: `${i} ${name}`,
          cells: [
            name,
            `${formatPercent(memory_share)} (${memory_used_mb} of ${memory_total_mb} MiB)`,
            utilization === null ? '–' : formatPercent(utilization),
          ],
        }))}
      />
      {gpus.notice !== null && <p className="text-sm text-muted">{gpus.notice}</p>}
    </>
  )
}
