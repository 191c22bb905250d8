import { expect, it } from 'vitest'
import { chooseKeeper, type KeepFacts } from './keep-rules.ts'

const photo = (id: number, more: Partial<KeepFacts> = {}): KeepFacts => ({
  id,
  width: 100,
  height: 100,
  bytes: 1000,
  format: 'jpeg',
  metadata: 3,
  at: 0,
  albums: 0,
  isFavourite: false,
  rating: 0,
  ...more,
})

it('asks the rules in order, each among those the one before left', () => {
  const photos = [photo(1, { metadata: 9 }), photo(2, { width: 400, metadata: 1 }), photo(3, { width: 400, metadata: 5 })]
  expect(chooseKeeper(photos, ['largest', 'most-metadata'])).toEqual({
    id: 3,
    rule: 'most-metadata',
    reason: 'most metadata: 5 facts, the other 1',
  })
  expect(chooseKeeper(photos, ['most-metadata', 'largest']).id).toBe(1)
})
it('says what the kept one is better by', () => {
  expect(chooseKeeper([photo(1), photo(2, { width: 200 })])).toMatchObject({
    id: 2,
    rule: 'largest',
    reason: 'largest: 200 × 100, the other 100 × 100',
  })
  expect(chooseKeeper([photo(1), photo(2, { format: 'heic' })])).toMatchObject({ id: 2, rule: 'original-format' })
  expect(chooseKeeper([photo(1, { at: 5 }), photo(2, { at: 4 })])).toMatchObject({ id: 2, rule: 'oldest' })
})
it('keeps the first where nothing tells them apart', () => {
  expect(chooseKeeper([photo(7), photo(3)])).toMatchObject({ id: 3, rule: null })
})
