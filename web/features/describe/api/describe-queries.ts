/** @file What describes pictures, and comparisons of those that could. */
import { queryOptions } from '@tanstack/react-query'
import type { Purpose } from '../../../../src/contract/words.ts'
import { callApi } from '../../../lib/api-client.ts'

export const describeQuery = (purpose: Purpose) =>
  queryOptions({
    queryKey: ['describe', purpose],
    queryFn: ({ signal }) => callApi('getDescribe', { query: { purpose }, signal }),
    refetchInterval: 2_000,
  })

export const textEmbeddingQuery = queryOptions({
  queryKey: ['text-embedding'],
  queryFn: ({ signal }) => callApi('getTextEmbedding', { signal }),
  refetchInterval: 5_000,
})

export const comparisonsQuery = queryOptions({
  queryKey: ['comparisons'],
  queryFn: ({ signal }) => callApi('listComparisons', { signal }),
  refetchInterval: 2_000,
})

export const comparisonQuery = (id: number) =>
  queryOptions({
    queryKey: ['comparisons', id],
    queryFn: ({ signal }) => callApi('getComparison', { params: { id }, signal }),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 2_000 : false),
  })
