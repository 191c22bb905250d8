/** @file Browsers that are signed in to the library; each can be signed out. Shown only where an access token is set. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'
import { formatMoment } from '../../../lib/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { sessionsQuery } from '../api/status-queries.ts'
import { PanelSection } from './panel-section.tsx'

export function SignedIn() {
  const client = useQueryClient()
  const { data } = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: async ({ id, current }: { readonly id: number; readonly current: boolean }) => {
      if (!current) return void (await callApi('endSession', { params: { id } }))
      await callApi('logOut', {})
      location.reload()
    },
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  })
  if (data === undefined || data.sessions.length === 0) return null
  return (
    <PanelSection title="Signed-in browsers">
      <ul className="flex flex-col gap-2">
        {data.sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-2">
            <p className="min-w-0 flex-1 text-sm">
              <span className="block wrap-anywhere">{session.device}</span>
              <span className="text-xs text-muted">
                {session.current ? 'This browser' : `Last used ${formatMoment(session.last_used_at)}`}, since{' '}
                {formatMoment(session.created_at)}
              </span>
            </p>
            <Button onClick={() => end.mutate(session)} disabled={end.isPending} className="h-8! px-3!">
              Sign out
            </Button>
          </li>
        ))}
      </ul>
      {end.error && <Notice tone="danger">{end.error.message}</Notice>}
    </PanelSection>
  )
}
