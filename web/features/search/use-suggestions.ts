/** @file How to go on with what is typed: keys of filters, what the library holds, and with nothing typed the last searches. */
import { filters } from 'virtual:contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { SuggestAnswer } from '../../../src/contract/search.ts'
import { listTypedKeys } from '../../../src/domain/search/query/typed-query.ts'
import { callApi } from '../../lib/api-client.ts'
import { readRecent } from './recent-searches.ts'

const PAUSE_MS = 90
const SHOWN = 8
const KEYS = listTypedKeys(filters)
/** with nothing typed yet, keys that show what can be said */
const FIRST_KEYS = ['person:', 'in:', 'before:', 'has:text', 'tag:']
/** what days may be said after `on:` and its like */
const DAYS = ['today', 'yesterday', 'last week', 'last month', 'last year', 'this year']

export interface Option {
  readonly kind: SuggestAnswer['suggestions'][number]['kind'] | 'key' | 'recent' | 'day'
  readonly text: string
  /** shown beside it: how many photos, or what a key is for */
  readonly aside: string | number
  /** the whole text of the box with this chosen */
  readonly q: string
}

/** @param isOpen nothing is asked while the list is not shown */
export function useSuggestions(text: string, isOpen: boolean): readonly Option[] {
  const asked = usePause(text.trimStart())
  const { data } = useQuery({
    queryKey: ['suggest', asked],
    queryFn: ({ signal }) => callApi('suggest', { query: { q: asked, limit: SHOWN }, signal }),
    enabled: isOpen && asked !== '' && !asked.endsWith(' '),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  if (!isOpen) return []
  if (text.trim() === '') return [...listRecent(), ...FIRST_KEYS.flatMap((key) => listKeys(key, '', true))]
  if (text.endsWith(' ')) return []
  const found = data?.suggestions.map(({ kind, text: name, count, q }): Option => ({ kind, text: name, aside: count, q })) ?? []
  const [, before = '', last = ''] = /^(|.*\s)(\S+)$/su.exec(text) ?? []
  return [...listKeys(last, before, false), ...listDays(last, before), ...found].slice(0, SHOWN)
}

function listRecent(): Option[] {
  return readRecent().map((q) => ({ kind: 'recent', text: q, aside: '', q }))
}

/** Keys that begin as the last word does; one letter fits too many. */
function listKeys(typed: string, before: string, isWhole: boolean): Option[] {
  const start = typed.replace(/^-/, '').toLowerCase()
  if (start.length < 2) return []
  const minus = typed.startsWith('-') ? '-' : ''
  return KEYS.filter(({ text }) => (isWhole ? text === start : text.startsWith(start) && text !== start))
    .slice(0, 4)
    .map(({ text, label }) => ({ kind: 'key', text, aside: label, q: `${before}${minus}${text}` }))
}

function listDays(typed: string, before: string): Option[] {
  const [, key, start = ''] = /^-?(on|since|until|before|after|during):"?(.*)$/i.exec(typed) ?? []
  if (key === undefined) return []
  return DAYS.filter((day) => day.startsWith(start.toLowerCase())).map((day) => ({
    kind: 'day',
    text: day,
    aside: '',
    q: `${before}${typed.slice(0, typed.indexOf(':') + 1)}${day.includes(' ') ? `"${day}"` : day}`,
  }))
}

/** What was typed, once no key has been pressed for a moment. */
function usePause(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
