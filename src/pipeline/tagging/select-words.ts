/** @file Which words of the vocabulary a list shows, in which order. Pure. */
import type { WordsQuery } from '../../contract/vocabulary.ts'
import type { UserWord } from './vocabulary.ts'

/** Those that begin with what is looked for come first, then those that hold it; each by name. A page of them, and how many there are. */
export function selectWords(
  starting: readonly string[],
  own: ReadonlyMap<string, UserWord>,
  unknown: readonly string[],
  { q, show, skip, limit }: WordsQuery,
): { words: string[]; total: number } {
  const known = new Set(starting)
  const all = [...starting, ...[...own.keys()].filter((word) => !known.has(word))]
  const isAsked = {
    all: () => true,
    own: (word: string) => {
      const state = own.get(word)
      return state?.kind === 'added' && (!known.has(word) || state.prompt !== null || state.broader.length > 0)
    },
    removed: (word: string) => own.get(word)?.kind === 'removed',
    threshold: (word: string) => own.get(word)?.threshold != null,
    unknown: (word: string) => unknown.includes(word) && own.get(word)?.kind !== 'removed',
  }[show]
  const part = q.toLowerCase()
  const found = all
    .filter(isAsked)
    .map((word) => ({ word, name: word.toLowerCase() }))
    .filter(({ name }) => name.includes(part))
    .map((entry) => ({ ...entry, rank: entry.name.startsWith(part) ? 0 : 1 }))
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return { words: found.slice(skip, skip + limit).map(({ word }) => word), total: found.length }
}
