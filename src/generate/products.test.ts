import { expect, it } from 'vitest'
import { IMAGE_TYPE_NAMES } from '../contract/described-products.ts'
import { PRODUCT_PROFILES } from '../domain/product/product-profiles.ts'
import { PRODUCTS, wishOf } from './products.ts'
import { IMAGE_TYPES, typeName } from './types.ts'

it('has the types that clients of system D ask for, by number and name', () => {
  expect(Object.fromEntries(IMAGE_TYPES.map(({ number, name }) => [number, name]))).toMatchObject(IMAGE_TYPE_NAMES)
})

it('gives every type a number of its own, 1–99, and every picture a share of its side', () => {
  const numbers = IMAGE_TYPES.map(({ number }) => number)
  expect(numbers).toEqual([...new Set(numbers)].filter((number) => number >= 1 && number <= 99))
  const fills = [...PRODUCTS.values()].flatMap(({ scenes }) => Object.values(scenes).flatMap(({ fill }) => fill ?? []))
  for (const fill of [...IMAGE_TYPES.map((type) => type.fill), ...fills]) expect(fill > 0 && fill <= 1).toBe(true)
})

it('says what a product wants of a scene, and names what is gone', () => {
  expect(wishOf('ring', 5).fill).toBe(0.16)
  expect([wishOf('ring', 1), wishOf('tiara', 5), typeName(0), typeName(77)]).toEqual([{}, {}, 'Inspired', 'Type 77'])
})

it.each(Object.entries(PRODUCT_PROFILES))('knows every product that the profile %s offers', (_, { products }) => {
  expect(products.filter((name) => !PRODUCTS.has(name))).toEqual([])
})
