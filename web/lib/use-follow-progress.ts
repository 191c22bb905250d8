/** @file Keeps what every page shows of the library in step with its progress. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { progressQuery, refreshLibrary } from './library-queries.ts'

/** pages follow an indexing run at this pace */
const FOLLOW_MS = 3_000

/** While photos come in or are finished, what is shown of them is asked for again, and what is not shown is marked as old. */
export function useFollowProgress(): void {
  const client = useQueryClient()
  const { data } = useQuery(progressQuery)
  const last = useRef({ sign: '', at: 0 })
  useEffect(() => {
    if (!data) return
    const sign = `${data.photos}/${data.done}/${data.failed}/${data.partial}`
    if (last.current.sign === '') last.current = { sign, at: Date.now() }
    if (last.current.sign === sign) return
    const wait = Math.max(0, last.current.at + FOLLOW_MS - Date.now())
    const timer = setTimeout(() => {
      last.current = { sign, at: Date.now() }
      void refreshLibrary(client)
    }, wait)
    return () => clearTimeout(timer)
  }, [data, client])
}
