/** @file What the look vector promises whatever the picture: its length, and that small changes stay small. */
import { expect, test } from 'vitest'
import { describeLook, LOOK_SIDE, LOOK_WIDTH } from './look.ts'

type Paint = (x: number, y: number) => readonly [number, number, number]
const draw = (paint: Paint): Uint8Array =>
  Uint8Array.from({ length: LOOK_SIDE * LOOK_SIDE * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3)
    return Math.max(0, Math.min(255, paint(pixel % LOOK_SIDE, Math.floor(pixel / LOOK_SIDE))[at % 3]!))
  })
const compare = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

const beach: Paint = (x, y) => (y < 50 ? [120, 170 + y, 240] : y < 80 ? [20, 90 + (x % 7) * 4, 150] : [220, 200 - (x % 5) * 6, 150])
const wood: Paint = (x, y) => (x % 24 < 9 ? [70, 45 + (y % 5) * 4, 30] : [30, 110 + ((x * 7 + y * 3) % 60), 40])

test('the vector has unit length and the width of its space', () => {
  const vector = describeLook(draw(beach))
  expect(vector).toHaveLength(LOOK_WIDTH)
  expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
})

test.each([0, 90, 255])('a flat picture (%i) has one too', (value) => {
  expect(Math.hypot(...describeLook(draw(() => [value, value, value])))).toBeCloseTo(1, 5)
})

test('a brighter copy is near, another scene is far', () => {
  const scene = describeLook(draw(beach))
  const brighter = describeLook(draw((x, y) => beach(x, y).map((value) => value * 1.08 + 4) as [number, number, number]))
  expect(compare(scene, brighter)).toBeGreaterThan(0.9)
  expect(compare(scene, describeLook(draw(wood)))).toBeLessThan(0.5)
})

test('mirrored is not the same', () => {
  const slope: Paint = (x, y) => (x + y < LOOK_SIDE ? [200, 40, 30] : [20, 60, 200])
  const mirrored: Paint = (x, y) => slope(LOOK_SIDE - 1 - x, y)
  expect(compare(describeLook(draw(slope)), describeLook(draw(mirrored)))).toBeLessThan(0.9)
})
