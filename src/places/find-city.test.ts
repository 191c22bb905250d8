/** @file A position belongs to the place whose reach it is deepest in, within its country; far from all it belongs to none. */
import { expect, it } from 'vitest'
import { findCity } from './find-city.ts'

it.each<[string, number, number, string | null, string | null]>([
  ['the middle of a city', 59.9127, 10.7461, 'Norway', 'Oslo'],
  ['a hill 8 km from the middle', 59.9639, 10.6675, 'Norway', 'Oslo'],
  ['a borough nearer than the middle: the city still', 51.5007, -0.1246, 'United Kingdom', 'London'],
  ['a town beside a city of millions', 48.8049, 2.1204, 'France', 'Versailles'],
  ['a state within a city', 41.9022, 12.4539, 'Vatican City', 'Vatican City'],
  ['the other side of its wall', 41.9022, 12.4539, 'Italy', 'Rome'],
  ['a name of today', 51.128, 71.43, 'Kazakhstan', 'Astana'],
  ['a top between villages', 45.9763, 7.6586, 'Switzerland', null],
  ['off the coast, of no country', 59.89, 10.72, null, 'Oslo'],
  ['the open sea', 30, -40, null, null],
  ['beyond the date line, from the other side', -16.5, -179.99, 'Fiji', null],
  ['the pole', 90, 0, null, null],
  ['a country nobody lists', 59.9127, 10.7461, 'Atlantis', null],
])('%s', async (_, latitude, longitude, country, city) => {
  expect(await findCity(latitude, longitude, country)).toBe(city)
})
