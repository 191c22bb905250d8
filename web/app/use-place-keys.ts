/** @file `g`, then a letter, goes to a place. */
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isKeyForPage } from '../lib/use-hotkeys.ts'
import { PLACE_KEYS } from './places.ts'

/** the second key comes within this time, or the first is forgotten */
const TIMEOUT_MS = 1_500

export function usePlaceKeys(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let until = 0
    const press = (event: KeyboardEvent) => {
      if (!isKeyForPage(event) || event.ctrlKey || event.metaKey || event.shiftKey) return
      const armed = Date.now() < until
      until = 0
      if (!armed) {
        if (event.key === 'g') until = Date.now() + TIMEOUT_MS
        return
      }
      const place = PLACE_KEYS.find((each) => each.key === event.key)
      if (!place) return
      // the letter alone may mean something else on this page
      event.preventDefault()
      event.stopImmediatePropagation()
      void navigate({ to: place.path })
    }
    window.addEventListener('keydown', press, true)
    return () => window.removeEventListener('keydown', press, true)
  }, [navigate])
}
