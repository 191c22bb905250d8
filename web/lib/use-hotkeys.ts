/** @file Keys of the page. They stay silent while a person types, and with modifier keys that are not named. */
import { useEffect, useRef } from 'react'

/** `[key, what it does]`, with the key as the browser names it; `Mod+` is Ctrl or Cmd, `Shift+` is needed only before letters */
export type Hotkeys = readonly (readonly [key: string, act: (event: KeyboardEvent) => void])[]

export function useHotkeys(keys: Hotkeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isKeyForPage(event)) return
      const pressed = nameKey(event)
      latest.current.find(([key]) => key === pressed)?.[1](event)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

/** False while a person types, in a dialog (which keeps the keys to itself), and for keys that something else took. */
export function isKeyForPage(event: KeyboardEvent): boolean {
  return !(event.defaultPrevented || event.altKey || isTyping(event.target) || document.querySelector('[data-modal]'))
}

/** `?` is Shift and another key on most keyboards: only letters keep their Shift. */
function nameKey(event: KeyboardEvent): string {
  const isLetter = /^\p{L}$/u.test(event.key)
  const shift = event.shiftKey && isLetter ? 'Shift+' : ''
  return `${event.ctrlKey || event.metaKey ? 'Mod+' : ''}${shift}${isLetter ? event.key.toLowerCase() : event.key}`
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
