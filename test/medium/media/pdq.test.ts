/** @file PDQ of real photos: each keeps its hash from version to version, and small copies are found by it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { hammingDistance, hashWords } from '../../../src/domain/likeness/hamming.ts'
import { hashPicture } from '../../../src/media/hash-picture.ts'
import { openPicture } from '../../support/media.ts'
import { photoPath } from '../../support/pictures.ts'

// made by this code when it agreed with the reference hashes (real-files.shared.test.ts): libraries keep them, so they must stay
test.each([
  ['boats', 'c70f5f83bc958cd176923c4e846e7f465846c7633b238171e721721b91d88ddc'],
  ['cat', '5feb5b21f01da156898e2b7629a5d3438412cdbd23f48942464526315db33ffd'],
  ['coffee', '04629e769e66365cb983b8668827f27c21a779e61e36e1f8c79927e67c0299e0'],
  ['forest', 'e55cc87859b5e046d8e918d73336d9e4d8e878f1d0e0c9e44de06ee14fc14d4d'],
] as const)('%s has the hash it always had', async (name, expected) => {
  const { pdq, quality } = await hashPicture(await openPicture(photoPath(name)))
  expect(quality).toBe(100)
  // correct decoders differ by up to 10 bits
  expect(hammingDistance(hashWords(pdq), 0, hashWords(Buffer.from(expected, 'hex')))).toBeLessThanOrEqual(10)
})

test('small copies are matched by the hash taken at 512 px', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'fototeca-pdq-'))
  try {
    const original = await hashPicture(await openPicture(photoPath('boats')))
    for (const width of [400, 300, 200]) {
      const path = join(dir, `${width}.jpg`)
      await sharp(photoPath('boats')).resize(width).jpeg({ quality: 70 }).toFile(path)
      const copy = await hashPicture(await openPicture(path))
      expect(hammingDistance(hashWords(original.dihedral), 0, hashWords(copy.dihedral))).toBeLessThanOrEqual(12)
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
