/** @file Zooming keeps the point under the pointer, and the picture in its frame. */
import { expect, it } from 'vitest'
import { keepInView, REST, zoomAbout } from './use-zoom.ts'

const size = { width: 800, height: 600 }

it('keeps the point under the pointer', () => {
  const at = { x: 100, y: -50 }
  const view = zoomAbout({ zoom: 2, x: 10, y: 20 }, 1.5, at, size)
  expect(view.zoom).toBe(3)
  // the picture point under the pointer: (at − shift) ÷ zoom, before and after
  expect((at.x - view.x) / view.zoom).toBeCloseTo((at.x - 10) / 2)
  expect((at.y - view.y) / view.zoom).toBeCloseTo((at.y - 20) / 2)
})

it('never goes below the whole picture, and then rests in the centre', () => {
  expect(zoomAbout({ zoom: 1.2, x: 50, y: 50 }, 0.1, { x: 300, y: 0 }, size)).toEqual(REST)
})

it('does not let the picture leave its frame', () => {
  expect(keepInView({ zoom: 2, x: 9999, y: -9999 }, size)).toEqual({ zoom: 2, x: 400, y: -300 })
})
