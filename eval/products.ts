/**
 * @file Product pictures as a store compares them: modified copies (re-shots, re-encodings) must be found, other products kept apart,
 * in the built-in space and by PDQ, at the thresholds in use; and the grade must fall for spoiled copies.
 */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { HASH_BYTES, hammingDistance, hashWords } from '../src/domain/likeness/hamming.ts'
import { describeLook, LOOK_SIDE } from '../src/domain/likeness/look.ts'
import { measureShot, SHOT_MAX_SIDE } from '../src/domain/product/shot.ts'
import { hashPicture } from '../src/media/hash-picture.ts'
import { gradeShot } from '../src/product/grade-shot.ts'
import { openPicture } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'
import type { Evaluation } from './metric.ts'

const KINDS = ['bracelet', 'earrings', 'necklace', 'rings', 'wristwatch']
/** as in the described system, and in the library */
const SIMILAR_BELOW = 0.05
const PDQ_SAME = 8
const PDQ_QUALITY = 50

/** What happens to a product picture on its way, and a re-shot: other light, a slightly other frame. */
const COPIES: Readonly<Record<string, (from: string, to: string) => Promise<unknown>>> = {
  reencoded: (from, to) => sharp(from).flatten({ background: '#fff' }).jpeg({ quality: 60 }).toFile(to),
  smaller: (from, to) => sharp(from).flatten({ background: '#fff' }).resize({ width: 320, withoutEnlargement: true }).jpeg().toFile(to),
  reshot: async (from, to) => {
    const { width, height } = await sharp(from).metadata()
    const cut = {
      left: Math.round(width * 0.02),
      top: Math.round(height * 0.03),
      width: Math.round(width * 0.96),
      height: Math.round(height * 0.95),
    }
    await sharp(await sharp(from).flatten({ background: '#fff' }).extract(cut).png().toBuffer())
      .modulate({ brightness: 1.06, saturation: 0.93 })
      .rotate(1.2, { background: '#fff' })
      .jpeg({ quality: 85 })
      .toFile(to)
  },
}

interface Read {
  readonly look: Float32Array
  readonly words: Uint32Array
  readonly isHashed: boolean
}

async function read(path: string): Promise<Read> {
  const picture = await openPicture(path)
  const { dihedral, quality } = await hashPicture(picture)
  const look = describeLook((await picture.exact(LOOK_SIDE, LOOK_SIDE, 'squash')).data)
  return { look, words: hashWords(dihedral.slice(0, HASH_BYTES)), isHashed: quality >= PDQ_QUALITY }
}

const distance = (a: Read, b: Read) => 1 - a.look.reduce((sum, value, at) => sum + value * (b.look[at] ?? 0), 0)
const isSamePicture = (a: Read, b: Read) => a.isHashed && b.isHashed && hammingDistance(a.words, 0, b.words) <= PDQ_SAME

export async function run(): Promise<Evaluation> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-eval-'))
  try {
    const files = KINDS.flatMap((kind) => readdirSync(dataPath('products', kind)).map((name) => dataPath('products', kind, name)))
    const originals = []
    for (const file of files) originals.push({ file, read: await read(file) })
    const metrics: Record<string, number> = {}
    for (const [name, make] of Object.entries(COPIES)) {
      let [found, byPdq, nearest] = [0, 0, 0]
      for (const [at, { file, read: original }] of originals.entries()) {
        const copy = join(folder, `${at}.jpg`)
        await make(file, copy)
        const made = await read(copy)
        const isSame = isSamePicture(made, original)
        const own = distance(made, original)
        if (isSame) byPdq++
        if (isSame || own < SIMILAR_BELOW) found++
        if (originals.every((other, index) => index === at || distance(made, other.read) >= own)) nearest++
      }
      metrics[`${name}_found`] = found / originals.length
      metrics[`${name}_found_by_pdq`] = byPdq / originals.length
      metrics[`${name}_nearest`] = nearest / originals.length
    }
    let [pairs, falseSimilar, falseSame] = [0, 0, 0]
    for (const [at, one] of originals.entries())
      for (const other of originals.slice(at + 1)) {
        pairs++
        if (isSamePicture(one.read, other.read)) falseSame++
        else if (distance(one.read, other.read) < SIMILAR_BELOW) falseSimilar++
      }
    metrics.variants_false_similar = falseSimilar / pairs
    metrics.variants_false_same = falseSame / pairs
    const graded = await gradeSpoiled(files, folder)
    return {
      name: 'products',
      metrics: { ...metrics, ...graded },
      notes: [
        `${originals.length} pictures, ${pairs} pairs; space look, similar below ${SIMILAR_BELOW}, same picture at PDQ ≤ ${PDQ_SAME}`,
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** With a line round it, and with a band of a colour. */
async function addFrames(file: string): Promise<[Buffer, Buffer]> {
  const around = (pixels: Buffer, depth: number, background: string) =>
    sharp(pixels).extend({ top: depth, bottom: depth, left: depth, right: depth, background }).png().toBuffer()
  const white = { width: 860, height: 860, fit: 'contain', background: '#fff' } as const
  const plain = await sharp(file).flatten({ background: '#fff' }).resize(white).png().toBuffer()
  return [await around(await around(plain, 5, '#333'), 18, '#fff'), await around(plain, 24, '#204060')]
}

async function save(png: Buffer, path: string): Promise<string> {
  await sharp(png).jpeg().toFile(path)
  return path
}

/** How often a spoiled copy is seen: its measure is worse than that of what it was made of. */
async function gradeSpoiled(files: readonly string[], folder: string): Promise<Record<string, number>> {
  const shotOf = async (path: string) => {
    const picture = await openPicture(path)
    return measureShot(await picture.fit(SHOT_MAX_SIDE), picture)
  }
  const some = files.filter((_, at) => at % 4 === 0)
  let [blurred, dark, worse, lined, banded] = [0, 0, 0, 0, 0]
  for (const [at, file] of some.entries()) {
    const copy = join(folder, `spoiled-${at}.jpg`)
    const own = await shotOf(file)
    await sharp(file).flatten({ background: '#fff' }).blur(4).jpeg().toFile(copy)
    const soft = await shotOf(copy)
    if (soft.sharpness < own.sharpness * 0.5) blurred++
    if (gradeShot(soft).grade >= gradeShot(own).grade) worse++
    await sharp(file).flatten({ background: '#fff' }).linear(0.3, 0).jpeg().toFile(copy)
    if ((await shotOf(copy)).brightness < own.brightness * 0.6) dark++
    const [line, band] = await addFrames(file)
    if ((await shotOf(await save(line, copy))).isFramed) lined++
    if ((await shotOf(await save(band, copy))).isFramed) banded++
  }
  let framed = 0
  for (const file of files) if ((await shotOf(file)).isFramed) framed++
  return {
    spoiled_blur_seen: blurred / some.length,
    spoiled_dark_seen: dark / some.length,
    spoiled_grade_not_better: worse / some.length,
    line_round_it_seen: lined / some.length,
    band_round_it_seen: banded / some.length,
    frames_seen_where_none_is: framed / files.length,
  }
}
