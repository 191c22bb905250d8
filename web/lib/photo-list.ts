/** @file The list a photo was opened from, carried in the history entry, and its neighbours there. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SearchHit } from '../../src/contract/search.ts'
import { albumPhotosQuery } from './album-queries.ts'
import { CHUNK } from './chunk.ts'
import { dayChunkQuery, daysQuery } from './library-queries.ts'
import { searchQuery } from './search-query.ts'
import type { SearchState } from './search-state.ts'

export type ListPlace =
  | { readonly list: 'gallery'; readonly day: string; readonly index: number }
  /** `words`: those the photo was found by */
  | { readonly list: 'search'; readonly search: SearchState; readonly index: number; readonly words: readonly string[] }
  | { readonly list: 'album'; readonly album: number; readonly index: number }

declare module '@tanstack/react-router' {
  interface HistoryState {
    place?: ListPlace
  }
}

export interface Neighbour {
  readonly id: number
  /** null: it has no thumbnail, because it is not prepared yet or cannot be read */
  readonly thumbhash: string | null
  readonly place: ListPlace
}

/**
 * The photos before and after this one in the list it was opened from.
 *
 * @param day the one the photo belongs to now: it may have moved in the gallery since it was opened
 */
export function useNeighbours(
  place: ListPlace | undefined,
  id: number,
  day: string | undefined,
): { previous: Neighbour | null; next: Neighbour | null } {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: ['neighbours', place, id, day],
    queryFn: async () => {
      const now = place?.list === 'gallery' && day ? ((await findInGallery(client, id, day, place.index)) ?? place) : place
      if (!now) return { previous: null, next: null }
      const [previous, next] = await Promise.all([findAt(client, now, -1), findAt(client, now, 1)])
      return { previous, next }
    },
    staleTime: 60_000,
    enabled: place !== undefined,
  })
  return data ?? { previous: null, next: null }
}

/** The photos around this one in its list, at most `reach` to each side, itself in between. */
export function useAround(place: ListPlace | undefined, id: number, reach: number): readonly Neighbour[] {
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey: ['around', place, id, reach],
    queryFn: async () => {
      if (!place) return []
      const walk = async (step: 1 | -1) => {
        const found: Neighbour[] = []
        for (let at: ListPlace = place; found.length < reach; ) {
          const next = await findAt(client, at, step)
          if (!next) break
          found.push(next)
          at = next.place
        }
        return found
      }
      const [before, itself, after] = await Promise.all([walk(-1), findAt(client, place, 0), walk(1)])
      return [...before.reverse(), itself?.id === id ? itself : { id, thumbhash: null, place }, ...after]
    },
    staleTime: 60_000,
    enabled: place !== undefined,
    // the strip stays while the next one is read
    placeholderData: (before) => before,
  })
  return data ?? []
}

/**
 * The place a photo has in the gallery.
 *
 * @param guess the index it had in its day when last seen: looked at first
 */
export async function findInGallery(client: QueryClient, id: number, day: string, guess = 0): Promise<ListPlace | undefined> {
  const first = Math.floor(guess / CHUNK)
  // a photo deep in a huge day is not searched for: at most 2,000 cards and those at the guess are read
  const chunks = [first, ...Array.from({ length: 20 }, (_, chunk) => chunk).filter((chunk) => chunk !== first)]
  let end = Number.POSITIVE_INFINITY
  for (const chunk of chunks) {
    if (chunk >= end) continue
    const { photos } = await client.fetchQuery(dayChunkQuery(day, chunk))
    const at = photos.findIndex((photo) => photo.id === id)
    if (at >= 0) return { list: 'gallery', day, index: chunk * CHUNK + at }
    if (photos.length < CHUNK) end = Math.min(end, chunk)
  }
  return undefined
}

async function findAt(client: QueryClient, place: ListPlace, step: -1 | 0 | 1): Promise<Neighbour | null> {
  if (place.list === 'gallery') return findInDays(client, place, step)
  return place.list === 'album' ? findInAlbum(client, place, step) : findInHits(client, place, step)
}

async function findInDays(client: QueryClient, place: ListPlace & { list: 'gallery' }, step: -1 | 0 | 1): Promise<Neighbour | null> {
  const { days } = await client.fetchQuery(daysQuery)
  let at = days.findIndex((each) => each.day === place.day)
  let index = place.index + step
  if (at >= 0 && index >= (days[at]?.count ?? 0)) {
    at += 1
    index = 0
  } else if (index < 0) {
    at -= 1
    index = (days[at]?.count ?? 0) - 1
  }
  const day = at < 0 ? undefined : days[at]
  if (!day || index < 0) return null
  const { photos } = await client.fetchQuery(dayChunkQuery(day.day, Math.floor(index / CHUNK)))
  const photo = photos[index % CHUNK]
  return photo ? { id: photo.id, thumbhash: photo.thumbhash, place: { list: 'gallery', day: day.day, index } } : null
}

/** The words a hit was found by, as they stand in it. */
export function listHitWords({ why }: SearchHit): string[] {
  return why.flatMap(({ words }) => words)
}

async function findInHits(client: QueryClient, place: ListPlace & { list: 'search' }, step: -1 | 0 | 1): Promise<Neighbour | null> {
  const index = place.index + step
  if (index < 0) return null
  const options = searchQuery(place.search)
  let data = client.getQueryData(options.queryKey)
  // pages that are known are used as they are, so that the list does not change under the reader
  if (!data) data = await client.fetchInfiniteQuery(options)
  let pages = 0
  while (data.pages.reduce((sum, page) => sum + page.hits.length, 0) <= index) {
    if (!data.pages.at(-1)?.next || pages > 100) return null
    pages = data.pages.length + 1
    data = await client.fetchInfiniteQuery({ ...options, pages, staleTime: 0 })
  }
  const hit = data.pages.flatMap((page) => page.hits)[index]
  return hit ? { id: hit.photo.id, thumbhash: hit.photo.thumbhash, place: { ...place, index, words: listHitWords(hit) } } : null
}

async function findInAlbum(client: QueryClient, place: ListPlace & { list: 'album' }, step: -1 | 0 | 1): Promise<Neighbour | null> {
  const index = place.index + step
  if (index < 0) return null
  const options = albumPhotosQuery(place.album)
  let data = client.getQueryData(options.queryKey) ?? (await client.fetchInfiniteQuery(options))
  while (data.pages.reduce((sum, page) => sum + page.photos.length, 0) <= index) {
    if (!data.pages.at(-1)?.next) return null
    data = await client.fetchInfiniteQuery({ ...options, pages: data.pages.length + 1, staleTime: 0 })
  }
  const photo = data.pages.flatMap((page) => page.photos)[index]
  return photo ? { id: photo.id, thumbhash: photo.thumbhash, place: { ...place, index } } : null
}
