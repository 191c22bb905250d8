/** @file The page `/explore/topics`: topics found among the photos; named, merged, hidden, made albums of. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Boxes, LoaderCircle, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi } from '../../../lib/api-client.ts'
import { showToast, takeLastBack } from '../../../lib/toasts.ts'
import { useCardKeys } from '../../../lib/use-card-keys.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { clustersQuery } from '../api/cluster-queries.ts'
import { ClusterCard } from './cluster-card.tsx'

export function ClustersPage() {
  const client = useQueryClient()
  const [hidden, setHidden] = useState(false)
  const { data, error, refetch } = useQuery(clustersQuery(hidden))
  const run = useMutation({
    mutationFn: () => callApi('runClusters', {}),
    onSuccess: () => setTimeout(() => void client.invalidateQueries({ queryKey: ['clusters'] }), 500),
    onError: (failure) => showToast({ text: failure.message, tone: 'danger' }),
  })
  const cards = useCardKeys()
  useHotkeys([['u', takeLastBack]])
  const state = data?.state
  const clusters = data?.clusters ?? []
  return (
    <Page
      title="Topics"
      content={cards}
      about={`Photos of the same kind, found by what they show.${state?.made_at ? ` ${formatCount(state.photos - state.in_none)} of ${countOf(state.photos, 'photo')} are in one.` : ''}`}
      actions={
        <>
          <Button look="plain" aria-pressed={hidden} onClick={() => setHidden(!hidden)}>
            {hidden ? 'Without hidden' : 'Show hidden'}
          </Button>
          <Button disabled={run.isPending || state?.running} onClick={() => run.mutate()}>
            {state?.running ? <LoaderCircle className="size-4 animate-spin" aria-hidden /> : <RefreshCw className="size-4" aria-hidden />}
            {state?.running ? 'Looking…' : 'Refresh'}
          </Button>
        </>
      }
    >
      {error && (
        <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      {state?.notice && <Notice tone="warn">{state.notice}</Notice>}
      {data && clusters.length === 0 && (
        <EmptyState
          icon={<Boxes className="size-7" aria-hidden />}
          title={state?.running ? 'Looking at the photos…' : 'Topics appear once a dozen photos were analysed'}
        >
          <Link to="/" className={LINK_BUTTON}>
            All photos
          </Link>
        </EmptyState>
      )}
      <ul aria-label="Clusters" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {clusters.map((cluster) => (
          <li key={cluster.id} data-card aria-label={cluster.name ?? `Cluster ${cluster.id}`} className="min-w-0">
            <ClusterCard cluster={cluster} all={clusters} />
          </li>
        ))}
      </ul>
    </Page>
  )
}
