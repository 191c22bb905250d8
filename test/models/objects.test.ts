/** @file The built-in object finder with its real weights. */
import { afterAll, describe, expect, it } from 'vitest'
import { boxOverlap } from '../../src/domain/geometry.ts'
import { createVisionModels } from '../../src/models/providers/builtin-vision/index.ts'
import { openTestPicture, pictureOf } from '../support/picture.ts'
import { dataPath, noData } from '../support/shared.ts'

const models = createVisionModels()
const { objects } = models
afterAll(async () => {
  await models.faces[Symbol.asyncDispose]()
  await models.objects[Symbol.asyncDispose]()
})

describe.skipIf(noData)('the built-in object finder', () => {
  it.each([
    ['n02391049_zebra', 'zebra'],
    ['n02102480_Sussex_spaniel', 'dog'],
    ['n03642806_laptop', 'laptop'],
  ])('sees in %s a %s', async (file, label) => {
    const found = await objects.findObjects(await openTestPicture(dataPath('classified-photos', `${file}.JPEG`)))
    const best = found.find((object) => object.label === label)
    expect(best?.confidence).toBeGreaterThan(0.25)
    expect(best!.box.width * best!.box.height).toBeGreaterThan(0.03)
  })

  it('gives boxes inside the picture, surest first, none twice', async () => {
    const found = await objects.findObjects(await openTestPicture(dataPath('classified-photos', 'n03642806_laptop.JPEG')))
    expect(found.map((object) => object.confidence)).toEqual(found.map((object) => object.confidence).sort((a, b) => b - a))
    for (const { box, confidence } of found) {
      expect(confidence).toBeLessThanOrEqual(1)
      expect(Math.min(box.x, box.y, 1.000001 - box.x - box.width, 1.000001 - box.y - box.height)).toBeGreaterThanOrEqual(0)
    }
    for (const [index, one] of found.entries())
      for (const other of found.slice(index + 1))
        if (one.label === other.label) expect(boxOverlap(one.box, other.box)).toBeLessThanOrEqual(0.5)
  })

  it('finds the same thing in the same place in an upright and a small copy', async () => {
    const file = dataPath('classified-photos', 'n02391049_zebra.JPEG')
    const picture = await openTestPicture(file)
    const [large] = await objects.findObjects(picture)
    const [small] = await objects.findObjects(pictureOf(await picture.fit(200)))
    expect(small?.label).toBe(large?.label)
    expect(boxOverlap(small!.box, large!.box)).toBeGreaterThan(0.5)
  })
})

describe('odd pictures', () => {
  it.each([
    [1, 1],
    [1, 3000],
    [3000, 2],
    [31, 33],
  ])('withstands %i × %i', async (width, height) => {
    const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 7919) % 251)
    for (const { box, confidence } of await objects.findObjects(pictureOf({ width, height, channels: 3, data })))
      expect([box.x, box.y, box.width, box.height, confidence].every(Number.isFinite)).toBe(true)
  })

  it('finds nothing in a blank picture', async () => {
    expect(await objects.findObjects(pictureOf({ width: 640, height: 480, channels: 3, data: new Uint8Array(921_600).fill(200) }))).toEqual(
      [],
    )
  })

  it('stops waiting when told to', async () => {
    const blank = pictureOf({ width: 64, height: 48, channels: 3, data: new Uint8Array(64 * 48 * 3) })
    await expect(objects.findObjects(blank, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })
})
