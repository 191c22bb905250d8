/** @file Puts photos that lie near each other together, beside the page: at 100,000 photos the index takes a few tenths of a second to make. */
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

function makeIndex({ ids, latitudes, longitudes }: PointsAnswer): Supercluster<Own, Own> {
  const made = new Supercluster<Own, Own>({
    radius: RADIUS,
    extent: 256,
    maxZoom: MAX_ZOOM,
    map: (own) => ({ ...own }),
    reduce: (all, one) =>
      Object.assign(all, {
        photo: Math.max(all.photo, one.photo),
        south: Math.min(all.south, one.south),
        west: Math.min(all.west, one.west),
        north: Math.max(all.north, one.north),
        east: Math.max(all.east, one.east),
      }),
  })
  return made.load(
    ids.map((photo, i) => {
      const [latitude, longitude] = [(latitudes[i] ?? 0) / POINT_PARTS, (longitudes[i] ?? 0) / POINT_PARTS]
      return {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [longitude, latitude] },
        properties: { photo, south: latitude, west: longitude, north: latitude, east: longitude },
      }
    }),
  )
}

function listPins(made: Supercluster<Own, Own>, { area, zoom }: { readonly area: Area; readonly zoom: number }): Pin[] {
  return made.getClusters([area.west, area.south, area.east, area.north], Math.round(zoom)).map(({ geometry, properties }) => {
    const [longitude = 0, latitude = 0] = geometry.coordinates
    const { photo, south, west, north, east } = properties
    const count = 'point_count' in properties ? (properties.point_count as number) : 1
    return { photo, count, latitude, longitude, area: { south, west, north, east } }
  })
}
