/** @file A hit says why it is there, in words. */
import { expect, it } from 'vitest'
import { explainMatch } from './explain-match.ts'

const keyword = { list: 'keyword', rank: 1, cosine_distance: null } as const

it('names the words and where they stand', () => {
  expect(explainMatch({ ...keyword, where: ['text', 'tag'], words: ['mango'] })).toBe('“mango” in text in the picture, tag')
  expect(explainMatch({ ...keyword, where: ['filename'], words: [] })).toBe('word in file name')
})

it('names nearness', () => {
  expect(explainMatch({ list: 'semantic', rank: 2, cosine_distance: 0.734, where: [], words: [] })).toBe('near in meaning, distance 0.73')
  expect(explainMatch({ list: 'described', rank: 1, cosine_distance: 0.2, where: [], words: [] })).toBe(
    'description near in meaning, distance 0.20',
  )
  expect(explainMatch({ list: 'similar', rank: 2, cosine_distance: null, where: [], words: [] })).toBe('looks alike')
})
