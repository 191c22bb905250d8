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

/** long enough that moving between pages asks nothing; a decision asks anew by itself */
const FRESH_MS = 60_000

/** Sets of duplicates, faces to review, and files that failed. */
export function useWaiting(): number {
  const { data: duplicates } = useQuery({ ...overviewQuery, staleTime: FRESH_MS })
  const { data: questions } = useQuery({ ...questionsQuery, staleTime: FRESH_MS })
  const { data: progress } = useQuery(progressQuery)
  const sets = (duplicates?.kinds ?? []).reduce((sum, { kind, sets }) => sum + (kind === 'same-bytes' ? 0 : sets), 0)
  return sets + (questions?.total ?? 0) + (progress?.failed ?? 0)
}
