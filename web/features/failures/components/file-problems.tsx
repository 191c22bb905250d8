/** @file Originals that are damaged, missing, or unreadable: since when, what to do, and checking them again. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import type { FileProblem } from '../../../../src/contract/verify.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { formatMoment } from '../../../lib/format.ts'
import { healthQuery, progressQuery } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { fileProblemsQuery } from '../api/failure-queries.ts'

export function FileProblems() {
  const client = useQueryClient()
  const { data } = useQuery(fileProblemsQuery)
  const check = useMutation({
    mutationFn: () => callApi('checkFiles', { body: {} }),
    onSuccess: ({ right, problems }) => showToast({ text: tellCheck(right, problems) }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
    onSettled: () =>
      Promise.all(
        [fileProblemsQuery, healthQuery, progressQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey: [...queryKey] })),
      ),
  })
  if (!data || data.total === 0) return null
  const left = data.total - data.problems.length
  return (
    <article aria-label="Damaged or missing originals" className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
            Damaged or missing originals
            <span className="text-sm font-normal text-muted">{countOf(data.total, 'file')}</span>
          </h2>
          <p className="mt-0.5 text-sm text-muted">
            These files cannot be downloaded. Restore each one from a backup or upload the same picture again, then check again.
          </p>
        </div>
        <Button onClick={() => check.mutate()} disabled={check.isPending} className="shrink-0">
          <RotateCw className={`size-4 ${check.isPending ? 'animate-spin' : ''}`} aria-hidden />
          Check again
        </Button>
      </div>
      <ul className="flex flex-col gap-3">
        {data.problems.map((problem) => (
          <li key={`${problem.source} ${problem.path}`}>
            <Problem {...problem} />
          </li>
        ))}
        {left > 0 && <li className="text-sm text-muted">and {countOf(left, 'more', 'more')}</li>}
      </ul>
    </article>
  )
}

function tellCheck(right: number, problems: number): string {
  const still = problems === 0 ? 'No problem is left.' : `${countOf(problems, 'original is', 'originals are')} still damaged or missing.`
  return right === 0 ? still : `${countOf(right, 'original is', 'originals are')} intact again. ${still}`
}

const KINDS: Readonly<Record<FileProblem['kind'], string>> = { damaged: 'Damaged', missing: 'Missing', unreadable: 'Unreadable' }

function Problem({ photo, kind, source, path, reason, found_at, expected_sha256, found_sha256 }: FileProblem) {
  return (
    <div className="flex flex-col gap-0.5 text-sm wrap-anywhere">
      <Link to="/photo/$id" params={{ id: String(photo.id) }} className="self-start text-accent hover:underline">
        {photo.filename}
      </Link>
      <p className="text-danger">
        {KINDS[kind]}: {reason}
      </p>
      <p className="text-muted">
        Found <time dateTime={found_at}>{formatMoment(found_at)}</time>
      </p>
      <details className="text-muted">
        <summary className="w-fit rounded-full py-1 pr-2">Path and checksum</summary>
        <p>{source === 'upload' ? `In the data folder: originals/${path}` : `${source}/${path}`}</p>
        <p>Expected SHA-256: {expected_sha256}</p>
        {found_sha256 && <p>Found SHA-256: {found_sha256}</p>}
      </details>
    </div>
  )
}
