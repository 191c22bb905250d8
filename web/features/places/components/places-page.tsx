/** @file The page `/explore/places`: all photos on a map, and the list of places beside it. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { MapPin } from 'lucide-react'
import { countOf } from '../../../../src/domain/count-of.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Page } from '../../../ui/page.tsx'
import { placesQuery, pointsQuery } from '../api/place-queries.ts'
import { PlaceList } from './place-list.tsx'
import { WorldMap } from './world-map.tsx'

const EVERYTHING = {}

interface PlacesPageProps {
  readonly at: string | undefined
  readonly onRest: (at: string) => void
}

export function PlacesPage({ at, onRest }: PlacesPageProps) {
  const points = useQuery(pointsQuery(EVERYTHING))
  const places = useQuery(placesQuery)
  const error = points.error ?? places.error
  const photos = points.data?.ids.length
  return (
    <Page title="Places" count={photos !== undefined && photos > 0 && countOf(photos, 'photo')}>
      {error && (
        <Notice tone="danger" action={<Button onClick={() => void Promise.all([points.refetch(), places.refetch()])}>Try again</Button>}>
          {error.message}
        </Notice>
      )}
      {photos === 0 ? (
        <EmptyState icon={<MapPin className="size-7" aria-hidden />} title="No photos with a place yet">
          <p className="text-muted">Photos whose file says where they were taken are shown here on a map.</p>
          <Link to="/" className={LINK_BUTTON}>
            All photos
          </Link>
        </EmptyState>
      ) : (
        <div className="flex grow flex-col gap-5 desk:flex-row">
          <WorldMap
            photos={EVERYTHING}
            at={at}
            onRest={onRest}
            className="h-[min(52dvh,30rem)] w-full shrink-0 desk:sticky desk:top-3 desk:h-[calc(100dvh-9rem)] desk:w-auto desk:min-w-0 desk:flex-1"
          />
          <div className="desk:w-72">{places.data && <PlaceList places={places.data.places} />}</div>
        </div>
      )}
    </Page>
  )
}
