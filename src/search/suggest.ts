/** @file How to go on with what was typed: people, albums, clusters, tags and categories by how many photos they hold, then other words. */
import type { SuggestAnswer, SuggestQuery } from '../contract/search.ts'
import { type FilterKey, SEARCH_FILTERS } from '../contract/search-filters.ts'
import type { Db } from '../db/client.ts'
import { findTypedFilters, quoteTyped } from '../domain/search/query/typed-query.ts'
import { editDistance, splitWords } from '../domain/search/words.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { FacetCount, FacetIndex } from './facet-index.ts'
import { readPeopleNames, readWordsFrom } from './store-facets.ts'
import { listValues } from './typed-filters.ts'

/** Fewer letters, and one slip of the finger would fit half the library. */
const MIN_FORGIVEN = 4

type Suggestion = SuggestAnswer['suggestions'][number]
interface Entry {
  readonly kind: Suggestion['kind']
  readonly text: string
  readonly count: number
}

const COUNTED = { people: 'person', tag: 'tag', category: 'category', colour: 'colour' } as const
const KINDS = { ...COUNTED, album: 'album', cluster: 'cluster' } as const
/** Written with their key: as words they would be looked for in texts and names alone, and an orange would be a fruit. */
const KEYS: Partial<Record<Suggestion['kind'], string>> = { person: 'person', album: 'album', cluster: 'cluster', colour: 'colour' }

export async function findSuggestions(db: Db, index: FacetIndex, sees: Visibility, { q, limit }: SuggestQuery): Promise<SuggestAnswer> {
  const started = performance.now()
  const after = (suggestions: Suggestion[]) => ({ suggestions, took_ms: Math.round((performance.now() - started) * 10) / 10 })
  const keyed = await suggestValues(db, index, sees, q, limit)
  if (keyed !== null) return after(keyed)
  const [, before = '', minus = '', typed = ''] = /^(.*?)((?<!\S)-|)("[^"]*|\S*)$/su.exec(q) ?? []
  const asked = splitWords(typed).map(({ word }) => word)
  const entries = asked.length === 0 ? [] : await listEntries(db, index, sees)
  const others = entries.filter(({ kind }) => kind !== 'colour')
  const known = rank(others.filter(({ text }) => beginsLike(text, asked, (word, start) => word.startsWith(start))))
  const colour = entries.filter((entry) => isColourTyped(entry, asked))
  const forgiven = known.length > 0 || colour.length > 0 ? [] : rank(others.filter(({ text }) => beginsLike(text, asked, isSlip)))
  const found = [...colour, ...known, ...forgiven].slice(0, limit)
  const last = asked.length === 1 ? asked[0] : undefined
  if (found.length < limit && last !== undefined) {
    const shown = new Set(found.flatMap(({ text }) => splitWords(text).map(({ word }) => word)))
    const words = await readWordsFrom(db, sees, last, limit)
    found.push(
      ...rank(words.flatMap(({ word, count }) => (shown.has(word) || count === 0 ? [] : [{ kind: 'word' as const, text: word, count }]))),
    )
  }
  const suggestions = found.slice(0, limit).map((entry) => ({ ...entry, q: before + minus + writeEntry(entry) }))
  return after(suggestions)
}

/** The whole word is the name of a colour: then that is meant first. Of a beginning there are too many. */
const isColourTyped = ({ kind, text }: Entry, [word, ...more]: readonly string[]): boolean =>
  kind === 'colour' && more.length === 0 && text === (word === 'gray' ? 'grey' : word)

/** A tag’s words also stand in texts and names, where they are looked for too. */
function writeEntry({ kind, text }: Entry): string {
  const key = KEYS[kind]
  if (key !== undefined) return `${key}:${quoteTyped(text)}`
  return splitWords(text).length > 1 ? `"${text}"` : text
}

