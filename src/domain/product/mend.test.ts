import { expect, it } from 'vitest'
import { cutSquare, placeProduct, placeWhole, whitenBackground } from './mend.ts'

function frame(width: number, height: number, rgb: (x: number, y: number) => [number, number, number]) {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(rgb(x, y), (y * width + x) * 3)
  return { width, height, channels: 3 as const, data }
}
const at = ({ width, data }: { width: number; data: Uint8Array }, x: number, y: number) => [
  ...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3),
]

it('near-white that reaches the border becomes white; highlights inside and colours stay', () => {
  const made = whitenBackground(
    frame(20, 20, (x, y) => {
      if (x === 10 && y === 10) return [246, 246, 246] // a highlight in the product
      if (x >= 6 && x < 14 && y >= 6 && y < 14) return [120, 60, 20]
      return y < 3 ? [255, 240, 226] : [246, 247, 245]
    }),
  )
  expect(at(made, 0, 19)).toEqual([255, 255, 255])
  expect(at(made, 10, 10)).toEqual([246, 246, 246])
  expect(at(made, 8, 8)).toEqual([120, 60, 20])
  expect(at(made, 0, 0)).toEqual([255, 240, 226])
})

it('puts the product into the centre of a white square of which it takes its share', () => {
  const picture = frame(100, 60, (x, y) => (x >= 70 && x < 90 && y >= 40 && y < 50 ? [0, 0, 0] : [255, 255, 255]))
  const placing = placeProduct(picture, { x: 0.7, y: 40 / 60, width: 0.2, height: 10 / 60 }, 0.8)
  expect(placing).toEqual({ side: 25, left: 68, top: 33 })
  const made = cutSquare(picture, placing)
  expect([made.width, made.height]).toEqual([25, 25])
  expect(at(made, 2, 7)).toEqual([0, 0, 0])
  expect(at(made, 1, 7)).toEqual([255, 255, 255])
  expect(at(made, 24, 24)).toEqual([255, 255, 255])
  const whole = cutSquare(
    frame(4, 2, () => [9, 9, 9]),
    placeWhole({ width: 4, height: 2 }),
  )
  expect([at(whole, 0, 0), at(whole, 0, 1), at(whole, 3, 2), at(whole, 0, 3)]).toEqual([
    [255, 255, 255],
    [9, 9, 9],
    [9, 9, 9],
    [255, 255, 255],
  ])
})
