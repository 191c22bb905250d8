/** @file The page `/clusters`: topics found among the photos, and trips; named, merged, hidden, made albums of. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Boxes, FolderPlus, LoaderCircle, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { callApi, pictureUrl } from '../../../lib/api-client.ts'
import { formatDay } from '../../../lib/format.ts'
import { showToast, takeLastBack } from '../../../lib/toasts.ts'
import { useCardKeys } from '../../../lib/use-card-keys.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { useMakeAlbum } from '../api/make-album.ts'
import { ClusterCard } from './cluster-card.tsx'

const clustersQuery = (hidden: boolean) =>
  queryOptions({
    queryKey: ['clusters', hidden],
    queryFn: ({ signal }) => callApi('listClusters', { query: { hidden }, signal }),
    refetchInterval: (query) => (query.state.data?.state.running ? 1500 : false),
  })
const tripsQuery = queryOptions({ queryKey: ['trips'], queryFn: ({ signal }) => callApi('listTrips', { signal }), staleTime: 60_000 })

export function ClustersPage() {
  const client = useQueryClient()
  const [hidden, setHidden] = useState(false)
  const { data, error, refetch } = useQuery(clustersQuery(hidden))
  useEffect(() => {
    document.title = 'Clusters · fototeca'
  }, [])
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
    <div className="scrollbar-thin h-full overflow-y-auto">
      <div ref={cards} className="mx-auto flex max-w-6xl flex-col gap-5 px-4 pt-5 pb-24 sm:px-6">
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 className="text-xl font-semibold tracking-tight">Clusters</h1>
            <p className="text-sm text-muted">
              Photos of the same kind, found by what they show.
              {state?.made_at && ` ${formatCount(state.photos - state.in_none)} of ${countOf(state.photos, 'photo')} are in one.`}
            </p>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <Button look="plain" aria-pressed={hidden} onClick={() => setHidden(!hidden)}>
              {hidden ? 'Without hidden ones' : 'Hidden ones too'}
            </Button>
            <Button disabled={run.isPending || state?.running} onClick={() => run.mutate()}>
              {state?.running ? <LoaderCircle className="size-4 animate-spin" aria-hidden /> : <RefreshCw className="size-4" aria-hidden />}
              {state?.running ? 'Looking…' : 'Look again'}
            </Button>
          </div>
        </header>
        {error && (
          <Notice tone="danger" action={<Button onClick={() => void refetch()}>Try again</Button>}>
            {error.message}
          </Notice>
        )}
        {state?.notice && <Notice tone="warn">{state.notice}</Notice>}
        {data && clusters.length === 0 && (
          <EmptyState icon={<Boxes className="size-7" aria-hidden />} title={state?.running ? 'Looking at the photos…' : 'No clusters yet'}>
            <p className="text-muted">They appear by themselves once a dozen photos have been looked at.</p>
          </EmptyState>
        )}
        <ul aria-label="Clusters" className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {clusters.map((cluster) => (
            <li key={cluster.id} data-card aria-label={cluster.name ?? `Cluster ${cluster.id}`} className="min-w-0">
              <ClusterCard cluster={cluster} all={clusters} />
            </li>
          ))}
        </ul>
        <Trips />
      </div>
    </div>
  )
}

/** Trips link to their days; nothing is stored of them. */
function Trips() {
  const { data } = useQuery(tripsQuery)
  const make = useMakeAlbum()
  if (!data || data.trips.length === 0) return null
  return (
    <section aria-label="Trips" className="flex flex-col gap-3 pt-4">
      <h2 className="text-lg font-semibold tracking-tight">Trips and days</h2>
      <ul className="grid gap-x-4 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
        {data.trips.map((trip) => (
          <li key={`${trip.from} ${trip.name}`} className="min-w-0">
            <div className="flex items-center gap-1 rounded-2xl border border-line bg-surface p-2 hover:bg-raised">
              <Link to="/search" search={{ from: trip.from, to: trip.to }} className="flex min-w-0 flex-1 items-center gap-3">
                <span className="grid size-14 shrink-0 grid-cols-2 gap-px overflow-hidden rounded-xl bg-tile">
                  {trip.photo_ids.map((id) => (
                    <img
                      key={id}
                      src={pictureUrl('getThumbnail', { id, thumbhash: null })}
                      alt=""
                      loading="lazy"
                      className="size-full min-h-0 object-cover"
                    />
                  ))}
                </span>
                <span className="min-w-0">
                  <span className="block truncate font-medium">{trip.name}</span>
                  <span className="block truncate text-sm text-muted">
                    {countOf(trip.count, 'photo')}, {formatDay(trip.from)}
                  </span>
                </span>
              </Link>
              <IconButton
                label={`Make an album of ${trip.name}`}
                disabled={make.isPending}
                onClick={() => make.mutate({ name: trip.name, search: { from: trip.from, to: trip.to } })}
              >
                <FolderPlus className="size-4" aria-hidden />
              </IconButton>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
