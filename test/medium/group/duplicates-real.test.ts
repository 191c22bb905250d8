/** @file Duplicates of real pictures: decoded, hashed and matched as in the library. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pairUp } from '../../support/hash-pairs.ts'
import { groupPath, photoPath } from '../../support/pictures.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fototeca-duplicates-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const ORIGINAL = photoPath('boats')
/** The original, then what is made of it, under the names given. */
async function writeCopies(copies: Readonly<Record<string, (image: Sharp) => Sharp>>): Promise<string[]> {
  const paths = [ORIGINAL]
  for (const [name, change] of Object.entries(copies)) {
    const path = join(dir, `${name}.jpg`)
    await change(sharp(ORIGINAL)).jpeg({ quality: 85 }).toFile(path)
    paths.push(path)
  }
  return paths
}

it('every edit of one picture is linked with the original; small ones as the same picture', async () => {
  const copies = {
    'blurred-a-little': (image: Sharp) => image.blur(2),
    'high-contrast': (image: Sharp) => image.linear(1.3, -30),
    'high-saturation': (image: Sharp) => image.modulate({ saturation: 1.3 }),
    sharpened: (image: Sharp) => image.sharpen({ sigma: 2 }),
    'a-little-smaller': (image: Sharp) => image.resize(760),
    'saved-badly': (image: Sharp) => image.jpeg({ quality: 15 }),
    darker: (image: Sharp) => image.modulate({ brightness: 0.6 }),
    grey: (image: Sharp) => image.greyscale(),
  }
  const withOriginal = (await pairUp(await writeCopies(copies))).filter(({ photoId1 }) => photoId1 === 1)
  expect(withOriginal.map(({ names }) => names[1])).toEqual(Object.keys(copies))
  expect(withOriginal.every(({ transform }) => transform === 'none')).toBe(true)
  const same = withOriginal.filter(({ kind }) => kind === 'same-picture').map(({ names }) => names[1])
  expect(same).toEqual(
    expect.arrayContaining(['blurred-a-little', 'high-saturation', 'sharpened', 'a-little-smaller', 'saved-badly', 'grey']),
  )
})

it('each turn of one picture is found and named', async () => {
  const turns = {
    'rotate-90': (image: Sharp) => image.rotate(90),
    'rotate-180': (image: Sharp) => image.rotate(180),
    'rotate-270': (image: Sharp) => image.rotate(270),
    'flip-x': (image: Sharp) => image.flop(),
    'flip-y': (image: Sharp) => image.flip(),
    // sharp mirrors before it turns
    transpose: (image: Sharp) => image.flip().rotate(90),
    'anti-transpose': (image: Sharp) => image.flop().rotate(90),
  }
  const pairs = (await pairUp(await writeCopies(turns))).filter(({ photoId1 }) => photoId1 === 1)
  const undone: Record<string, string> = { 'rotate-90': 'rotate-270', 'rotate-270': 'rotate-90' }
  for (const turn of Object.keys(turns)) {
    const pair = pairs.find(({ names }) => names[1] === turn)
    expect(pair, turn).toMatchObject({ kind: 'mirrored' })
    expect([turn, undone[turn]], turn).toContain(pair?.transform)
    expect(pair!.distance).toBeLessThanOrEqual(8)
  }
  // turned one way by one, the other way by the other
  const quarter = ['rotate-90', 'rotate-270'].map((name) => pairs.find(({ names }) => names[1] === name)?.transform)
  expect(quarter.sort()).toEqual(['rotate-270', 'rotate-90'])
})

it('different photos are never linked', async () => {
  const folder = dirname(ORIGINAL)
  const photos = (await readdir(folder)).sort().map((name) => join(folder, name))
  expect(await pairUp([...photos, ...([1, 2, 3, 4, 5, 6] as const).map(groupPath)])).toEqual([])
})
