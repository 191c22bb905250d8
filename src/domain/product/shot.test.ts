import { expect, it } from 'vitest'
import { measureShot } from './shot.ts'

/** A square product of one colour with a drawn texture, on a plain background. */
function draw(
  options: { side?: number; background?: [number, number, number]; left?: number; top?: number; size?: number; soft?: boolean } = {},
) {
  const { side = 200, background = [255, 255, 255], left = 50, top = 50, size = 100, soft = false } = options
  const data = new Uint8Array(side * side * 3)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const isProduct = x >= left && x < left + size && y >= top && y < top + size
      const texture = soft ? Math.round(20 * Math.sin(x / 15)) : ((x >> 1) + (y >> 1)) % 2 === 0 ? 40 : 0
      const rgb = isProduct ? [180 + texture, 30, 30] : background
      data.set(rgb, (y * side + x) * 3)
    }
  return { width: side, height: side, data }
}
const size = { width: 2000, height: 2000 }

it('finds the product on a plain background, to the pixel', () => {
  expect(measureShot(draw(), size)).toMatchObject({
    width: 2000,
    backgroundUniform: 1,
    backgroundPureWhite: 1,
    backgroundWhite: 1,
    cast: 0,
    fill: 0.5,
    offCentre: 0,
    edgesTouched: 0,
    product: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
    colour: 'red',
  })
})

it('sees where it lies and what cuts it', () => {
  const shot = measureShot(draw({ left: 100, top: 120, size: 80 }), size)
  expect(shot.product).toEqual({ x: 0.5, y: 0.6, width: 0.4, height: 0.4 })
  expect(shot.offCentre).toBeCloseTo(Math.hypot(0.2, 0.3) / Math.hypot(0.5, 0.5), 3)
  expect(measureShot(draw({ left: 140, top: 60, size: 60 }), size).edgesTouched).toBe(1)
})

it('tells white that is not quite, a cast, a soft picture and one that fills its frame', () => {
  const near = measureShot(draw({ background: [250, 250, 250] }), size)
  expect(near).toMatchObject({ backgroundPureWhite: 0, backgroundWhite: 1 })
  expect(measureShot(draw({ background: [255, 240, 215] }), size).cast).toBeGreaterThan(0.03)
  expect(measureShot(draw({ soft: true }), size).sharpness).toBeLessThan(measureShot(draw(), size).sharpness / 5)
  const full = measureShot(draw({ left: 0, top: 0, size: 200 }), size)
  expect(full).toMatchObject({ backgroundPureWhite: 0, backgroundWhite: 0 })
  expect(measureShot(draw({ size: 0 }), size)).toMatchObject({ product: null, fill: null, colour: null })
})

/** A line of `depth` pixels round the picture, `inset` from its edge. */
function drawFrame(frame: ReturnType<typeof draw>, rgb: readonly number[], inset: number, depth: number) {
  const last = frame.width - 1
  for (let y = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) {
      const fromEdge = Math.min(x, y, last - x, last - y)
      if (fromEdge >= inset && fromEdge < inset + depth) frame.data.set(rgb, (y * frame.width + x) * 3)
    }
  return frame
}

it('sees a line and a band round the picture, and no frame in a product that is a rectangle', () => {
  const framed = (...args: Parameters<typeof drawFrame>) => measureShot(drawFrame(...args), size).isFramed
  expect(framed(draw(), [0, 0, 0], 6, 2)).toBe(true)
  expect(framed(draw(), [200, 30, 30], 0, 8)).toBe(true)
  expect(measureShot(draw({ left: 10, top: 10, size: 180 }), size).isFramed).toBe(false)
  expect(measureShot(draw({ left: 40, top: 40, size: 120 }), size).isFramed).toBe(false)
  expect(measureShot(draw({ background: [180, 180, 180], left: 60, size: 130 }), size).isFramed).toBe(false)
  expect(measureShot(draw({ size: 0 }), size).isFramed).toBe(false)
})
