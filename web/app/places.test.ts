import { expect, it } from 'vitest'
import { findPlace, PLACES } from './places.ts'

it('gives each place a path and a letter of its own', () => {
  expect(new Set(PLACES.map((place) => place.path)).size).toBe(PLACES.length)
  expect(new Set(PLACES.map((place) => place.key)).size).toBe(PLACES.length)
  for (const { key } of PLACES) expect(key).toMatch(/^[a-z]$/)
  // `g` begins the two
  expect(PLACES.map((place) => place.key)).not.toContain('g')
})

it('finds the place of an address, also of pages inside a place', () => {
  expect(findPlace('/')?.label).toBe('Photos')
  expect(findPlace('/search')?.label).toBe('Photos')
  expect(findPlace('/categories/12')?.label).toBe('Categories')
  expect(findPlace('/compare')?.label).toBe('Describe')
  expect(findPlace('/categoriesandmore')).toBeNull()
  expect(findPlace('/photo/3')).toBeNull()
})
