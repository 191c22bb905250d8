/** @file Real products that a model drew again: a smaller version of `npm run eval -- redraw`. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findRedrawing, findRedrawn } from '../../../src/generate/fidelity.ts'
import { cutProduct } from '../../../src/generate/render/cut-product.ts'
import { placeProduct, takeFromMatte } from '../../../src/generate/render/place.ts'
import { readCanvas, resizeRgba } from '../../../src/media/canvas.ts'
import { createPlainCutter } from '../../../src/models/providers/builtin-cut-out/index.ts'
import { fullSizeOf } from '../../support/cut-out.ts'
import { openPicture } from '../../support/media.ts'
import { photoPath } from '../../support/pictures.ts'
import { bend, breakOff, redraw, removeStone, squeeze } from '../../support/redraw.ts'
import { dataPath, noData } from '../../support/shared.ts'

const SIDE = 1024

describe.skipIf(noData)('a redrawn product', () => {
  it.for(['bracelet', 'earrings', 'rings'])(
    '%s: place and light are put right, another shape and a missing stone are marked',
    { timeout: 120_000 },
    async (kind) => {
      const [, , name] = readdirSync(dataPath('products', kind)).toSorted()
      const picture = await openPicture(dataPath('products', kind, name ?? ''))
      const cut = await cutProduct(await createPlainCutter().findOutline(picture), fullSizeOf(picture.base), SIDE)
      const put = cut && placeProduct(cut.matte, { left: 0, top: 0, width: SIDE, height: SIDE }, 0.5)
      if (!cut || !put) throw new Error(`${kind} cannot be cut out`)
      const product = takeFromMatte(cut.matte, put.from)
      const large = await resizeRgba(product, 2 * put.to.width, 2 * put.to.height)
      const middle = { x: put.to.left + put.to.width / 2, y: put.to.top + put.to.height / 2 }
      const judge = async (drawn: typeof large, how: Parameters<typeof redraw>[4]) => {
        const answer = await redraw(drawn, middle, SIDE, photoPath('fig'), how)
        const found = await findRedrawing(product, put.to, SIDE, (side) => readCanvas(answer, { width: side, height: side }))
        return found.redraw && findRedrawn(found.redraw)
      }
      for (const how of [{ dx: 2 }, { scale: 1.02 }, { degrees: 3 }, { gain: [1.15, 1.15, 1.15] as const }])
        expect(await judge(large, how), JSON.stringify(how)).toBeNull()
      const stone = removeStone(large, 0.05)
      for (const drawn of [squeeze(large, 0.06), bend(large, 0.06), breakOff(large, 0.05), ...(stone ? [stone] : [])])
        expect(await judge(drawn, { dx: 2 })).toMatch(/drew the product otherwise/)
    },
  )
})