/** What goes on after a key: `camera:`, `person:an`, `tag:dog,c`. Null where the text does not end so. */
async function suggestValues(db: Db, index: FacetIndex, sees: Visibility, q: string, limit: number): Promise<Suggestion[] | null> {
  const [, before = '', key = '', given = '', typed = ''] = /^(|.*\s)-?(\p{L}+):((?:"[^"]*",|[^\s",]*,)*)("[^"]*|[^\s",]*)$/su.exec(q) ?? []
  const filters = (key === '' ? [] : findTypedFilters(key, SEARCH_FILTERS)).filter((filter) => NAMED.has(SEARCH_FILTERS[filter].control))
  if (filters.length === 0) return null
  const asked = splitWords(typed).map(({ word }) => word)
  const entries: Entry[] = []
  for (const filter of filters) {
    const kind = KINDS[filter as keyof typeof KINDS] ?? ('value' as const)
    entries.push(...(await listValues(db, index, sees, filter)).map(({ label, count }) => ({ kind, text: label, count })))
  }
  const known =
    asked.length === 0 ? entries : entries.filter(({ text }) => beginsLike(text, asked, (word, start) => word.startsWith(start)))
  const minus = q.slice(before.length).startsWith('-') ? '-' : ''
  // a city may be called as its country
  const texts = new Set<string>()
  return rank(known)
    .filter(({ text }) => !texts.has(text) && texts.add(text))
    .slice(0, limit)
    .map((entry) => ({ ...entry, q: `${before}${minus}${key}:${given}${quoteTyped(entry.text)}` }))
}

/** While the values of all photos are read for the first time, some 5 s at 100,000 photos, words are suggested alone. */
const UNFILLED_WAIT_MS = 300

const NAMED: ReadonlySet<(typeof SEARCH_FILTERS)[FilterKey]['control']> = new Set(['chips', 'choice', 'people'])

async function listEntries(db: Db, index: FacetIndex, sees: Visibility): Promise<Entry[]> {
  if (!index.isFilled && !(await fillsWithin(db, index, UNFILLED_WAIT_MS))) return []
  const totals = (await index.totals(db, sees)).filter((total): total is FacetCount & { key: keyof typeof COUNTED } => total.key in COUNTED)
  const names = await readPeopleNames(db)
  const entries: Entry[] = totals.flatMap(({ key, value, count }) => {
    const text = key === 'people' ? names.get(Number(value)) : value
    return text === undefined ? [] : [{ kind: COUNTED[key], text, count }]
  })
  for (const kind of ['album', 'cluster'] as const)
    entries.push(...(await listValues(db, index, sees, kind)).map(({ label, count }) => ({ kind, text: label, count })))
  return entries
}

async function fillsWithin(db: Db, index: FacetIndex, ms: number): Promise<boolean> {
  using waiting = new DisposableStack()
  const isLate = new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, ms, false)
    waiting.defer(() => clearTimeout(timer))
  })
  return await Promise.race([index.warm(db).then(() => true), isLate])
}

/** From one of its words on, the text goes on as was typed: all words but the last whole. */
function beginsLike(text: string, asked: readonly string[], isStart: (word: string, start: string) => boolean): boolean {
  const words = splitWords(text).map(({ word }) => word)
  return words.some((_, from) =>
    asked.every((start, i) => {
      const word = words[from + i]
      return word !== undefined && (i < asked.length - 1 ? word === start : isStart(word, start))
    }),
  )
}

/** One slip: a letter wrong, missing, added, or two swapped. */
function isSlip(word: string, start: string): boolean {
  const letters = [...start]
  if (letters.length < MIN_FORGIVEN || word[0] !== start[0]) return false
  return [-1, 0, 1].some((more) => editDistance(letters, [...word].slice(0, letters.length + more)) <= 1)
}

/** Most photos first; people, albums and clusters before tags that as many photos hold. */
function rank<T extends Entry>(entries: readonly T[]): T[] {
  const order = (kind: Entry['kind']) => (KEYS[kind] === undefined ? 1 : 0)
  return [...entries].sort((a, b) => b.count - a.count || order(a.kind) - order(b.kind) || (a.text < b.text ? -1 : 1))
}
