/**
 * @file What the steps that look at pixels cost for a 12-megapixel JPEG: decoded once for all of them, and the naive way,
 * each step decoding the original at full size for itself. Core-milliseconds (user + system), so other work does not count.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { toLuma } from '../src/domain/colour/luma.ts'
import { extractPalette, PALETTE_MAX_SIDE } from '../src/domain/colour/palette.ts'
import { describeLook, LOOK_SIDE } from '../src/domain/likeness/look.ts'
import { hashLuma, PDQ_MAX_SIDE } from '../src/domain/likeness/pdq.ts'
import { hashPicture } from '../src/media/hash-picture.ts'
import type { Picture } from '../src/media/picture.ts'
import { makeRenditions, makeThumbhash, PREVIEW_MAX_SIDE } from '../src/media/renditions.ts'
import { openPicture } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Benchmark } from './row.ts'

/** Real phone photos, brought to 4000 × 3000 by enlarging a crop and encoded as phones do (quality 92, 3 to 6 MB). */
const SOURCES = [
  'formats/heic/IMG_2927.HEIC',
  'formats/heic/IMG_5195.HEIC',
  'formats/immich/formats/heic/IMG_2682.heic',
  'formats/immich/formats/motionphoto/samsung-one-ui-6.heic',
]
const ROUNDS = 3
const THUMBNAIL_SIZE = 400

export async function run(): Promise<Benchmark> {
  const dir = await mkdtemp(join(tmpdir(), 'fototeca-bench-'))
  try {
    const files = await makePhotos(dir)
    const stages: Record<string, number> = {}
    const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
      const before = process.cpuUsage()
      const result = await work()
      const { user, system } = process.cpuUsage(before)
      stages[stage] = (stages[stage] ?? 0) + (user + system) / 1000
      return result
    }
    // code is compiled and threads are started before anything counts
    for (const file of files) await analyseOnce(file, dir, async (_, work) => work())
    for (const file of files) await analyseNaively(file, dir)
    for (let round = 0; round < ROUNDS; round++) {
      for (const file of files) await analyseOnce(file, dir, timed)
      for (const file of files) await timed('naive', () => analyseNaively(file, dir))
    }
    const per = (total: number) => Math.round((total / (files.length * ROUNDS)) * 10) / 10
    const { naive = 0, ...once } = stages
    const sum = Object.values(once).reduce((a, b) => a + b, 0)
    return {
      name: 'decode-once',
      rows: [
        ...Object.entries(once).map(([stage, total]) => ({ label: `12 MP JPEG, ${stage}`, value: per(total), unit: 'core-ms' })),
        { label: '12 MP JPEG, all of these, decoded once', value: per(sum), unit: 'core-ms' },
        { label: 'the same, each step decoding for itself (naive)', value: per(naive), unit: 'core-ms' },
        { label: 'naive ÷ once', value: Math.round((naive / sum) * 100) / 100, unit: '×' },
      ],
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function makePhotos(dir: string): Promise<string[]> {
  const files: string[] = []
  for (const [index, source] of SOURCES.entries()) {
    const { base } = await openPicture(dataPath(source))
    const path = join(dir, `${index}.jpg`)
    await sharp(base.data, { raw: { width: base.width, height: base.height, channels: 3 } })
      .resize(4000, 3000, { fit: 'cover' })
      .jpeg({ quality: 92 })
      .toFile(path)
    files.push(path)
  }
  return files
}

type Timed = <T>(stage: string, work: () => T | Promise<T>) => Promise<T>

async function analyseOnce(file: string, _dir: string, timed: Timed): Promise<void> {
  const picture: Picture = await timed('decode', () => openPicture(file))
  await timed('thumbnail, preview, thumbhash', () => makeRenditions(picture, THUMBNAIL_SIZE))
  await timed('PDQ of all turns', () => hashPicture(picture))
  await timed('colours', async () => extractPalette((await picture.fit(PALETTE_MAX_SIDE)).data))
  await timed('look', async () => describeLook((await picture.exact(LOOK_SIDE, LOOK_SIDE, 'squash')).data))
}

/** Every step opens the file, decodes all of it, and resizes to what it wants. */
async function analyseNaively(file: string, dir: string): Promise<void> {
  const decode = async (side: number) => {
    const { data, info } = await sharp(file).autoOrient().toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const small = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } }).resize(side, side, { fit: 'inside' })
    const raw = await small.raw().toBuffer({ resolveWithObject: true })
    return { data: raw.data as Uint8Array, width: raw.info.width, height: raw.info.height, channels: 3 as const }
  }
  for (const [name, side] of [
    ['naive-preview', PREVIEW_MAX_SIDE],
    ['naive-thumbnail', THUMBNAIL_SIZE],
  ] as const) {
    const { data, width, height } = await decode(side)
    await sharp(data, { raw: { width, height, channels: 3 } })
      .webp()
      .toFile(join(dir, `${name}.webp`))
  }
  makeThumbhash(await decode(100))
  const small = await decode(PDQ_MAX_SIDE)
  hashLuma(toLuma(small.data), small.width, small.height)
  extractPalette((await decode(PALETTE_MAX_SIDE)).data)
  const { data } = await sharp(file)
    .autoOrient()
    .resize(LOOK_SIDE, LOOK_SIDE, { fit: 'fill', fastShrinkOnLoad: false })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  describeLook(data)
}
