import { expect, it } from 'vitest'
import { findMeant as findNamed } from './typed-filters.ts'

const findMeant = (...asked: Parameters<typeof findNamed>) => findNamed(...asked).map(({ value }) => value)
const named = (...labels: string[]) => labels.map((label) => ({ value: label, label }))

it('means the value of that very name, whatever its case and accents', () => {
  expect(findMeant(named('Dog', 'hot dog', 'dogfish'), 'dog')).toEqual(['Dog'])
  expect(findMeant(named('José', 'Josef'), 'jose')).toEqual(['José'])
})

it('else those whose words begin so, in order', () => {
  const people = named('Anna Smith', 'Annabel Jones', 'Tom Smith')
  expect(findMeant(people, 'anna')).toEqual(['Anna Smith', 'Annabel Jones'])
  expect(findMeant(people, 'ann smi')).toEqual(['Anna Smith'])
  expect(findMeant(people, 'smith anna')).toEqual([])
  expect(findMeant(named('Canon EOS 5D Mark II'), 'eos 5d')).toEqual(['Canon EOS 5D Mark II'])
})

it('nothing for signs alone', () => {
  expect(findMeant(named('a'), '…')).toEqual([])
})
