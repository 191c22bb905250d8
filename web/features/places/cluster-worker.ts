/** @file Puts photos that lie near each other together, beside the page. */
import Supercluster from 'supercluster'
import type { PointsAnswer } from '../../../src/contract/places.ts'
import { POINT_PARTS } from '../../../src/contract/words.ts'
import { type Area, MAX_ZOOM } from './map-view.ts'

export type ClusterAsk = { readonly points: PointsAnswer } | { readonly area: Area; readonly zoom: number }

/** One or more photos that are shown as one. */
export interface Pin {
  /** the photo it is shown by, and where it leads if it is the only one */
  readonly photo: number
  readonly count: number
  readonly latitude: number
  readonly longitude: number
  /** where its photos lie */
  readonly area: Area
}

interface Own extends Area {
  readonly photo: number
  readonly count: number
}

/** pixels between the middles of two pins */
const RADIUS = 64

let index: Supercluster<Own, Own> | null = null
let asked: { readonly area: Area; readonly zoom: number } | null = null

addEventListener('message', ({ data }: MessageEvent<ClusterAsk>) => {
  if ('points' in data) index = makeIndex(data.points)
  else asked = data
  if (index && asked) postMessage(listPins(index, asked))
})

/** Photos in one cell of so many parts of a degree, some 50 m, are one pin at every zoom: the index need not tell them apart. */
const CELL = POINT_PARTS / 2000

function makeIndex({ ids, latitudes, longitudes }: PointsAnswer): Supercluster<Own, Own> {
  const cells = new Map<number, { -readonly [K in keyof Own]: Own[K] }>()
  for (let i = 0; i < ids.length; i++) {
    const [photo, latitude, longitude] = [ids[i] ?? 0, (latitudes[i] ?? 0) / POINT_PARTS, (longitudes[i] ?? 0) / POINT_PARTS]
    const key = Math.floor((latitudes[i] ?? 0) / CELL) * 1e6 + Math.floor((longitudes[i] ?? 0) / CELL)
    const cell = cells.get(key)
    if (cell === undefined) {
      cells.set(key, { photo, count: 1, south: latitude, west: longitude, north: latitude, east: longitude })
      continue
    }
    cell.count++
    if (photo > cell.photo) cell.photo = photo
    if (latitude < cell.south) cell.south = latitude
    if (latitude > cell.north) cell.north = latitude
    if (longitude < cell.west) cell.west = longitude
    if (longitude > cell.east) cell.east = longitude
  }
  const made = new Supercluster<Own, Own>({
    radius: RADIUS,
    extent: 256,
    maxZoom: MAX_ZOOM,
    map: (own) => ({ ...own }),
    reduce: (all, one) =>
      Object.assign(all, {
        photo: Math.max(all.photo, one.photo),
        count: all.count + one.count,
        south: Math.min(all.south, one.south),
        west: Math.min(all.west, one.west),
        north: Math.max(all.north, one.north),
        east: Math.max(all.east, one.east),
      }),
  })
  return made.load(
    [...cells.values()].map((own) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [(own.west + own.east) / 2, (own.south + own.north) / 2] },
      properties: own,
    })),
  )
}

function listPins(made: Supercluster<Own, Own>, { area, zoom }: { readonly area: Area; readonly zoom: number }): Pin[] {
  return made.getClusters([area.west, area.south, area.east, area.north], Math.round(zoom)).map(({ geometry, properties }) => {
    const [longitude = 0, latitude = 0] = geometry.coordinates
    const { photo, count, south, west, north, east } = properties
    return { photo, count, latitude, longitude, area: { south, west, north, east } }
  })
}
