/** @file Keys of the page. They stay silent while a person types, and with modifier keys held. */
import { useEffect, useRef } from 'react'

/** `[key, what it does]`, with the key as the browser names it */
export type Hotkeys = readonly (readonly [key: string, act: (event: KeyboardEvent) => void])[]

export function useHotkeys(keys: Hotkeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return
      // a dialog keeps the keys to itself
      if (document.querySelector('dialog[open]')) return
      latest.current.find(([key]) => key === event.key)?.[1](event)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)))
  )
}
