/** @file The built-in face finder with its real weights. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { FoundFace } from '../../src/models/capability.ts'
import { createVisionModels } from '../../src/models/providers/builtin-vision/index.ts'
import { openTestPicture, pictureOf } from '../support/picture.ts'
import { dataPath, noData } from '../support/shared.ts'

const models = createVisionModels()
const { faces } = models
afterAll(async () => {
  await models.faces[Symbol.asyncDispose]()
  await models.objects[Symbol.asyncDispose]()
})

const largest = (found: FoundFace[]) => [...found].sort((a, b) => b.box.width - a.box.width)[0]!
const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, index) => value - b[index]!))
const portrait = (name: string) => openTestPicture(dataPath('faces', name))

describe.skipIf(noData)('the built-in face finder', () => {
  it('finds the face of a portrait with points inside it, in order, and of good quality', async () => {
    const face = largest(await faces.findFaces(await portrait('img20.jpg')))
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

  it('tells one person from another', async () => {
    const [one, again, other] = await Promise.all(
      ['img20.jpg', 'img21.jpg', 'img16.jpg'].map(async (name) => largest(await faces.findFaces(await portrait(name))).vector),
    )
    expect(distance(one!, again!)).toBeLessThan(faces.space.samePersonBelow)
    expect(distance(one!, other!)).toBeGreaterThan(faces.space.samePersonBelow)
  })

  it('finds both faces of a couple', async () => {
    expect(await faces.findFaces(await portrait('couple.jpg'))).toHaveLength(2)
  })

  it('sees no face in a dog or a watch', async () => {
    for (const file of ['classified-photos/n02102480_Sussex_spaniel.JPEG', 'products/wristwatch/GBWA-20181203143151.jpg'])
      expect(await faces.findFaces(await openTestPicture(dataPath(file)))).toEqual([])
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
    const broken = createVisionModels({ faceApi: folder, human: folder })
    try {
      await expect(broken.faces.findFaces(blank)).rejects.toMatchObject({
        code: 'model_missing',
        message: expect.stringContaining('tiny_face_detector_model-weights_manifest.json'),
      })
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
