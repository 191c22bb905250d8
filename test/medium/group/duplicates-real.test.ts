/** @file Duplicates of real pictures: decoded, hashed and matched as in the library. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toLuma } from '../../../src/domain/colour/luma.ts'
import { hashWords } from '../../../src/domain/likeness/hamming.ts'
import { hashLuma, PDQ_MAX_SIDE } from '../../../src/domain/likeness/pdq.ts'
import { type Duplicate, findDuplicates, MIN_QUALITY } from '../../../src/group/duplicates/find-duplicates.ts'
import { HashIndex } from '../../../src/group/duplicates/hash-index.ts'
import { decodePicture } from '../../../src/media/decode.ts'
import { dataPath, noData } from '../../support/shared.ts'

/** All pairs among these files, with their names. */
async function pairUp(files: readonly string[]): Promise<(Duplicate & { names: [string, string] })[]> {
  const index = new HashIndex()
  const pairs: Duplicate[] = []
  for (const [i, file] of files.entries()) {
    const picture = await decodePicture(dataPath(file), 'jpeg', { maxPixels: 50e6, maxBytes: 50e6 }, new AbortController().signal)
    const { data, width, height } = await picture.fit(PDQ_MAX_SIDE)
    const { dihedral, quality } = hashLuma(toLuma(data), width, height)
    if (quality >= MIN_QUALITY) index.put(i + 1, hashWords(dihedral))
    pairs.push(...findDuplicates(index, { photoId: i + 1, quality, dihedral }, 8))
  }
  const name = (id: number) => files[id - 1]!.replace(/^.*\//, '').replace(/\.jpg$/, '')
  return pairs.map((pair) => ({ ...pair, names: [name(pair.photoId1), name(pair.photoId2)] }))
}

describe.skipIf(noData)('real pictures', () => {
  it('every edit of one picture is linked with the original; small ones as the same picture', async () => {
    const edits = readdirSync(dataPath('pdq/bridge-mods')).filter((name) => name !== 'aaa-orig.jpg')
    const pairs = await pairUp(['pdq/bridge-mods/aaa-orig.jpg', ...edits.map((name) => `pdq/bridge-mods/${name}`)])
    const withOriginal = pairs.filter(({ photoId1 }) => photoId1 === 1)
    expect(withOriginal).toHaveLength(edits.length)
    expect(withOriginal.every(({ transform }) => transform === 'none')).toBe(true)
    const same = withOriginal.filter(({ kind }) => kind === 'same-picture').map(({ names }) => names[1])
    expect(same).toEqual(
      expect.arrayContaining(['blur-a-little', 'blur-a-lot', 'high-contrast', 'high-saturation', 'sharpen-a-little', 'shrink-a-little']),
    )
  })

  it('each turn of one picture is found and named', async () => {
    const turns = {
      'bridge-2-rotate-90': 'rotate-90',
      'bridge-3-rotate-180': 'rotate-180',
      'bridge-4-rotate-270': 'rotate-270',
      'bridge-7-flip-plus-1': 'transpose',
      'bridge-8-flip-minus-1': 'anti-transpose',
      // the reference names these two by the axis they turn about, we by the axis that is reversed
      'bridge-5-flipx': 'flip-y',
      'bridge-6-flipy': 'flip-x',
    }
    const files = Object.keys(turns).map((name) => `pdq/reg-test-input/dih/${name}.jpg`)
    const pairs = (await pairUp(['pdq/reg-test-input/dih/bridge-1-original.jpg', ...files])).filter(({ photoId1 }) => photoId1 === 1)
    const undone: Record<string, string> = { 'rotate-90': 'rotate-270', 'rotate-270': 'rotate-90' }
    for (const [name, turn] of Object.entries(turns)) {
      const pair = pairs.find(({ names }) => names[1] === name)
      expect(pair, name).toMatchObject({ kind: 'mirrored' })
      expect([turn, undone[turn]], name).toContain(pair?.transform)
      expect(pair!.distance).toBeLessThanOrEqual(8)
    }
    // turned one way by one, the other way by the other
    const quarter = ['bridge-2-rotate-90', 'bridge-4-rotate-270'].map((name) => pairs.find(({ names }) => names[1] === name)?.transform)
    expect(quarter.sort()).toEqual(['rotate-270', 'rotate-90'])
  })

  it('different photos are never linked', async () => {
    const photos = readdirSync(dataPath('captioned-photos/images')).sort().slice(0, 120)
    expect(await pairUp(photos.map((name) => `captioned-photos/images/${name}`))).toEqual([])
  })
})
