/** @file Choosing photos in a grid by mouse, keys and touch; what opens a photo while none is chosen chooses it while one is. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useMemo, useRef } from 'react'
import { addSelected, clearSelection, enterList, listSelected, MAX_SELECTED, selectionAnchor, toggleSelected } from './selection.ts'
import { showToast } from './toasts.ts'
import { useHotkeys } from './use-hotkeys.ts'

/** a finger that rests this long chooses instead of opening */
const LONG_PRESS_MS = 450
/** and may tremble this far, in pixels */
const TREMBLE = 10

/** A tile as the grid’s handlers see it (`data-photo`, `data-place`). */
export interface TileAt {
  readonly id: number
  readonly place: string
}

export interface SelectableList {
  /** names the list: another one starts a fresh selection */
  readonly key: string
  /** ids from one place to the other, both with them, whichever comes first; also of photos that are not loaded */
  readonly readRange: (from: string, to: string) => Promise<readonly number[]>
  /** ids of the whole list, at most `MAX_SELECTED` */
  readonly readAll: () => Promise<{ readonly ids: readonly number[]; readonly total: number }>
  readonly onOpen: (tile: TileAt) => void
}

export function useGridSelection(selectable: SelectableList) {
  const latest = useRef(selectable)
  useEffect(() => {
    latest.current = selectable
  })
  useEffect(() => enterList(selectable.key), [selectable.key])
  useHotkeys([
    [
      'Mod+a',
      (event) => {
        event.preventDefault()
        void tellFailure(selectAll(latest.current))
      },
    ],
    ['Escape', clearSelection],
  ])
  return useMemo(() => makeHandlers(latest), [])
}

function makeHandlers(latest: { readonly current: SelectableList }) {
  let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | null = null
  /** a long press ends in a click, which must not undo it */
  let skipClick = false
  const endPress = () => {
    if (press) clearTimeout(press.timer)
    press = null
  }
  const extendTo = (tile: TileAt) => {
    const from = selectionAnchor()
    if (from === null) return toggleSelected(tile.id, tile.place)
    void tellFailure(latest.current.readRange(from, tile.place).then(tellIfTooMany))
  }
  return {
    onClick(event: MouseEvent<HTMLElement>) {
      const tile = tileOf(event.target)
      if (!tile) return
      if (skipClick) {
        skipClick = false
        return event.preventDefault()
      }
      const onCheck = (event.target as HTMLElement).closest('[data-check]') !== null
      if (event.button !== 0 || event.altKey) return
      event.preventDefault()
      if (event.shiftKey) extendTo(tile)
      else if (onCheck || event.ctrlKey || event.metaKey || listSelected().length > 0) toggleSelected(tile.id, tile.place)
      else latest.current.onOpen(tile)
    },
    /** @returns true where the key was ours */
    onKeyDown(event: KeyboardEvent<HTMLElement>): boolean {
      const tile = tileOf(event.target)
      if (!tile || event.altKey || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== 'x') return false
      event.preventDefault()
      if (event.shiftKey) extendTo(tile)
      else toggleSelected(tile.id, tile.place)
      return true
    },
    onPointerDown(event: PointerEvent<HTMLElement>) {
      skipClick = false
      endPress()
      const tile = tileOf(event.target)
      if (!tile || event.pointerType !== 'touch' || !event.isPrimary) return
      const timer = setTimeout(() => {
        press = null
        skipClick = true
        toggleSelected(tile.id, tile.place)
        navigator.vibrate?.(10)
      }, LONG_PRESS_MS)
      press = { timer, x: event.clientX, y: event.clientY }
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > TREMBLE) endPress()
    },
    onPointerUp: endPress,
    onPointerCancel: endPress,
    /** the menu that a long press opens on links would come on top of the choice */
    onContextMenu(event: MouseEvent<HTMLElement>) {
      if (press || skipClick) event.preventDefault()
    },
  }
}

async function selectAll(selectable: SelectableList): Promise<void> {
  const { ids, total } = await selectable.readAll()
  addSelected(ids)
  if (total > ids.length) showToast({ text: `The first ${ids.length.toLocaleString('en')} of ${total.toLocaleString('en')} are selected.` })
}

function tellIfTooMany(ids: readonly number[]): void {
  const left = addSelected(ids)
  if (left > 0) showToast({ text: `At most ${MAX_SELECTED.toLocaleString('en')} photos can be selected at once.` })
}

async function tellFailure(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    showToast({ text: error instanceof Error ? error.message : String(error), tone: 'danger' })
  }
}

function tileOf(target: EventTarget): TileAt | null {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-cell]')
  const tile = cell?.querySelector<HTMLElement>('[data-photo]')
  return tile ? { id: Number(tile.dataset.photo), place: tile.dataset.place ?? '' } : null
}
