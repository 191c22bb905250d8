/** @file PDQ of real files against the reference hashes, and small copies against their originals. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { hammingDistance, hashWords } from '../../../src/domain/likeness/hamming.ts'
import { hashPicture } from '../../../src/media/hash-picture.ts'
import { openPicture } from '../../support/media.ts'
import { dataPath, noData } from '../../support/shared.ts'

describe.skipIf(noData)('PDQ', () => {
  const rows = noData ? [] : readFileSync(dataPath('pdq/expected-hashes.csv'), 'utf8').trim().split('\n').slice(1)

  test.each(rows.map((row) => row.split(',') as [string, string, string]))('%s is %s (%s)', async (file, expected) => {
    const { pdq, quality } = await hashPicture(await openPicture(dataPath('pdq', file)))
    const distance = hammingDistance(hashWords(pdq), 0, hashWords(Buffer.from(expected, 'hex')))
    // correct decoders differ by up to 10 bits; plain pictures (low quality) by more
    if (quality >= 80) expect(distance).toBeLessThanOrEqual(10)
  })

  test('small copies are matched by the hash taken at 512 px', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'fototeca-pdq-'))
    try {
      const original = await hashPicture(await openPicture(dataPath('pdq/bridge-mods/aaa-orig.jpg')))
      for (const width of [400, 300, 200]) {
        const path = join(dir, `${width}.jpg`)
        await sharp(dataPath('pdq/bridge-mods/aaa-orig.jpg')).resize(width).jpeg({ quality: 70 }).toFile(path)
        const copy = await hashPicture(await openPicture(path))
        expect(hammingDistance(hashWords(original.dihedral), 0, hashWords(copy.dihedral))).toBeLessThanOrEqual(12)
      }
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})
