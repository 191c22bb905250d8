/** @file What a white-background picture of a 12-megapixel photo costs with the built-in cutter: from the file to the PNG, and the memory at its peak. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { measureWhite, renderOnWhite } from '../src/generate/render/white-background.ts'
import { encodePng } from '../src/media/canvas.ts'
import { createPlainCutter } from '../src/models/providers/builtin-cut-out/index.ts'
import { openPicture } from '../test/support/media.ts'
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
    for (let round = 0; round < ROUNDS; round++)
      for (const file of files) {
        const startedAt = performance.now()
        const picture = await openPicture(file)
        const cut = await createPlainCutter().cutOut(picture)
        const white = await renderOnWhite(cut, picture.base, { side: 2000, fill: 0.85, shadow: 'natural' })
        if (!white) throw new Error('nothing was cut out')
        await encodePng(white.canvas)
        whole.push(performance.now() - startedAt)
        notWhite += measureWhite(white.canvas, white.placement).notWhite
        peak = Math.max(peak, process.memoryUsage.rss())
      }
    const sorted = whole.toSorted((a, b) => a - b)
    return {
      name: 'white-background',
      rows: [
        { label: '12 MP JPEG to a white picture of 2000 px (PNG), median', value: sorted[sorted.length >> 1] ?? 0, unit: 'ms' },
        { label: 'the same, slowest (the first, code not compiled yet, included)', value: sorted.at(-1) ?? 0, unit: 'ms' },
        { label: 'memory at the peak above the start', value: (peak - before) / 2 ** 20, unit: 'MiB' },
        { label: 'pixels not exactly white in the rule’s region', value: notWhite, unit: '' },
      ],
    }
  } finally {
    clearInterval(sampler)
    await rm(dir, { recursive: true, force: true })
  }
}
