import { expect, it } from 'vitest'
import { areaOf, fitArea, panBy, readView, settle, toPoint, toPosition, toScreen, writeArea, writeView, zoomAt } from './map-view.ts'

const SIZE = { width: 800, height: 600 }
const OSLO = { latitude: 59.91, longitude: 10.75 }

it('goes from degrees to the square and back', () => {
  expect(toPoint(0, 0)).toEqual({ x: 0.5, y: 0.5 })
  const back = toPosition(toPoint(OSLO.latitude, OSLO.longitude))
  expect(back.latitude).toBeCloseTo(OSLO.latitude, 9)
  expect(back.longitude).toBeCloseTo(OSLO.longitude, 9)
  expect(toPoint(90, 0).y).toBeCloseTo(0, 4)
})

it('never leaves the world: no further out than all of it, no higher than its edge, round and round from east to west', () => {
  const all = settle({ x: 1.25, y: 0, zoom: 0 }, SIZE)
  expect(all).toMatchObject({ x: 0.25, zoom: Math.log2(800 / 256) })
  expect(all.y).toBeCloseTo(0.375, 9)
  expect(settle({ x: 0.5, y: 0.5, zoom: 40 }, SIZE).zoom).toBe(17)
  expect(panBy({ x: 0.01, y: 0.5, zoom: 4 }, 4096 * 0.02, 0, SIZE).x).toBeCloseTo(0.99, 9)
})

it('zooms about the pointer', () => {
  const view = settle({ ...toPoint(48, 2), zoom: 6 }, SIZE)
  const before = toScreen(toPoint(OSLO.latitude, OSLO.longitude), view, SIZE)
  const at = { x: before.x - SIZE.width / 2, y: before.y - SIZE.height / 2 }
  const after = toScreen(toPoint(OSLO.latitude, OSLO.longitude), zoomAt(view, 3, at, SIZE), SIZE)
  expect(after.x).toBeCloseTo(before.x, 6)
  expect(after.y).toBeCloseTo(before.y, 6)
})

it('shows all of an area, also over the date line', () => {
  const area = { south: 40, west: -10, north: 60, east: 30 }
  const shown = areaOf(fitArea(area, SIZE), SIZE)
  expect(shown.south).toBeLessThan(40)
  expect(shown.north).toBeGreaterThan(60)
  expect(shown.west).toBeLessThan(-10)
  expect(shown.east).toBeGreaterThan(30)
  const fiji = areaOf(fitArea({ south: -20, west: 170, north: -10, east: -170 }, SIZE), SIZE)
  expect(fiji.west).toBeGreaterThan(100)
  expect(fiji.east).toBeLessThan(-100)
  // one point keeps its surroundings
  expect(fitArea({ south: 5, west: 5, north: 5, east: 5 }, SIZE).zoom).toBe(11)
})

it('stands in the address, and what is no view is none', () => {
  const view = { ...toPoint(OSLO.latitude, OSLO.longitude), zoom: 6.5 }
  expect(writeView(view)).toBe('59.9100,10.7500,6.50')
  expect(readView(writeView(view))?.zoom).toBe(6.5)
  for (const text of ['', '1,2', '95,0,3', '1,2,99', 'a,b,c']) expect(readView(text)).toBeNull()
  expect(writeArea({ south: 59.9, west: 10.7, north: 59.95, east: 180 })).toBe('59.89998,10.69998,59.95002,180')
})
