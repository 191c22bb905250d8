/** @file Dark or light: follows the system until a person chooses; the choice is remembered (see public/theme.js). */
import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark'
const KEY = 'fototeca-theme'
const listeners = new Set<() => void>()
const system = matchMedia('(prefers-color-scheme: dark)')

const readTheme = (): Theme => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light')

system.addEventListener('change', () => {
  if (localStorage.getItem(KEY) === null) applyTheme(system.matches ? 'dark' : 'light')
})

function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The theme now, and the other one on demand. */
export function useTheme(): { theme: Theme; toggleTheme: () => void } {
  const theme = useSyncExternalStore(subscribe, readTheme)
  const toggleTheme = () => {
    const next = readTheme() === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, next)
    applyTheme(next)
  }
  return { theme, toggleTheme }
}
