/** @file Palettes of pictures whose colours are known. */
import { describe, expect, test } from 'vitest'
import { nameColour } from './colour-names.ts'
import { extractPalette } from './palette.ts'

/** A picture of flat areas with some noise, as a camera would give. */
function paint(areas: readonly [colour: readonly number[], share: number][], noise = 4): Uint8Array {
  const pixels = 20_000
  const rgb = new Uint8Array(pixels * 3)
  let state = 1
  let at = 0
  for (const [colour, share] of areas)
    for (let i = 0; i < Math.round(share * pixels) && at < rgb.length; i++)
      for (const value of colour) {
        state = (state * 48_271) % 2_147_483_647
        rgb[at++] = Math.max(0, Math.min(255, value + ((state % (2 * noise + 1)) - noise)))
      }
  return rgb
}

test('four areas come back with their names and shares, largest first', () => {
  const palette = extractPalette(
    paint([
      [[30, 90, 200], 0.25],
      [[250, 250, 250], 0.6],
      [[210, 30, 40], 0.1],
      [[15, 15, 15], 0.05],
    ]),
  )
  expect(palette.map(({ name }) => name)).toEqual(['white', 'blue', 'red', 'black'])
  for (const [index, share] of [0.6, 0.25, 0.1, 0.05].entries()) expect(palette[index]!.share).toBeCloseTo(share, 2)
})

test('a flat picture has one colour, and the same picture always the same palette', () => {
  expect(extractPalette(paint([[[128, 128, 128], 1]], 0))).toEqual([{ name: 'grey', hex: '#808080', share: 1 }])
  const picture = paint([
    [[90, 140, 60], 0.5],
    [[120, 80, 50], 0.5],
  ])
  expect(extractPalette(picture)).toEqual(extractPalette(picture))
})

test('an empty picture has no colours', () => expect(extractPalette(new Uint8Array(0))).toEqual([]))

describe('names are those a person would say', () => {
  test.each([
    ['#000000', 'black'],
    ['#ffffff', 'white'],
    ['#777777', 'grey'],
    ['#ff0000', 'red'],
    ['#00ff00', 'lime'],
    ['#0000ff', 'blue'],
    ['#ffff00', 'yellow'],
    ['#ff8000', 'orange'],
    ['#8b4513', 'brown'],
    ['#ffc0cb', 'pink'],
    ['#800080', 'purple'],
    ['#000080', 'navy'],
    ['#228b22', 'green'],
    ['#87ceeb', 'sky blue'],
    ['#40e0d0', 'turquoise'],
    ['#f5f5dc', 'cream'],
    ['#d2b48c', 'tan'],
    ['#808000', 'olive'],
  ])('%s is %s', (hex, name) => expect(nameColour(hex)).toBe(name))
})
