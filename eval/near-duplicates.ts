/**
 * @file How well PDQ and `look` tell edited copies from different pictures, and whether pictures of the same kind of product
 * come out near each other. Copies are made here from real photos; every other picture of the data is a wrong answer.
 */
import { hammingDistance, hashWords, TRANSFORMS } from '../src/domain/likeness/hamming.ts'
import { describeLook, LOOK_SIDE } from '../src/domain/likeness/look.ts'
import { PDQ_MIN_QUALITY } from '../src/domain/likeness/pdq.ts'
import { hashPicture } from '../src/media/hash-picture.ts'
import type { Picture } from '../src/media/picture.ts'
import { openPicture } from '../test/support/media.ts'
import { dataPath } from '../test/support/shared.ts'
import { EDITED, listPictures, makeCopies, SAME, TURNED } from './picture-edits.ts'

const EDITS = { ...SAME, ...EDITED, ...TURNED }

interface Seen {
  readonly file: string
  readonly edit: string | null
  /** [8 × 8] words: the hash of the picture and of its turns */
  readonly hashes: Uint32Array[]
  readonly quality: number
  readonly look: Float32Array
}

async function see(picture: Picture, file: string, edit: string | null): Promise<Seen> {
  const { dihedral, quality } = await hashPicture(picture)
  const look = describeLook((await picture.exact(LOOK_SIDE, LOOK_SIDE, 'squash')).data)
  return { file, edit, hashes: TRANSFORMS.map((_, index) => hashWords(dihedral, index * 32)), quality, look }
}

function compareLooks(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}

/** Bits between a picture and the nearest turn of another; `turns` 1 compares them as they are. Poor hashes match nothing. */
function compareHashes(a: Seen, b: Seen, turns: number): number {
  if (a.quality < PDQ_MIN_QUALITY || b.quality < PDQ_MIN_QUALITY) return 256
  const own = b.hashes[0]
  return own ? Math.min(...a.hashes.slice(0, turns).map((hash) => hammingDistance(hash, 0, own))) : 256
}

export async function run(): Promise<{ name: string; metrics: Record<string, number>; notes: string[] }> {
  const products = listPictures('products')
  const files = [
    ...listPictures('captioned-photos', 'images'),
    ...listPictures('classified-photos'),
    ...listPictures('labelled-photos', 'images'),
    ...products,
  ]
  const originals: Seen[] = []
  for (const file of files) originals.push(await see(await openPicture(file), file, null))

  const sources = [
    ...listPictures('labelled-photos', 'images').slice(0, 25),
    ...listPictures('classified-photos').slice(0, 15),
    ...products.filter((_, i) => i % 6 === 0),
  ]
  const copies: Seen[] = []
  for (const file of sources) {
    for await (const { edit, picture } of makeCopies(file, EDITS)) copies.push(await see(picture, file, edit))
  }
  return {
    name: 'near-duplicates',
    metrics: {
      ...(await scoreRealCopies()),
      ...scoreCopies(originals, copies),
      ...scoreKinds(originals.filter(({ file }) => products.includes(file))),
    },
    notes: [
      `${copies.length} copies of ${sources.length} pictures in ${Object.keys(EDITS).length} ways against ${originals.length} pictures`,
      ...describeEdits(originals, copies),
    ],
  }
}

/** Copies other people made: a photo mirrored, resized, turned by a quarter; another saved in five formats. */
async function scoreRealCopies(): Promise<Record<string, number>> {
  const groups = [
    [
      'mixed_images/ukbench00120.jpg',
      'mixed_images/ukbench00120_hflip.jpg',
      'mixed_images/ukbench00120_resize.jpg',
      'mixed_images/ukbench00120_rotation.jpg',
    ],
    ['base_images/ukbench09380.jpg', ...['bmp', 'jpeg', 'png', 'svg', 'webp'].map((end) => `formats_images/ukbench09380.${end}`)],
  ]
  const distances: number[] = []
  for (const [first, ...rest] of groups) {
    const open = async (file = '') => see(await openPicture(dataPath('near-duplicates', file)), file, null)
    const original = await open(first)
    for (const file of rest) distances.push(compareHashes(original, await open(file), 8))
  }
  return { pdq_31_real_copies_recall: distances.filter((distance) => distance <= 31).length / distances.length }
}

/** Recall over the copies that are not turned, precision over all pairs of a copy and a picture. */
function scoreCopies(originals: readonly Seen[], copies: readonly Seen[]): Record<string, number> {
  const metrics: Record<string, number> = {}
  const straight = copies.filter(({ edit }) => !((edit ?? '') in TURNED))
  const score = (name: string, among: readonly Seen[], isMatch: (a: Seen, b: Seen) => boolean) => {
    let found = 0
    let wrong = 0
    for (const copy of among)
      for (const original of originals)
        if (isMatch(original, copy)) {
          if (original.file === copy.file) found++
          else wrong++
        }
    metrics[`${name}_recall`] = found / among.length
    metrics[`${name}_precision`] = found + wrong === 0 ? 1 : found / (found + wrong)
  }
  for (const bits of [8, 16, 31]) score(`pdq_${bits}`, straight, (a, b) => compareHashes(a, b, 1) <= bits)
  const turned = copies.filter(({ edit }) => (edit ?? '') in TURNED)
  score('pdq_31_turned', turned, (a, b) => compareHashes(a, b, 8) <= 31)
  for (const least of [0.8, 0.85, 0.9, 0.95]) score(`look_${least}`, straight, (a, b) => compareLooks(a.look, b.look) >= least)
  const first = straight.filter((copy) => {
    const own = originals.find(({ file }) => file === copy.file)
    const wanted = own ? compareLooks(own.look, copy.look) : -1
    return originals.every((other) => other === own || compareLooks(other.look, copy.look) < wanted)
  })
  metrics.look_recall_at_1 = first.length / straight.length
  return metrics
}

/** Of the k nearest products of each product, the share of the same kind (folder). Chance is .19. */
function scoreKinds(products: readonly Seen[]): Record<string, number> {
  const kindOf = (seen: Seen) => seen.file.split('/').at(-2)
  const metrics: Record<string, number> = {}
  for (const k of [1, 5, 10]) {
    const shares = products.map((asked) => {
      const nearest = products
        .filter((other) => other !== asked)
        .map((other) => ({ other, likeness: compareLooks(asked.look, other.look) }))
        .sort((a, b) => b.likeness - a.likeness)
        .slice(0, k)
      return nearest.filter(({ other }) => kindOf(other) === kindOf(asked)).length / k
    })
    metrics[`look_same_kind_at_${k}`] = shares.reduce((sum, share) => sum + share, 0) / shares.length
  }
  return metrics
}

function describeEdits(originals: readonly Seen[], copies: readonly Seen[]): string[] {
  return Object.keys(EDITS).map((edit) => {
    const pairs = copies
      .filter((copy) => copy.edit === edit)
      .map((copy) => ({ copy, original: originals.find(({ file }) => file === copy.file) }))
    const share = (isFound: (original: Seen, copy: Seen) => boolean) =>
      (pairs.filter(({ copy, original }) => original && isFound(original, copy)).length / pairs.length).toFixed(2)
    const pdq = [8, 16, 31].map((bits) => share((a, b) => compareHashes(a, b, edit in TURNED ? 8 : 1) <= bits)).join(' / ')
    return `${edit}: PDQ within 8 / 16 / 31 bits ${pdq}, look ≥ .9 ${share((a, b) => compareLooks(a.look, b.look) >= 0.9)}`
  })
}
