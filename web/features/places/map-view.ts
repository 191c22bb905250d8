/** @file What part of the world a map shows, and the ways it moves. The world is a square, 0 to 1 from west to east and from north to south (Mercator). */
import type { Size } from '../../lib/use-size.ts'

/** The middle of the view; at zoom 0 the world is 256 pixels wide, each step doubles it. */
export interface View {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Area {
  readonly south: number
  readonly west: number
  readonly north: number
  readonly east: number
}

/** photos that lie this near are a street apart: there is nothing more to be told */
export const MAX_ZOOM = 17
/** where Mercator’s square ends */
const MAX_LATITUDE = 85.0511

export const scaleOf = (view: View): number => 256 * 2 ** view.zoom

export function toPoint(latitude: number, longitude: number): Point {
  const sine = Math.sin((Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude)) * Math.PI) / 180)
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) }
}

export function toPosition({ x, y }: Point): { latitude: number; longitude: number } {
  return { latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, longitude: (x - Math.floor(x)) * 360 - 180 }
}

/** The nearest view whose edges lie within the world; round the world it goes on without an end. */
export function settle(view: View, size: Size): View {
  const least = Math.max(0, Math.log2(Math.max(size.width, size.height) / 256))
  const zoom = Math.min(MAX_ZOOM, Math.max(least, view.zoom))
  const half = Math.min(0.5, size.height / 2 / scaleOf({ ...view, zoom }))
  return { x: view.x - Math.floor(view.x), y: Math.min(1 - half, Math.max(half, view.y)), zoom }
}

export function panBy(view: View, dx: number, dy: number, size: Size): View {
  return settle({ ...view, x: view.x - dx / scaleOf(view), y: view.y - dy / scaleOf(view) }, size)
}

/** @param at pixels from the middle; what lies there stays there */
export function zoomAt(view: View, steps: number, at: Point, size: Size): View {
  const { zoom } = settle({ ...view, zoom: view.zoom + steps }, size)
  const change = 1 / scaleOf(view) - 1 / scaleOf({ ...view, zoom })
  return settle({ x: view.x + at.x * change, y: view.y + at.y * change, zoom }, size)
}

/** Where a point of the world is shown, of its many places round the world the one nearest to the middle; pixels from the upper left. */
export function toScreen(point: Point, view: View, size: Size): Point {
  const dx = point.x - view.x
  return {
    x: (dx - Math.round(dx)) * scaleOf(view) + size.width / 2,
    y: (point.y - view.y) * scaleOf(view) + size.height / 2,
  }
}

/** What the view shows; west lies east of east where it goes over the date line. */
export function areaOf(view: View, size: Size): Area {
  const half = { x: Math.min(0.5, size.width / 2 / scaleOf(view)), y: size.height / 2 / scaleOf(view) }
  const { latitude: north, longitude: west } = toPosition({ x: view.x - half.x, y: Math.max(0, view.y - half.y) })
  const { latitude: south, longitude: east } = toPosition({ x: view.x + half.x, y: Math.min(1, view.y + half.y) })
  return half.x === 0.5 ? { south, west: -180, north, east: 180 } : { south, west, north, east }
}

/** The closest view that shows all of it. @param margin pixels left at each edge */
export function fitArea({ south, west, north, east }: Area, size: Size, margin = 56): View {
  const [a, b] = [toPoint(north, west), toPoint(south, east <= west && east !== west ? east + 360 : east)]
  const room = (length: number) => Math.max(64, length - 2 * margin)
  const scale = Math.min(room(size.width) / Math.max(b.x - a.x, 1e-6), room(size.height) / Math.max(b.y - a.y, 1e-6))
  // a single place is shown with its surroundings
  return settle({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, zoom: Math.min(11, Math.log2(scale / 256)) }, size)
}

/** `59.91,10.75,6`: latitude, longitude, zoom, as it stands in the address. */
export function writeView(view: View): string {
  const { latitude, longitude } = toPosition(view)
  return [latitude.toFixed(4), longitude.toFixed(4), view.zoom.toFixed(2)].join(',')
}

export function readView(text: string): View | null {
  const [latitude = Number.NaN, longitude = Number.NaN, zoom = Number.NaN] = text.split(',').map(Number)
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= MAX_ZOOM
    ? { ...toPoint(latitude, longitude), zoom }
    : null
}

/** As the filter `area` takes it: a little wider, so that what was rounded away at an edge is in. */
export function writeArea({ south, west, north, east }: Area): string {
  const out = 2e-5
  const keep = (degrees: number, most: number) => Number(Math.max(-most, Math.min(most, degrees)).toFixed(5))
  return [keep(south - out, 90), keep(west - out, 180), keep(north + out, 90), keep(east + out, 180)].join(',')
}
