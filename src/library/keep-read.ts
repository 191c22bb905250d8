/** @file Keeps the answer of a costly read for a while that grows with its cost, so that counting never takes more than a small share of the database. */

import type { Visibility } from '../domain/visibility.ts'

/** A read that took 10 ms is kept 200 ms, one that took 0.5 s (a million ledger rows in the embedded database) 10 s. */
const KEPT_PER_COST = 20

/** Calls while a read runs share its answer. A failed read is not kept. */
export function keepRead<T>(read: () => Promise<T>, now: () => number = () => performance.now()): () => Promise<T> {
  let kept: { value: T; until: number } | undefined
  let running: Promise<T> | undefined
  return () => {
    const started = now()
    if (kept && started < kept.until) return Promise.resolve(kept.value)
    running ??= read()
      .then((value) => {
        const ended = now()
        kept = { value, until: ended + (ended - started) * KEPT_PER_COST }
        return value
      })
      .finally(() => {
        running = undefined
      })
    return running
  }
}

/** As `keepRead`, for each visibility of those who ask. */
export function keepReadFor<T>(read: (sees: Visibility) => Promise<T>): (sees: Visibility) => Promise<T> {
  const readers = new Map<string, () => Promise<T>>()
  return (sees) => {
    const reader = readers.get(sees.key) ?? keepRead(() => read(sees))
    readers.set(sees.key, reader)
    return reader()
  }
}

/** a grid of thumbnails asks for hundreds at once; 20,000 entries weigh about 3 MB */
const MAX_KNOWN = 20_000

/** Keeps found values by id: only for facts that never change, or whose reader knows when to ask anew. What was not found is asked again. */
export function keepKnown<T>(read: (id: number) => Promise<T | undefined>): (id: number, isAnew?: boolean) => Promise<T | undefined> {
  const known = new Map<number, T>()
  return async (id, isAnew = false) => {
    const kept = isAnew ? undefined : known.get(id)
    if (kept !== undefined) return kept
    const value = await read(id)
    if (value === undefined) return undefined
    if (known.size >= MAX_KNOWN) known.clear()
    known.set(id, value)
    return value
  }
}
