/** @file Ids of photos by where they stand in the gallery, also of those that are not loaded: for ranges, days, and everything. */
import type { QueryClient } from '@tanstack/react-query'
import { callApi } from '../../lib/api-client.ts'
import { daysQuery } from '../../lib/library-queries.ts'
import { MAX_SELECTED } from '../../lib/selection.ts'

const AT_ONCE = 10_000

type Days = readonly { readonly day: string; readonly count: number }[]

/** How many photos stand before this place (`day/index`) in the gallery; undefined where its day is gone. */
export function offsetOf(days: Days, place: string): number | undefined {
  const [day, index] = place.split('/')
  let before = 0
  for (const each of days) {
    if (each.day === day) return before + Number(index)
    before += each.count
  }
  return undefined
}

/** Both ends included, whichever comes first. */
export async function readRange(client: QueryClient, from: string, to: string): Promise<number[]> {
  const { days } = await client.fetchQuery(daysQuery)
  const ends = [offsetOf(days, from), offsetOf(days, to)]
  if (ends[0] === undefined || ends[1] === undefined) return []
  const first = Math.min(ends[0], ends[1])
  return (await readIds(first, Math.max(ends[0], ends[1]) - first + 1)).ids
}

export async function readDay(client: QueryClient, day: string): Promise<number[]> {
  const { days } = await client.fetchQuery(daysQuery)
  const count = days.find((each) => each.day === day)?.count ?? 0
  return count === 0 ? [] : await readRange(client, `${day}/0`, `${day}/${count - 1}`)
}

export const readAllIds = (): Promise<{ ids: number[]; total: number }> => readIds(0, MAX_SELECTED)

/** At most `MAX_SELECTED` and one, so that the caller can tell that there were more. */
async function readIds(skip: number, count: number): Promise<{ ids: number[]; total: number }> {
  const ids: number[] = []
  const wanted = Math.min(count, MAX_SELECTED + 1)
  let total = 0
  while (ids.length < wanted) {
    const page = await callApi('listPhotoIds', { query: { skip: skip + ids.length, limit: Math.min(AT_ONCE, wanted - ids.length) } })
    total = page.total
    ids.push(...page.ids)
    if (page.ids.length === 0) break
  }
  return { ids, total }
}
