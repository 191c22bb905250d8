/** @file What a person chose for this browser: which places are shown, and whether the rail has words. */
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

function makeSwitch(key: string, off: string) {
  const read = () => localStorage.getItem(key) !== off
  const set = (on: boolean) => {
    if (on) localStorage.removeItem(key)
    else localStorage.setItem(key, off)
    for (const listener of listeners) listener()
  }
  const use = () =>
    useSyncExternalStore((listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }, read)
  return { use, set }
}

/** On until it is switched off. */
export const productsShown = makeSwitch('fototeca-products', 'off')
export const railOpen = makeSwitch('fototeca-rail', 'folded')
