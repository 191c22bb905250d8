/** @file The queries of accounts and API keys. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../../lib/api-client.ts'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => callApi('getMe', { signal }) })

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => callApi('listAccounts', { signal }),
})

export const keysQuery = queryOptions({ queryKey: ['keys'], queryFn: ({ signal }) => callApi('listKeys', { signal }) })

/** A change of accounts or keys; all of them are asked for anew after it. */
export function useAccess<T, A>(change: (given: T) => Promise<A>, onDone: (answer: A) => void = () => {}) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([meQuery, accountsQuery, keysQuery].map(({ queryKey }) => client.invalidateQueries({ queryKey: [...queryKey] }))),
  })
}
