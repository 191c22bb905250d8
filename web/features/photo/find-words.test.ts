import { expect, it } from 'vitest'
import { findWords } from './find-words.ts'

const lines = [{ words: [{ text: 'TAN' }, { text: 'Total:' }] }, { words: [{ text: 'Zürich' }, { text: 'Totally' }] }]

it('finds the boxes of words, whatever their case, accents and signs', () => {
  expect(findWords(lines, ['total', 'Café Zürich']).map(({ text }) => text)).toEqual(['Total:', 'Zürich'])
  expect(findWords(lines, ['nothing'])).toEqual([])
  expect(findWords(lines, [])).toEqual([])
})
