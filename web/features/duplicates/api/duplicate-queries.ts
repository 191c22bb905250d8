/** @file The kinds of duplicates with their counts, and the sets that wait for a decision. */
import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { SetKind } from '../../../../src/contract/duplicates.ts'
import { callApi } from '../../../lib/api-client.ts'
import { refreshLibrary } from '../../../lib/library-queries.ts'

/** sets that are asked for at once: some minutes of deciding */
const PAGE = 50

export const overviewQuery = queryOptions({
  queryKey: ['duplicates', 'overview'],
  queryFn: ({ signal }) => callApi('getDuplicates', { signal }),
})

export const setsQuery = (kind: SetKind, after: number) =>
  queryOptions({
    queryKey: ['duplicates', 'sets', kind, after],
    queryFn: ({ signal }) => callApi('listDuplicateSets', { query: { kind, after, limit: PAGE }, signal }),
  })

export async function refreshDuplicates(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ queryKey: ['duplicates'] })
  void refreshLibrary(client)
}
