/** @file What was typed, as the page shows it: chips, and what stays in the search box. */
import { filters } from 'virtual:contract'
import { localDay } from '../../src/domain/search/query/date-span.ts'
import { type Chip, parseTyped } from '../../src/domain/search/query/typed-query.ts'

export interface BoxText {
  /** chips shown outside the box */
  readonly chips: readonly Chip[]
  /** what stays in it */
  readonly plain: string
}

export function readTyped(q: string): BoxText {
  return parseTyped(q, filters, localDay(new Date()))
}

/** Chips first, so that the word still being typed stays the last one. */
export function joinTyped(chips: readonly { readonly text: string }[], plain: string): string {
  return [...chips.map(({ text }) => text), plain.trim()].filter((part) => part !== '').join(' ')
}

/** As a person reads it. */
export function describeChip({ demand, isNot, label, value }: Chip): string {
  if (demand.kind === 'words') return isNot ? `without “${value}”` : `“${value}”`
  return `${isNot ? 'not ' : ''}${label === '' ? value : `${label}: ${value}`}`
}
