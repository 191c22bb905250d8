/** @file Says that the original is damaged, missing, or unreadable, and what to do; another look at it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import { callApi } from '../../../lib/api-client.ts'
import { healthQuery, photoQuery, progressQuery } from '../../../lib/library-queries.ts'
import { showToast } from '../../../lib/toasts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'

export function FileProblem({ photo: { id, files } }: { readonly photo: Pick<PhotoDetail, 'id' | 'files'> }) {
  const client = useQueryClient()
  const check = useMutation({
    mutationFn: () => callApi('checkFiles', { body: { ids: [id] } }),
    onSuccess: ({ right }) => showToast({ text: right > 0 ? 'The original is intact.' : 'The problem is still there.' }),
    onError: (error) => showToast({ text: error.message, tone: 'danger' }),
    onSettled: () =>
      Promise.all(
        [photoQuery(id), healthQuery, progressQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey: [...queryKey] })),
      ),
  })
  const problems = files.flatMap(({ problem, missing_since }) => (problem && !missing_since ? [problem] : []))
  if (problems.length === 0) return null
  const hasCopy = files.some(({ problem, missing_since }) => !problem && !missing_since)
  return (
    <Notice
      tone={hasCopy ? 'warn' : 'danger'}
      action={
        <Button onClick={() => check.mutate()} disabled={check.isPending} className="h-8! px-3!">
          <RotateCw className={`size-3.5 ${check.isPending ? 'animate-spin' : ''}`} aria-hidden />
          Check again
        </Button>
      }
    >
      {problems.map((problem) => (
        <p key={problem} className="font-medium">
          Original {problem}.
        </p>
      ))}
      <p className="mt-1">
        {hasCopy
          ? 'Downloads use another copy of the file, which is intact.'
          : 'It cannot be downloaded. Restore the file from a backup or upload the picture again, then check again.'}
      </p>
    </Notice>
  )
}
