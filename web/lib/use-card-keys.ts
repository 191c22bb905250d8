/**
 * @file Keys on pages of cards (`[data-card]`): arrows move between them, a letter does what the button or field of that card does that
 * bears it (`[data-key]`). So hundreds are gone through with one key press each.
 */
import { type RefObject, useEffect, useRef } from 'react'
import { pickTile } from './grid-keys.ts'
import { isKeyForPage } from './use-hotkeys.ts'

/** @returns what goes around the cards */
export function useCardKeys(): RefObject<HTMLDivElement | null> {
  const around = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!around.current || !isKeyForPage(event) || event.ctrlKey || event.metaKey || event.shiftKey) return
      const cards = [...around.current.querySelectorAll<HTMLElement>('[data-card]')]
      const card = cards.find((one) => one.contains(document.activeElement))
      if (event.key.startsWith('Arrow')) {
        const next = card ? pickTile(cards, card, event.key) : event.key === 'ArrowRight' ? cards[0] : undefined
        if (next) enter(next)
        else return
      } else if (!card || !act(cards, card, event.key)) return
      event.preventDefault()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  return around
}

/** The field of the next card: this one is done with. */
export function goToNextField(from: HTMLElement): void {
  const cards = [...document.querySelectorAll<HTMLElement>('[data-card]:has(input[data-key])')]
  const next = cards[cards.findIndex((card) => card.contains(from)) + 1]
  next?.querySelector<HTMLElement>('input[data-key]')?.focus()
}

function enter(card: HTMLElement): void {
  card.querySelector<HTMLElement>('a')?.focus()
  card.scrollIntoView({ block: 'nearest' })
}

/** @returns whether the card has something for this key */
function act(cards: readonly HTMLElement[], card: HTMLElement, key: string): boolean {
  if (!/^[a-z]$/.test(key)) return false
  const target = card.querySelector<HTMLElement>(`[data-key="${key}"]`)
  if (!target) return false
  if (target instanceof HTMLInputElement) {
    target.focus()
    return true
  }
  // what makes its card go away leads on to the next one
  const next = cards[cards.indexOf(card) + 1] ?? cards[cards.indexOf(card) - 1]
  target.click()
  if (target.hasAttribute('data-leaves') && next) enter(next)
  return true
}
