/** @file Duplicates of pictures that others edited and turned for the reference of PDQ. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pairUp } from '../../support/hash-pairs.ts'
import { dataPath, noData } from '../../support/shared.ts'

describe.skipIf(noData)('pictures of the reference', () => {
  it('every edit of one picture is linked with the original; small ones as the same picture', async () => {
    const edits = readdirSync(dataPath('pdq/bridge-mods')).filter((name) => name !== 'aaa-orig.jpg')
    const pairs = await pairUp(['aaa-orig.jpg', ...edits].map((name) => dataPath('pdq/bridge-mods', name)))
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
    const files = ['bridge-1-original', ...Object.keys(turns)].map((name) => dataPath('pdq/reg-test-input/dih', `${name}.jpg`))
    const pairs = (await pairUp(files)).filter(({ photoId1 }) => photoId1 === 1)
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
    expect(await pairUp(photos.map((name) => dataPath('captioned-photos/images', name)))).toEqual([])
  })
})
