import { describe, expect, it } from 'vitest'
import { cutInMemory } from '../../../../test/support/cut-out.ts'
import { drawProduct } from '../../../../test/support/drawn-product.ts'
import { findPlainOutline } from './cut-out.ts'
import { GUIDE_SIDE } from './guided-filter.ts'
import { readMask } from './read-mask.ts'

type Drawn = ReturnType<typeof drawProduct>

/** Mean over each block: what a network of `side` pixels would have seen and said. */
function shrink(plane: ArrayLike<number>, from: number, side: number, channels: number): Uint8Array {
  const out = new Uint8Array(side * side * channels)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let c = 0; c < channels; c++) {
        let sum = 0
        let count = 0
        for (let v = Math.floor((y * from) / side); v < Math.max(Math.floor((y * from) / side) + 1, ((y + 1) * from) / side); v++)
          for (let u = Math.floor((x * from) / side); u < Math.max(Math.floor((x * from) / side) + 1, ((x + 1) * from) / side); u++) {
            sum += plane[(v * from + u) * channels + c] ?? 0
            count++
          }
        out[(y * side + x) * channels + c] = Math.round(sum / count)
      }
  return out
}

const errorOf = (found: ReturnType<typeof cutInMemory>, { width, alpha }: Drawn): number => {
  let sum = 0
  let edge = 0
  for (let i = 0; i < alpha.length; i++) {
    const [x, y] = [(i % width) - (found?.left ?? 0), Math.floor(i / width) - (found?.top ?? 0)]
    const isThere = found && x >= 0 && y >= 0 && x < found.width && y < found.height
    const said = isThere ? (found.rgba[(y * found.width + x) * 4 + 3] ?? 0) : 0
    const truth = alpha[i] ?? 0
    if (truth > 0 && truth < 255) edge++
    sum += Math.abs(said - truth) / 255
  }
  return sum / Math.max(1, edge)
}

describe('edges at full size', () => {
  it('come out the same tile by tile as at once, and follow a picture four times the outline’s size', () => {
    const drawn = drawProduct('hoop', 'grey falling off', 800)
    const small = { width: 200, height: 200, data: shrink(drawn.data, 800, 200, 3) }
    const { outline } = findPlainOutline(small)
    const matte = cutInMemory(drawn, outline)
    // less than one level in ten of the edge pixels’ own alpha is wrong, summed over the whole picture
    expect(errorOf(matte, drawn)).toBeLessThan(0.35)
    const tiled = cutInMemory(drawn, outline, 150)
    // sums of windows are added in another order
    const differs = (matte?.rgba ?? []).filter((value, i) => Math.abs(value - (tiled?.rgba[i] ?? 0)) > 1)
    expect(differs).toHaveLength(0)
  })

  it('follow the picture where a small mask of a network only knows roughly', () => {
    const drawn = drawProduct('pearl', 'coloured', 1000)
    const side = 125
    const alpha = shrink(drawn.alpha, 1000, side, 1)
    const tiny = { width: GUIDE_SIDE, height: GUIDE_SIDE, data: shrink(drawn.data, 1000, GUIDE_SIDE, 3) }
    const { outline, undecided } = readMask({ width: side, height: side, alpha }, drawn, tiny)
    expect(undecided).toBeLessThan(0.25)
    const guided = errorOf(cutInMemory(drawn, outline), drawn)
    // the same mask enlarged without the picture
    const rough = Uint8Array.from(
      drawn.alpha,
      (_, i) => alpha[Math.floor(Math.floor(i / 1000) / 8) * side + Math.floor((i % 1000) / 8)] ?? 0,
    )
    const blunt = errorOf(
      { left: 0, top: 0, width: 1000, height: 1000, rgba: Uint8Array.from({ length: 4e6 }, (_, i) => rough[i >> 2] ?? 0) },
      drawn,
    )
    expect(guided).toBeLessThan(blunt / 2)
  })

  it('are none where the mask is empty', () => {
    const drawn = drawProduct('pearl', 'white', 200)
    const tiny = { width: 200, height: 200, data: drawn.data }
    expect(readMask({ width: 32, height: 32, alpha: new Uint8Array(1024) }, drawn, tiny).outline).toBeNull()
  })
})
