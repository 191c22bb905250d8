/** @file A hit says why it is there, in words. */
import { expect, it } from 'vitest'
import { describeNear, explainMatch } from './explain-match.ts'

const keyword = { list: 'keyword' as const, rank: 1, cosine_distance: null, near: [], snippets: [] }

it('names the words and where they stand', () => {
  expect(explainMatch({ ...keyword, where: ['text', 'tag'], words: ['mango'] })).toBe('“mango” in text in the picture, tag')
  expect(explainMatch({ ...keyword, where: ['filename'], words: [] })).toBe('word in file name')
})

it('names nearness', () => {
  expect(explainMatch({ list: 'semantic', rank: 2, cosine_distance: 0.734, where: [], words: [], near: [], snippets: [] })).toBe(
    'near in meaning, distance 0.73',
  )
  expect(explainMatch({ list: 'described', rank: 1, cosine_distance: 0.2, where: [], words: [], near: [], snippets: [] })).toBe(
    'description near in meaning, distance 0.20',
  )
  expect(explainMatch({ list: 'similar', rank: 2, cosine_distance: null, where: [], words: [], near: [], snippets: [] })).toBe(
    'looks alike',
  )
})

it('says what stands in for a word that is nowhere', () => {
  const near = [{ typed: 'automobile', found: 'car', how: 'synonym' as const }]
  expect(explainMatch({ ...keyword, where: ['tag'], words: ['car'], near })).toBe('“car” in tag; means the same as “automobile”')
  expect(describeNear(near)).toBe('No exact match for “automobile”; showing “car”.')
  expect(describeNear([{ typed: 'hund', found: 'dog', how: 'translation' }])).toBe('Showing “dog” for “hund”.')
})
