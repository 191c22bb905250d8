/** @file What a page shows live: the library says which things changed (`/api/events`), and they are asked for anew. */
import { routes } from 'virtual:contract'
import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Changed, ChangeTopic } from '../../src/contract/events.ts'

/** Counts are made anew every few seconds at most: what was asked for just after a change is asked for once more. */
const SETTLE_MS = 3000

/** While the page is there: a connection for ever would be one of the six that a browser has. @returns false: it has to ask by itself */
export function useChanges(topic: ChangeTopic, queryKey: QueryKey): boolean {
  const client = useQueryClient()
  const [isLive, setLive] = useState(false)
  const key = JSON.stringify(queryKey)
  useEffect(() => {
    const events = new EventSource(routes.getEvents.path)
    let again: ReturnType<typeof setTimeout> | undefined
    const refetch = () => void client.invalidateQueries({ queryKey: JSON.parse(key) })
    const refetchTwice = () => {
      refetch()
      clearTimeout(again)
      again = setTimeout(refetch, SETTLE_MS)
    }
    events.addEventListener('open', () => {
      setLive(true)
      refetchTwice() // what changed before
    })
    events.addEventListener('error', () => setLive(false)) // it comes back by itself, or cannot be had
    events.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      if ((JSON.parse(data) as Changed).topics.includes(topic)) refetchTwice()
    })
    return () => {
      events.close()
      clearTimeout(again)
      setLive(false)
    }
  }, [client, topic, key])
  return isLive
}
