/** @file The check of all files: how far it is, what the last one found, and starting, pausing, and resuming it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Pause, Play, ShieldCheck } from 'lucide-react'
import { useEffect } from 'react'
import type { VerifyReport } from '../../../../src/contract/verify.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatBytes, formatDay, formatMoment, formatSpan } from '../../../lib/format.ts'
import { healthQuery, progressQuery } from '../../../lib/library-queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { verifyQuery } from '../api/status-queries.ts'
import { PanelSection } from './panel-section.tsx'

export function FileCheck({ onLeave }: { readonly onLeave: () => void }) {
  const client = useQueryClient()
  const { data } = useQuery(verifyQuery)
  const isRunning = data !== undefined && data.pass !== null && data.state !== 'paused'
  const toggle = useMutation({
    mutationFn: () => (isRunning ? callApi('pauseVerify', {}) : callApi('startVerify', { body: {} })),
    onSuccess: (report) => client.setQueryData(verifyQuery.queryKey, report),
  })
  const problems = data?.problems
  // the notices above say how many originals are wrong: they follow what the check finds
  useEffect(() => {
    if (problems === undefined) return
    for (const { queryKey } of [healthQuery, progressQuery]) void client.invalidateQueries({ queryKey: [...queryKey] })
  }, [problems, client])
  if (!data) return null
  const Icon = isRunning ? Pause : data.pass ? Play : ShieldCheck
  return (
    <PanelSection title="File check">
      {data.pass ? <Pass pass={data.pass} report={data} /> : <Last report={data} />}
      {data.problems > 0 && (
        <Link to="/clean-up/failures" onClick={onLeave} className="self-start text-sm text-warn underline underline-offset-2">
          Show {countOf(data.problems, 'damaged or missing file')}
        </Link>
      )}
      <Button onClick={() => toggle.mutate()} disabled={toggle.isPending} className="self-start">
        <Icon className="size-4" aria-hidden />
        {isRunning ? 'Pause check' : data.pass ? 'Resume check' : 'Check all files'}
      </Button>
      {toggle.error && <Notice tone="danger">{toggle.error.message}</Notice>}
    </PanelSection>
  )
}

function Pass({ pass, report: { state, reason } }: { readonly pass: NonNullable<VerifyReport['pass']>; readonly report: VerifyReport }) {
  const { photos, left, bytes, bytes_per_second: rate } = pass
  const parts = [
    formatBytes(bytes),
    ...(rate === null ? [] : [`${formatBytes(rate)}/s`]),
    ...(rate && photos > 0 ? [`about ${formatSpan(((bytes / photos) * left) / rate)} left`] : []),
  ]
  return (
    <>
      <ProgressBar
        label="Photos checked"
        share={photos + left === 0 ? 1 : photos / (photos + left)}
        text={`${formatCount(photos)} of ${countOf(photos + left, 'photo')}`}
      />
      <p className="text-sm text-muted tabular-nums">{state === 'paused' ? `Paused · ${formatBytes(bytes)} read` : parts.join(' · ')}</p>
      {state === 'waiting' && <p className="text-sm text-warn wrap-anywhere">Waiting{reason === null ? '' : `: ${reason}`}</p>}
    </>
  )
}

function Last({ report: { last, next_at } }: { readonly report: VerifyReport }) {
  return (
    <div className="flex flex-col gap-1 text-sm">
      {last ? (
        <>
          <p>
            Last full check: <time dateTime={last.finished_at}>{formatMoment(last.finished_at)}</time>
          </p>
          {tellResult(last).map((line) => (
            <p key={line} className="text-muted">
              {line}
            </p>
          ))}
        </>
      ) : (
        <p className="text-muted">The files have not been checked yet. A check reads every file to find damaged and missing ones.</p>
      )}
      {next_at && <p className="text-muted">Next check: {formatDay(next_at.slice(0, 10))}</p>}
    </div>
  )
}

function tellResult({ files, renditions, bytes, found, renewed, changed, skipped }: NonNullable<VerifyReport['last']>): string[] {
  return [
    `Read ${countOf(files, 'original')} and ${countOf(renditions, 'thumbnail or preview', 'thumbnails and previews')} (${formatBytes(bytes)}).`,
    found === 0 ? 'All originals were intact.' : `${countOf(found, 'original was', 'originals were')} damaged or missing.`,
    renewed > 0 ? `${countOf(renewed, 'thumbnail or preview', 'thumbnails and previews')} created again.` : '',
    changed > 0
      ? `${countOf(changed, 'file was', 'files were')} changed in its folder; the next scan reads ${changed === 1 ? 'it' : 'them'}.`
      : '',
    skipped > 0 ? `${countOf(skipped, 'file')} could not be reached. Is a disk not mounted?` : '',
  ].filter((line) => line !== '')
}
