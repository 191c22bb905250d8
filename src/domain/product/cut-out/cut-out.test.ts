import { describe, expect, it } from 'vitest'
import { cutInMemory } from '../../../../test/support/cut-out.ts'
import { type Backdrop, drawProduct, type Shape } from '../../../../test/support/drawn-product.ts'
import { findPlainOutline, type Rgb, SURE_ENOUGH } from './cut-out.ts'

const cut = (picture: Rgb) => cutInMemory(picture, findPlainOutline(picture).outline)

/** The alpha of a cut-out as a plane of the whole picture. */
function alphaOf(picture: Rgb): Uint8Array {
  const out = new Uint8Array(picture.width * picture.height)
  const matte = cut(picture)
  if (!matte) return out
  for (let y = 0; y < matte.height; y++)
    for (let x = 0; x < matte.width; x++)
      out[(y + matte.top) * picture.width + x + matte.left] = matte.rgba[(y * matte.width + x) * 4 + 3] ?? 0
  return out
}

function overlap(found: Uint8Array, expected: Uint8Array): number {
  let both = 0
  let either = 0
  for (let i = 0; i < found.length; i++) {
    const f = (found[i] ?? 0) >= 128
    const e = (expected[i] ?? 0) >= 128
    if (f && e) both++
    if (f || e) either++
  }
  return both / either
}

describe('cutting out of a plain background', () => {
  const cases: [Shape, Backdrop][] = [
    ['hoop', 'white'],
    ['hoop', 'grey falling off'],
    ['hoop', 'white with shadow'],
    ['pendant', 'coloured'],
    ['pendant', 'white'],
    ['pearl', 'coloured'],
    ['pearl', 'grey falling off'],
  ]
  it.each(cases)('finds a %s on %s', (shape, backdrop) => {
    const drawn = drawProduct(shape, backdrop, 500)
    expect(overlap(alphaOf(drawn), drawn.alpha)).toBeGreaterThan(0.93)
  })

  it('opens the hole of a hoop and keeps a thin chain', () => {
    const hoop = drawProduct('hoop', 'grey falling off', 500)
    expect(alphaOf(hoop)[250 * 500 + 250]).toBe(0)
    const pendant = drawProduct('pendant', 'white', 500)
    const found = alphaOf(pendant)
    // the top of the chain: y = −0.35 − 0.45 of half the side
    const column = Array.from({ length: 40 }, (_, y) => found[(y + 30) * 500 + 250] ?? 0)
    expect(Math.max(...column)).toBeGreaterThan(200)
  })

  it('takes the background out of the colours of soft edges', () => {
    const drawn = drawProduct('hoop', 'coloured', 500, 0)
    const matte = cut(drawn)
    if (!matte) throw new Error('nothing found')
    let bluish = 0
    let soft = 0
    for (let i = 0; i < matte.width * matte.height; i++) {
      const alpha = matte.rgba[i * 4 + 3] ?? 0
      if (alpha < 60 || alpha > 230) continue
      soft++
      // gold has more red than blue; the background is the other way round
      if ((matte.rgba[i * 4 + 2] ?? 0) > (matte.rgba[i * 4] ?? 0)) bluish++
    }
    expect(soft).toBeGreaterThan(100)
    expect(bluish / soft).toBeLessThan(0.05)
  })

  it('keeps the product’s own pixels inside', () => {
    const drawn = drawProduct('hoop', 'white', 300)
    const matte = cut(drawn)
    if (!matte) throw new Error('nothing found')
    for (let y = 0; y < matte.height; y++)
      for (let x = 0; x < matte.width; x++) {
        const at = (y * matte.width + x) * 4
        if (matte.rgba[at + 3] !== 255) continue
        const from = ((y + matte.top) * 300 + x + matte.left) * 3
        expect([matte.rgba[at], matte.rgba[at + 1], matte.rgba[at + 2]]).toEqual([...drawn.data.subarray(from, from + 3)])
      }
  })

  it('is not sure of a background that is not plain, and finds nothing in an empty picture', () => {
    const busy = drawProduct('hoop', 'white', 300)
    for (let i = 0; i < 300 * 300; i++) if ((Math.floor(i / 12) + Math.floor(i / 300 / 12)) % 2) busy.data.fill(90, i * 3, i * 3 + 3)
    expect(findPlainOutline(busy).sureness).toBeLessThan(SURE_ENOUGH)
    expect(findPlainOutline(drawProduct('hoop', 'white', 300)).sureness).toBeGreaterThan(0.9)
    const empty = { width: 200, height: 200, data: new Uint8Array(200 * 200 * 3).fill(250) }
    expect(findPlainOutline(empty).outline).toBeNull()
  })
})
