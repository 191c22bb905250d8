/** @file What a white-background picture of a 12-megapixel photo costs with the built-in cutter: from the file to the PNG, and the memory at its peak. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { MAX_SIDE } from '../src/generate/image-type.ts'
import { cutProduct } from '../src/generate/render/cut-product.ts'
import { measureWhite, renderOnWhite } from '../src/generate/render/white-background.ts'
import { encodePng } from '../src/media/canvas.ts'
import { decodeForCutting } from '../src/media/decode.ts'
import { createPlainCutter } from '../src/models/providers/builtin-cut-out/index.ts'
import { LIMITS } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Benchmark } from './row.ts'

/** Brought to 4000 × 3000 by enlarging, as no product picture of that size lies in the test data. */
const SOURCES = [
  'products/earrings/DE06400200_hero.jpeg',
  'products/bracelet/10047527649310.jpg',
  'products/wristwatch/GBWA-20181203143126.jpg',
]
const ROUNDS = 3

export async function run(): Promise<Benchmark> {
  const dir = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  let peak = 0
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  try {
    const files = await Promise.all(
      SOURCES.map(async (source, index) => {
        const path = join(dir, `${index}.jpg`)
        await sharp(dataPath(source)).resize(4000, 3000, { fit: 'contain', background: '#fff' }).jpeg({ quality: 92 }).toFile(path)
        return path
      }),
    )
    const before = process.memoryUsage.rss()
    const whole: number[] = []
    let notWhite = 0
    let enlarged = 0
    const sides = new Set<number>()
    for (let round = 0; round < ROUNDS; round++)
      for (const file of files) {
        const startedAt = performance.now()
        const { picture, full } = await decodeForCutting((use) => use(file), 'jpeg', LIMITS, new AbortController().signal)
        const cut = await cutProduct(await createPlainCutter().findOutline(picture), full, MAX_SIDE * 0.85)
        const white = cut && (await renderOnWhite(cut, { side: 2000, mostSide: MAX_SIDE, fill: 0.85, shadow: 'natural' }))
        if (!white) throw new Error('nothing was cut out')
        await encodePng(white.canvas)
        sides.add(white.canvas.width)
        enlarged = Math.max(enlarged, white.placement.scale)
        whole.push(performance.now() - startedAt)
        notWhite += measureWhite(white.canvas, white.placement).notWhite
        peak = Math.max(peak, process.memoryUsage.rss())
      }
    const sorted = whole.toSorted((a, b) => a - b)
    return {
      name: 'white-background',
      rows: [
        { label: '12 MP JPEG to a white picture (PNG), median', value: sorted[sorted.length >> 1] ?? 0, unit: 'ms' },
        { label: 'the same, slowest (the first, code not compiled yet, included)', value: sorted.at(-1) ?? 0, unit: 'ms' },
        { label: 'memory at the peak above the start', value: (peak - before) / 2 ** 20, unit: 'MiB' },
        { label: 'pixels not exactly white in the rule’s region', value: notWhite, unit: '' },
        { label: 'largest scaling of the product (1: its own pixels)', value: enlarged, unit: '' },
      ],
      notes: [`sides of the pictures: ${[...sides].join(', ')} px`],
    }
  } finally {
    clearInterval(sampler)
    await rm(dir, { recursive: true, force: true })
  }
}
