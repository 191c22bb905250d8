/** @file The page `/clean-up/failures`: what could not be done, grouped by why, with pictures it happened to, and another try. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, RotateCw } from 'lucide-react'
import type { FailureChoice, FailureGroup, FailureReport } from '../../../../src/contract/failures.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { failuresQuery, fileProblemsQuery } from '../api/failure-queries.ts'
import { FailureCard } from './failure-card.tsx'
import { FileProblems } from './file-problems.tsx'

export function FailuresPage() {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(failuresQuery)
  const { data: files } = useQuery(fileProblemsQuery)
  const retry = useMutation({
    mutationFn: (choice: FailureChoice) => callApi('retryFailures', { body: { ...choice, dry_run: false } }),
    onSuccess: ({ photos }) => showToast({ text: `${countOf(photos, 'photo')} will be looked at again.` }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: failuresQuery.queryKey })
      await refreshLibrary(client)
    },
  })
  const canRetry = data?.groups.some((group) => group.can_retry) ?? false
  return (
    <Page
      title="Failures"
      count={data && data.groups.length > 0 && describeReport(data)}
      width="forms"
      actions={
        canRetry && (
          <Button look="solid" disabled={retry.isPending} onClick={() => retry.mutate({})}>
            <RotateCw className={`size-4 ${retry.isPending ? 'animate-spin' : ''}`} aria-hidden />
            Try everything again
          </Button>
        )
      }
    >
      {error && (
        <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      <FileProblems />
      {data?.groups.length === 0 && (files?.total ?? 0) > 0 ? null : data?.groups.length === 0 ? (
        <EmptyState icon={<CircleCheck className="size-7" aria-hidden />} title="Nothing failed">
          <p className="text-muted">Every picture could be read, and every step that ran came to its end.</p>
        </EmptyState>
      ) : (
        <ul className="flex flex-col gap-3">
          {data?.groups.map((group) => (
            <li key={`${group.step} ${group.model} ${group.reason}`}>
              <FailureCard group={group} busy={retry.isPending} onRetry={() => retry.mutate(choiceOf(group))} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}

function describeReport({ photos, files, groups }: FailureReport): string {
  const counted = [photos > 0 ? countOf(photos, 'photo') : '', files > 0 ? countOf(files, 'file') : '', countOf(groups.length, 'reason')]
  return counted.filter((part) => part !== '').join(', ')
}

const choiceOf = ({ step, model, message }: FailureGroup): FailureChoice => ({ ...(step === null ? {} : { step }), model, message })
