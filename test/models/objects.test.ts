/** @file The built-in object finder with its real weights. */
import { afterAll, describe, expect, it } from 'vitest'
import { boxOverlap } from '../../src/domain/geometry.ts'
import { createVisionModels } from '../../src/models/providers/builtin-vision/index.ts'
import { openTestPicture, pictureOf } from '../support/picture.ts'
import { photoPath } from '../support/pictures.ts'

const models = createVisionModels()
const { objects } = models
afterAll(async () => {
  await models.faces[Symbol.asyncDispose]()
  await models.objects[Symbol.asyncDispose]()
})

describe('the built-in object finder', () => {
  it.each([
    ['boats', 'boat', { x: 0.02, y: 0.53, width: 0.27, height: 0.42 }],
    ['astronaut', 'person', { x: 0, y: 0.03, width: 0.69, height: 0.96 }],
    ['cat', 'cat', { x: 0, y: 0, width: 0.9, height: 1 }],
    ['coffee', 'cup', { x: 0.28, y: 0.04, width: 0.42, height: 0.69 }],
    // small in its picture
    ['kite', 'kite', { x: 0.63, y: 0.31, width: 0.08, height: 0.1 }],
  ] as const)('sees in %s a %s, and where', async (photo, label, box) => {
    const found = await objects.findObjects(await openTestPicture(photoPath(photo)))
    const best = found.find((object) => object.label === label)
    expect(best?.confidence).toBeGreaterThan(0.25)
    expect(boxOverlap(best!.box, box)).toBeGreaterThan(0.6)
  })

  it('sees several things of several kinds in one picture', async () => {
    const found = (await objects.findObjects(await openTestPicture(photoPath('wine')))).map(({ label }) => label)
    expect(found).toEqual(expect.arrayContaining(['bottle', 'wine glass']))
    const boats = await objects.findObjects(await openTestPicture(photoPath('boats')))
    expect(boats.filter(({ label }) => label === 'boat').length).toBeGreaterThan(2)
  })

  it('gives boxes inside the picture, surest first, none twice', async () => {
    const found = await objects.findObjects(await openTestPicture(photoPath('boats')))
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
    const picture = await openTestPicture(photoPath('astronaut'))
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
