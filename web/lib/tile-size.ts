/** @file How large the tiles of the grids are: a person’s choice, remembered in this browser. */
import { useSyncExternalStore } from 'react'

/** row heights as shares of the usual one, smallest first */
export const TILE_SCALES = [0.5, 0.7, 1, 1.4, 2] as const
const USUAL = 2
const KEY = 'fototeca-tiles'

let step = readStep()
const listeners = new Set<() => void>()

function readStep(): number {
  const kept = Number(localStorage.getItem(KEY) ?? USUAL)
  return TILE_SCALES[kept] === undefined ? USUAL : kept
}

/** Takes a place in `TILE_SCALES`; beyond the ends nothing happens. */
export function setTileStep(next: number): void {
  if (next === step || TILE_SCALES[next] === undefined) return
  step = next
  localStorage.setItem(KEY, String(next))
  for (const listener of listeners) listener()
}

export function useTileSize(): { step: number; scale: number } {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => step,
  )
  return { step: now, scale: TILE_SCALES[now] ?? 1 }
}
