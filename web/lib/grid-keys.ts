/** @file Arrow keys in a grid of photos: roving tabindex over the tiles that are drawn (`[data-photo]`). */
import type { KeyboardEvent } from 'react'

/** Moves the focus for an arrow key; says whether it did. Up and down go to the tile that lies nearest in the next row. */
export function moveInGrid(event: KeyboardEvent<HTMLElement>): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false
  const current = (event.target as HTMLElement).closest<HTMLElement>('[data-photo]')
  if (!current) return false
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-photo]')]
  const next = pickTile(tiles, current, event.key)
  if (!next) return false
  event.preventDefault()
  focusTile(event.currentTarget, next)
  return true
}

/** Makes a tile the one that Tab reaches, and focuses it. */
export function focusTile(grid: HTMLElement, tile: HTMLElement, options?: FocusOptions): void {
  for (const other of grid.querySelectorAll<HTMLElement>('[data-photo][tabindex="0"]')) other.tabIndex = -1
  tile.tabIndex = 0
  tile.focus(options)
}

/** The one an arrow key leads to. */
export function pickTile(tiles: HTMLElement[], current: HTMLElement, key: string): HTMLElement | undefined {
  const at = tiles.indexOf(current)
  if (key === 'ArrowRight') return tiles[at + 1]
  if (key === 'ArrowLeft') return tiles[at - 1]
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined
  const sign = key === 'ArrowDown' ? 1 : -1
  const from = current.getBoundingClientRect()
  let best: HTMLElement | undefined
  let bestRow = Number.POSITIVE_INFINITY
  let bestAside = Number.POSITIVE_INFINITY
  for (const tile of tiles) {
    const box = tile.getBoundingClientRect()
    const row = Math.round((box.top - from.top) * sign)
    if (row <= 4) continue
    const aside = Math.abs(box.left + box.width / 2 - (from.left + from.width / 2))
    if (row < bestRow - 4 || (row <= bestRow + 4 && aside < bestAside)) {
      best = tile
      bestRow = Math.min(row, bestRow)
      bestAside = aside
    }
  }
  return best
}
