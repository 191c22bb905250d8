/** @file The built-in face finder with its real weights. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { FoundFace } from '../../src/models/ports/capability.ts'
import { createVisionModels } from '../../src/models/providers/builtin-vision/index.ts'
import { openTestPicture, pictureOf } from '../support/picture.ts'
import { groupPath, photoPath } from '../support/pictures.ts'

const models = createVisionModels()
const { faces } = models
afterAll(async () => {
  await models.faces[Symbol.asyncDispose]()
  await models.objects[Symbol.asyncDispose]()
})

const largest = (found: FoundFace[]) => [...found].sort((a, b) => b.box.width - a.box.width)[0]!
const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, index) => value - b[index]!))

describe('the built-in face finder', () => {
  it('finds the face of a portrait with points inside it, in order, and of good quality', async () => {
    const face = largest(await faces.findFaces(await openTestPicture(photoPath('astronaut'))))
    expect(face.confidence).toBeGreaterThan(0.9)
    expect(face.quality).toBeGreaterThan(0.8)
    expect(face.vector).toHaveLength(faces.space.width)
    const [leftEye, rightEye, nose, leftMouth, rightMouth] = face.landmarks
    for (const { x, y } of face.landmarks) {
      expect(x).toBeGreaterThan(face.box.x)
      expect(x).toBeLessThan(face.box.x + face.box.width)
      expect(y).toBeGreaterThan(face.box.y)
      expect(y).toBeLessThan(face.box.y + face.box.height)
    }
    expect(leftEye!.x).toBeLessThan(rightEye!.x)
    expect(nose!.y).toBeGreaterThan(leftEye!.y)
    expect(leftMouth!.y).toBeGreaterThan(nose!.y)
    expect(rightMouth!.x).toBeGreaterThan(leftMouth!.x)
  })

  it('tells one person from another, and knows one again on another photo', async () => {
    const [first, third] = await Promise.all(
      ([1, 3] as const).map(async (number) => faces.findFaces(await openTestPicture(groupPath(number)))),
    )
    const at = (found: FoundFace[] | undefined, x: number) => found!.find(({ box }) => Math.abs(box.x - x) < 0.03)!.vector
    // one woman stands at the right of the first photo and in the middle of the third
    const [one, again] = [at(first, 0.77), at(third, 0.56)]
    expect(distance(one, again)).toBeLessThan(faces.space.samePersonBelow - 0.1)
    for (const other of [at(first, 0.22), at(first, 0.44), at(third, 0.31)])
      for (const own of [one, again]) expect(distance(own, other)).toBeGreaterThan(faces.space.samePersonBelow)
  })

  it.each([
    [1, 3],
    [2, 2],
    [4, 4],
    [5, 5],
  ] as const)('finds in group %i all %i faces', async (number, count) => {
    expect(await faces.findFaces(await openTestPicture(groupPath(number)))).toHaveLength(count)
  })

  it('sees no face in a cat, boats or a cup', async () => {
    for (const photo of ['cat', 'boats', 'coffee'] as const)
      expect(await faces.findFaces(await openTestPicture(photoPath(photo))), photo).toEqual([])
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
    expect(await faces.findFaces(pictureOf({ width, height, channels: 3, data }))).toEqual([])
  })
})

describe('life and death', () => {
  const blank = pictureOf({ width: 64, height: 48, channels: 3, data: new Uint8Array(64 * 48 * 3) })

  it('stops waiting when told to', async () => {
    await expect(faces.findFaces(blank, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('names the file that is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fototeca-vision-'))
    const broken = createVisionModels({ faceApi: folder, human: folder, converted: folder })
    try {
      await expect(broken.objects.findObjects(blank)).rejects.toMatchObject({
        code: 'model_missing',
        message: expect.stringContaining('centernet.json'),
      })
    } finally {
      await broken.faces[Symbol.asyncDispose]()
      await broken.objects[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    }
  })

  it('keeps the shared thread while the other finder needs it', async () => {
    const pair = createVisionModels()
    await pair.faces.findFaces(blank)
    await pair.faces[Symbol.asyncDispose]()
    await pair.faces[Symbol.asyncDispose]() // twice is once
    expect(await pair.objects.findObjects(blank)).toEqual([])
    await pair.objects[Symbol.asyncDispose]()
    await expect(pair.objects.findObjects(blank)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
