/** @file The page `/explore`: a row each of people, places, things, topics, and trips, with the way to all of them. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { ChevronRight, Compass } from 'lucide-react'
import type { ReactNode } from 'react'
import { countOf } from '../../src/domain/count-of.ts'
import { clustersQuery, tripsQuery } from '../features/clusters/api/cluster-queries.ts'
import { peopleListQuery } from '../features/people/api/people-queries.ts'
import { placesQuery } from '../features/places/api/place-queries.ts'
import { callApi, pictureUrl } from '../lib/api-client.ts'
import { categoriesQuery, daysQuery } from '../lib/library-queries.ts'
import { LINK_BUTTON } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FacePicture } from '../ui/face-picture.tsx'
import { Page } from '../ui/page.tsx'

/** cards of a row; a wide window shows no more of them */
const SHOWN = 10
/** photos of a thing to choose its cover from */
const COVERS = 5

export function ExplorePage() {
  const { data: days } = useQuery(daysQuery)
  return (
    <Page title="Overview">
      {days?.total === 0 ? (
        <EmptyState icon={<Compass className="size-7" aria-hidden />} title="Nothing to explore yet">
          <p className="text-muted">People, places, things, topics, and trips are found in your photos.</p>
          <Link to="/" className={LINK_BUTTON}>
            Add photos
          </Link>
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-7">
          <People />
          <Places />
          <Things />
          <Topics />
          <Trips />
        </div>
      )}
    </Page>
  )
}

function People() {
  const named = useQuery(peopleListQuery('named'))
  const unnamed = useQuery(peopleListQuery('unnamed'))
  const people = [...(named.data?.people ?? []), ...(unnamed.data?.people ?? [])]
  return (
    <Row
      title="People"
      to="/explore/people"
      isRead={named.data !== undefined && unnamed.data !== undefined}
      empty="People appear when several photos show the same face."
    >
      {people.slice(0, SHOWN).map(({ id, name, count, cover_face_id }) => (
        <Card key={id} name={name ?? 'Add a name'} count={count} to={{ to: '/explore/people/$id', params: { id: String(id) } }}>
          <FacePicture face={cover_face_id} className="aspect-square w-full rounded-full" />
        </Card>
      ))}
    </Row>
  )
}

function Places() {
  const { data } = useQuery(placesQuery)
  const cities = data?.places.flatMap((place) => (place.city === null ? [] : [{ ...place, city: place.city }])) ?? []
  return (
    <Row title="Places" to="/explore/places" isRead={data !== undefined} empty="Photos whose file says where they were taken appear here.">
      {cities.slice(0, SHOWN).map(({ country, city, count, photo_id }) => (
        <Card
          key={`${country} ${city}`}
          name={city}
          count={count}
          to={{ to: '/explore/places/in/$country/$city', params: { country, city } }}
        >
          <Cover id={photo_id} />
        </Card>
      ))}
    </Row>
  )
}

function Things() {
  const { data } = useQuery(categoriesQuery)
  const categories = (data?.categories ?? [])
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN)
  const covers = useQueries({
    queries: categories.map(({ name }) => ({
      queryKey: ['search', 'cover', name],
      queryFn: ({ signal }: { signal: AbortSignal }) => callApi('search', { query: { category: [name], limit: COVERS }, signal }),
      staleTime: 60_000,
    })),
  })
  // a photo of several things stands for one of them
  const used = new Set<number>()
  const pickCover = (i: number): number | undefined => {
    const ids = covers[i]?.data?.hits.map(({ photo }) => photo.id) ?? []
    const id = ids.find((each) => !used.has(each)) ?? ids[0]
    if (id !== undefined) used.add(id)
    return id
  }
  return (
    <Row title="Things" to="/explore/things" isRead={data !== undefined} empty="Things appear when photos are analysed.">
      {categories.map(({ id, name, count }, i) => (
        <Card
          key={id}
          name={name.charAt(0).toUpperCase() + name.slice(1)}
          count={count}
          to={{ to: '/search', search: { category: [name] } }}
        >
          <Cover id={pickCover(i)} />
        </Card>
      ))}
    </Row>
  )
}

function Topics() {
  const { data } = useQuery(clustersQuery(false))
  return (
    <Row title="Topics" to="/explore/topics" isRead={data !== undefined} empty="Topics appear when a dozen photos have been analysed.">
      {data?.clusters.slice(0, SHOWN).map(({ id, name, count, representatives }) => (
        <Card key={id} name={name ?? 'No name yet'} count={count} to={{ to: '/search', search: { cluster: [id] } }}>
          <Cover id={representatives[0]?.id} />
        </Card>
      ))}
    </Row>
  )
}

function Trips() {
  const { data } = useQuery(tripsQuery)
  return (
    <Row title="Trips" to="/explore/trips" isRead={data !== undefined} empty="Trips appear from photos with dates and places.">
      {data?.trips.slice(0, SHOWN).map(({ name, from, to, count, photo_ids }) => (
        <Card key={`${from} ${name}`} name={name} count={count} to={{ to: '/search', search: { from, to } }}>
          <Cover id={photo_ids[0]} />
        </Card>
      ))}
    </Row>
  )
}

interface RowProps {
  readonly title: string
  readonly to: NonNullable<LinkProps['to']>
  readonly isRead: boolean
  /** said where there is nothing */
  readonly empty: string
  readonly children: readonly ReactNode[] | undefined
}

function Row({ title, to, isRead, empty, children = [] }: RowProps) {
  return (
    <section aria-label={title} aria-busy={!isRead} className="flex min-w-0 flex-col gap-2">
      <div className="flex min-h-9 items-center justify-between gap-3">
        <h2 className="text-base font-semibold">{title}</h2>
        <Link
          to={to}
          aria-label={`${title}: show all`}
          className="-mr-2 inline-flex min-h-11 items-center gap-0.5 rounded-lg px-2 text-sm text-accent hover:underline"
        >
          Show all
          <ChevronRight className="size-4" aria-hidden />
        </Link>
      </div>
      {children.length > 0 ? (
        <ul className="scrollbar-none -mx-4 flex gap-3 overflow-x-auto px-4 py-1 sm:-mx-6 sm:gap-4 sm:px-6">{children}</ul>
      ) : (
        isRead && <p className="text-sm text-muted">{empty}</p>
      )}
    </section>
  )
}

interface CardProps {
  readonly name: string
  readonly count: number
  readonly to: LinkProps
  readonly children: ReactNode
}

function Card({ name, count, to, children }: CardProps) {
  return (
    <li className="w-28 shrink-0 sm:w-36">
      <Link {...to} className="flex flex-col gap-1.5 rounded-lg">
        {children}
        <span className="flex min-w-0 flex-col">
          <span className="line-clamp-2 text-sm font-medium wrap-anywhere">{name}</span>
          <span className="text-xs text-muted tabular-nums">{countOf(count, 'photo')}</span>
        </span>
      </Link>
    </li>
  )
}

function Cover({ id }: { readonly id: number | undefined }) {
  return (
    <span className="block aspect-square w-full overflow-hidden rounded-lg bg-tile">
      {id !== undefined && (
        <img
          src={pictureUrl('getThumbnail', { id, thumbhash: null })}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
          className="size-full object-cover"
        />
      )}
    </span>
  )
}
