/** @file The photos chosen in the gallery or among hits. Outside React, so that a tile hears only of itself. One selection per tab. */

import { useSyncExternalStore } from 'react'
import { MAX_IDS } from '../../src/contract/words.ts'

/** More are never chosen at once: what is done to them is told by their ids, in one request. */
export const MAX_SELECTED = MAX_IDS

let ids: ReadonlySet<number> = new Set()
/** the list it was made in; another list starts a fresh one */
let list = ''
/** place (`data-place`) of the photo chosen last by itself: a range begins there */
let anchor: string | null = null
const listeners = new Set<() => void>()

function publish(next: ReadonlySet<number>): void {
  ids = next
  if (ids.size === 0) anchor = null
  for (const listener of listeners) listener()
}

/** A list is shown: what was chosen in another one is no longer in sight and is let go. */
export function enterList(key: string): void {
  if (list === key) return
  list = key
  if (ids.size > 0) publish(new Set())
}

export const listSelected = (): number[] => [...ids]
export const selectionAnchor = (): string | null => anchor

export function toggleSelected(id: number, place: string | undefined): void {
  const next = new Set(ids)
  if (!next.delete(id) && next.size < MAX_SELECTED) next.add(id)
  anchor = place ?? anchor
  publish(next)
}

/** @returns how many found no room */
export function addSelected(more: readonly number[]): number {
  const next = new Set(ids)
  let left = 0
  for (const id of more)
    if (next.size < MAX_SELECTED) next.add(id)
    else if (!next.has(id)) left += 1
  publish(next)
  return left
}

export function removeSelected(some: readonly number[]): void {
  const next = new Set(ids)
  for (const id of some) next.delete(id)
  publish(next)
}

export function clearSelection(): void {
  if (ids.size > 0) publish(new Set())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useIsSelected = (id: number): boolean => useSyncExternalStore(subscribe, () => ids.has(id))
export const useSelectedCount = (): number => useSyncExternalStore(subscribe, () => ids.size)
/** True where every one of these is chosen, and there is one. */
export const useAreSelected = (some: readonly number[]): boolean =>
  useSyncExternalStore(subscribe, () => some.length > 0 && ids.size >= some.length && some.every((id) => ids.has(id)))
