/** @file The built-in networks of objects and faces, converted to ONNX: the same answers as before, and files that were lost or cut are made anew. */
import { mkdir, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createVisionModels } from '../../src/models/providers/builtin-vision/index.ts'
import { openTestPicture } from '../support/picture.ts'
import { groupPath, type PhotoName, photoPath } from '../support/pictures.ts'
import recorded from './recorded-vision.json' with { type: 'json' }

const folder = await mkdtemp(join(tmpdir(), 'fototeca-vision-'))
afterAll(() => rm(folder, { recursive: true }))

/** Greatest difference of two lists of numbers of the same length. */
const gap = (a: readonly number[], b: readonly number[]) => Math.max(0, ...a.map((value, index) => Math.abs(value - b[index]!)))

interface Recorded {
  /** label, confidence, x, y, width, height */
  readonly objects: readonly (readonly [string, ...number[]])[]
  readonly faces: readonly {
    readonly box: readonly number[]
    readonly confidence: number
    readonly points: readonly (readonly number[])[]
    readonly vector: readonly number[]
  }[]
}

describe('the converted networks', () => {
  const models = createVisionModels()
  afterAll(async () => {
    await models.faces[Symbol.asyncDispose]()
    await models.objects[Symbol.asyncDispose]()
  })

  // recorded with the same weights on TensorFlow.js: model ids and versions stay, so nothing that was found becomes due
  it.each(Object.entries(recorded as unknown as Record<string, Recorded>))('find in %s what was recorded', async (name, before) => {
    const picture = await openTestPicture(
      name.startsWith('group-') ? groupPath(Number(name.at(-1)) as Parameters<typeof groupPath>[0]) : photoPath(name as PhotoName),
    )
    const objects = await models.objects.findObjects(picture)
    expect(objects.map(({ label }) => label)).toEqual(before.objects.map(([label]) => label))
    for (const [index, { confidence, box }] of objects.entries())
      expect(gap([confidence, box.x, box.y, box.width, box.height], before.objects[index]!.slice(1) as number[])).toBeLessThan(1e-4)

    const faces = await models.faces.findFaces(picture)
    expect(faces).toHaveLength(before.faces.length)
    for (const [index, { box, confidence, landmarks, vector }] of faces.entries()) {
      const face = before.faces[index]!
      expect(gap([confidence, box.x, box.y, box.width, box.height], [face.confidence, ...face.box])).toBeLessThan(1e-4)
      expect(
        gap(
          landmarks.flatMap(({ x, y }) => [x, y]),
          face.points.flat(),
        ),
      ).toBeLessThan(1e-4)
      expect(gap([...vector], face.vector)).toBeLessThan(5e-4)
    }
  })
})

it('files that were cut or removed are made anew, and what a killed conversion left goes', async () => {
  const picture = await openTestPicture(photoPath('cat'))
  const see = async () => {
    const { objects, faces } = createVisionModels({ converted: folder })
    try {
      return (await objects.findObjects(picture)).map(({ label }) => label)
    } finally {
      await faces[Symbol.asyncDispose]()
      await objects[Symbol.asyncDispose]()
    }
  }
  const before = await see()
  expect(before).toContain('cat')
  const [made] = (await readdir(folder)) as [string]
  await truncate(join(folder, made, 'centernet.onnx'), 1000)
  await rm(join(folder, made, 'ssd.onnx'))
  await mkdir(join(folder, `${made}.999999999`))
  expect(await see()).toEqual(before)
  expect(await readdir(folder)).toEqual([made])
  expect((await stat(join(folder, made, 'ssd.onnx'))).size).toBeGreaterThan(1e6)
})
