/** @file The places a person wants to see, and what waits for a decision in Clean up. */
import { useQuery } from '@tanstack/react-query'
import { overviewQuery } from '../features/duplicates/api/duplicate-queries.ts'
import { questionsQuery } from '../features/people/api/people-queries.ts'
import { progressQuery } from '../lib/library-queries.ts'
import { productsShown } from '../lib/preferences.ts'
import { PLACES, type Place } from './places.ts'

export function usePlaces(): readonly Place[] {
  const hasProducts = productsShown.use()
  return hasProducts ? PLACES : PLACES.filter(({ name }) => name !== 'products')
}

/** Moving between pages asks nothing, and what is found meanwhile shows within this time; a decision asks anew by itself. */
const FRESH_MS = 20_000
const OFTEN = { staleTime: FRESH_MS, refetchInterval: FRESH_MS }

/** Sets of duplicates, faces to review, and files that failed. */
export function useWaiting(): number {
  const { data: duplicates } = useQuery({ ...overviewQuery, ...OFTEN })
  const { data: questions } = useQuery({ ...questionsQuery, ...OFTEN })
  const { data: progress } = useQuery(progressQuery)
  const sets = (duplicates?.kinds ?? []).reduce((sum, { kind, sets }) => sum + (kind === 'same-bytes' ? 0 : sets), 0)
  return sets + (questions?.total ?? 0) + (progress?.failed ?? 0)
}
