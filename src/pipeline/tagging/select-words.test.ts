import { describe, expect, it } from 'vitest'
import { WordsQuery } from '../../contract/vocabulary.ts'
import { selectWords } from './select-words.ts'
import type { UserWord } from './vocabulary.ts'

const plain = { prompt: null, broader: [], threshold: null }
const own = new Map<string, UserWord>(
  [
    { word: 'Rex', kind: 'added', ...plain },
    { word: 'cat', kind: 'removed', ...plain },
    { word: 'dog', kind: 'added', ...plain, threshold: 4 },
  ].map((word) => [word.word, word as UserWord]),
)
const select = (query: object) => selectWords(['dog', 'hot dog', 'cat', 'Dogma'], own, ['hot dog', 'cat'], WordsQuery.parse(query))

describe('words of a list', () => {
  it('begin with what is looked for, then hold it, whatever the case', () => {
    expect(select({ q: 'DOG' })).toEqual({ words: ['dog', 'Dogma', 'hot dog'], total: 3 })
    expect(select({ q: 'dog', skip: 1, limit: 1 })).toEqual({ words: ['Dogma'], total: 3 })
    expect(select({}).words).toEqual(['cat', 'dog', 'Dogma', 'hot dog', 'Rex'])
  })
  it('are those a person added, removed, gave a threshold, or the model does not know', () => {
    expect(select({ show: 'own' }).words).toEqual(['Rex'])
    expect(select({ show: 'removed' }).words).toEqual(['cat'])
    expect(select({ show: 'threshold' }).words).toEqual(['dog'])
    expect(select({ show: 'unknown' }).words).toEqual(['hot dog'])
  })
})
