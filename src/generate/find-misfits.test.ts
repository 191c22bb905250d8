import { expect, it } from 'vitest'
import { IMAGE_TYPE_NAMES } from '../contract/described-products.ts'
import { findMisfits } from './find-misfits.ts'
import type { ImageType } from './image-type.ts'
import { IMAGE_TYPES, PRODUCTS, typeName, wishOf } from './kinds.ts'
import { product as ring } from './products/ring.ts'
import { type as hand } from './types/hand-holding.ts'
import { type as white } from './types/white-background.ts'

const NAMES = { 1: 'White Background', 2: 'Hand Holding' }
const TYPES = new Map<string, { type?: ImageType }>([
  ['white-background', { type: white }],
  ['hand-holding', { type: hand }],
])
const RING = { ...ring, defaultTypes: [1, 2], scenes: { 'hand-holding': { fill: 0.2 } } }

it('every file of the two folders is there, without a line anywhere else', () => {
  expect(IMAGE_TYPES.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
  expect(IMAGE_TYPES.map(({ number, name }) => [String(number), name])).toEqual(Object.entries(IMAGE_TYPE_NAMES))
  expect([...PRODUCTS.keys()]).toEqual(['bracelet', 'earring', 'necklace', 'ring'])
  expect(wishOf('ring', 5).fill).toBe(0.16)
  expect([wishOf('ring', 1), wishOf('tiara', 5), typeName(0), typeName(77)]).toEqual([{}, {}, 'Inspired', 'Type 77'])
})

it('names the file and what it lacks', () => {
  const products = new Map([['ring', { product: RING }]])
  expect(findMisfits(TYPES, products, NAMES)).toEqual([])
  expect(findMisfits(new Map([...TYPES, ['flat-lay', { type: { ...hand, name: 'Flat Lay' } }]]), products, NAMES)).toContain(
    'types/flat-lay.ts has number 2, and so has types/hand-holding.ts',
  )
  expect(findMisfits(new Map([...TYPES, ['flat-lay', {}]]), new Map([['cuff', {}]]), NAMES)).toEqual([
    'types/flat-lay.ts exports no “type”',
    'products/cuff.ts exports no “product”',
  ])
  expect(findMisfits(TYPES, products, { ...NAMES, 3: 'Dimension Image' })).toEqual([
    'types has no file of number 3, Dimension Image, that clients of system D ask for',
  ])
  const wrong = { ...RING, defaultTypes: [1, 9], scenes: { 'in-hand': {}, 'hand-holding': { fill: 2 } } }
  expect(findMisfits(TYPES, new Map([['ring', { product: wrong }]]), NAMES)).toEqual([
    'products/ring.ts names type 9 in “defaultTypes”, and no file in types has it',
    'products/ring.ts wants something of the scene “in-hand”; there are hand-holding',
    'products/ring.ts fills 2 of the side in “hand-holding”; more than 0 and at most 1 is there',
  ])
})
