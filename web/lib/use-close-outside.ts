/** @file Esc and a press outside close what is open; after Esc the button that opened it has the focus. */
import { type RefObject, useEffect, useRef } from 'react'

export function useCloseOutside(frame: RefObject<HTMLElement | null>, open: boolean, close: () => void): void {
  const latest = useRef(close)
  useEffect(() => {
    latest.current = close
  })
  useEffect(() => {
    if (!open) return
    const press = (event: Event) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) latest.current()
    }
    const key = (event: KeyboardEvent) => {
      // a dialog that lies over it closes first
      if (event.key !== 'Escape' || frame.current?.querySelector('dialog[open]')) return
      event.stopPropagation()
      event.preventDefault()
      latest.current()
      frame.current?.querySelector('button')?.focus()
    }
    window.addEventListener('pointerdown', press)
    window.addEventListener('keydown', key, true)
    return () => {
      window.removeEventListener('pointerdown', press)
      window.removeEventListener('keydown', key, true)
    }
  }, [frame, open])
}
