/** @file The page `/explore/trips`: photos of days that belong together, with the way to an album of each. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FolderPlus, Luggage } from 'lucide-react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatDay } from '../../../lib/format.ts'
import { IconButton, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { tripsQuery } from '../api/cluster-queries.ts'
import { useMakeAlbum } from '../api/make-album.ts'

/** Trips link to their days; nothing is stored of them. */
export function TripsPage() {
  const { data, error } = useQuery(tripsQuery)
  const make = useMakeAlbum()
  return (
    <Page title="Trips" about="Days away from where most of your photos are taken, and days with many photos.">
      {error && <Notice tone="danger">{error.message}</Notice>}
      {data?.trips.length === 0 && (
        <EmptyState icon={<Luggage className="size-7" aria-hidden />} title="Trips appear from photos with dates and places">
          <Link to="/" className={LINK_BUTTON}>
            All photos
          </Link>
        </EmptyState>
      )}
      <ul aria-label="Trips" className="grid gap-x-4 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
        {data?.trips.map((trip) => (
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
    </Page>
  )
}
