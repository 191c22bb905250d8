/** @file Draws the countries of the world on a canvas: each is a path in a square of `UNIT` pixels, made once, and drawn where it is in view. */
import { geoMercator, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import worldUrl from 'world-atlas/countries-50m.json?url'
import type { Size } from '../../lib/use-size.ts'
import { type Point, scaleOf, toScreen, type View } from './map-view.ts'

/** world-atlas draws at 1 : 50 million, which is a pixel of this square where it is 1 : 1 */
const UNIT = 1024
/** below this zoom the coarse paths are drawn: their steps of a third of a pixel are not seen */
const COARSE_ZOOM = 4
const COARSE_STEP = (UNIT / (256 * 2 ** COARSE_ZOOM)) * 0.35

/** pixels of land under each pixel of its name, before it is written */
const LABEL_LAND = 40

interface Country {
  readonly name: string
  readonly fine: Path2D
  readonly coarse: Path2D
  /** in the world’s square */
  readonly box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }
  readonly middle: Point
  /** of its land, in parts of the square */
  readonly land: number
}
export type World = readonly Country[]

type Atlas = Topology<{ readonly countries: GeometryCollection<{ readonly name: string }> }>

export async function readWorld(): Promise<World> {
  const atlas = (await (await fetch(worldUrl)).json()) as Atlas
  const projection = geoMercator()
    .scale(UNIT / (2 * Math.PI))
    .translate([UNIT / 2, UNIT / 2])
  const flat = geoPath(projection)
  return feature(atlas, atlas.objects.countries).features.map((country) => {
    const fine = new Path2D()
    geoPath(projection, fine as never)(country)
    const coarse = new Path2D()
    geoPath(projection, thin(coarse) as never)(country)
    const [[left, top], [right, bottom]] = flat.bounds(country)
    const [x, y] = flat.centroid(country)
    const box = { left: left / UNIT, top: top / UNIT, right: right / UNIT, bottom: bottom / UNIT }
    return { name: country.properties.name, fine, coarse, box, middle: { x: x / UNIT, y: y / UNIT }, land: flat.area(country) / UNIT ** 2 }
  })
}

/** Takes a path without the points that lie too near to the one before. */
function thin(path: Path2D) {
  let last = { x: 0, y: 0 }
  return {
    moveTo: (x: number, y: number) => {
      last = { x, y }
      path.moveTo(x, y)
    },
    lineTo: (x: number, y: number) => {
      if (Math.abs(x - last.x) + Math.abs(y - last.y) < COARSE_STEP) return
      last = { x, y }
      path.lineTo(x, y)
    },
    closePath: () => path.closePath(),
    arc: () => {},
    beginPath: () => {},
  }
}

export interface Label {
  readonly name: string
  readonly point: Point
}

const style = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name)

/** @param places cities with photos, named where there is room */
export function drawWorld(canvas: HTMLCanvasElement, world: World, places: readonly Label[], view: View, size: Size): void {
  const ratio = devicePixelRatio
  if (canvas.width !== Math.round(size.width * ratio) || canvas.height !== Math.round(size.height * ratio)) {
    canvas.width = Math.round(size.width * ratio)
    canvas.height = Math.round(size.height * ratio)
  }
  const to = canvas.getContext('2d')
  if (!to) return
  const scale = scaleOf(view)
  to.setTransform(ratio, 0, 0, ratio, 0, 0)
  to.fillStyle = style('--map-water')
  to.fillRect(0, 0, size.width, size.height)
  to.fillStyle = style('--map-land')
  to.strokeStyle = style('--map-border')
  to.lineJoin = 'round'
  to.lineWidth = UNIT / scale
  const half = size.width / 2 / scale
  for (const round of [-1, 0, 1]) {
    const left = (round - view.x) * scale + size.width / 2
    const top = size.height / 2 - view.y * scale
    for (const { box, fine, coarse } of world) {
      if (box.right + round < view.x - half || box.left + round > view.x + half) continue
      if (box.bottom * scale + top < 0 || box.top * scale + top > size.height) continue
      const factor = (scale / UNIT) * ratio
      to.setTransform(factor, 0, 0, factor, left * ratio, top * ratio)
      const path = view.zoom < COARSE_ZOOM ? coarse : fine
      to.fill(path)
      to.stroke(path)
    }
  }
  to.setTransform(ratio, 0, 0, ratio, 0, 0)
  to.textAlign = 'center'
  to.textBaseline = 'middle'
  to.lineWidth = 3
  to.strokeStyle = style('--map-land')
  to.fillStyle = style('--muted')
  const font = getComputedStyle(canvas).fontFamily
  to.font = `600 12px ${font}`
  for (const { name, land, middle } of world)
    if (land * scale ** 2 > LABEL_LAND * to.measureText(name).width) write(to, name, toScreen(middle, view, size))
  if (view.zoom < 5) return
  to.font = `400 12px ${font}`
  to.fillStyle = style('--ink')
  // below the pin that stands there
  for (const { name, point } of places) {
    const { x, y } = toScreen(point, view, size)
    write(to, name, { x, y: y + 38 })
  }
}

function write(to: CanvasRenderingContext2D, text: string, { x, y }: Point): void {
  to.strokeText(text, x, y)
  to.fillText(text, x, y)
}
