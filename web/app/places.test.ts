import { expect, it } from 'vitest'
import { findPlace, MOVED, PAGES, PLACE_KEYS, PLACES, tabsOf } from './places.ts'

it('gives each page an address of its own, and each key one meaning', () => {
  expect(new Set(PAGES.map(({ path }) => path)).size).toBe(PAGES.length)
  expect(new Set(PLACE_KEYS.map(({ key }) => key)).size).toBe(PLACE_KEYS.length)
  // `g` begins the two
  for (const { key } of PLACE_KEYS) expect(key).toMatch(/^[a-fh-z]$/)
})

it('has a page for each place, and each page is a tab or reached from one', () => {
  const addresses = new Set<string>(['/', ...PAGES.map(({ path }) => path)])
  for (const { path } of PLACES) expect(addresses).toContain(path)
  for (const [from, to] of MOVED) {
    expect(addresses).toContain(to)
    expect(addresses).not.toContain(from)
  }
  expect(tabsOf('clean-up').map(({ label }) => label)).toEqual(['Duplicates', 'Faces', 'Failures'])
  expect(tabsOf('photos')[0]).toEqual({ path: '/', label: 'Timeline' })
  expect(tabsOf('trash')).toEqual([])
})

it('finds the place of an address, also of pages inside a place', () => {
  expect(findPlace('/')?.label).toBe('Photos')
  expect(findPlace('/search')?.label).toBe('Photos')
  expect(findPlace('/explore/people/12')?.label).toBe('Explore')
  expect(findPlace('/albums/7')?.label).toBe('Albums')
  expect(findPlace('/settings/descriptions/compare')?.label).toBe('Settings')
  expect(findPlace('/clean-up/duplicates/same-picture')?.label).toBe('Clean up')
  expect(findPlace('/albumsandmore')).toBeNull()
  expect(findPlace('/photo/3')).toBeNull()
})
