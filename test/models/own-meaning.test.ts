/** @file Search by meaning with the tests’ own model: real loading and inference in both folder layouts, true answers on the project’s own pictures. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decodePicture } from '../../src/media/decode.ts'
import type { Picture } from '../../src/media/picture.ts'
import { openEmbeddingModel } from '../../src/models/providers/onnx-embedding/open-embedding-model.ts'
import { CAPTIONS } from '../pictures/captions.ts'
import { photoPath, picturePath } from '../support/pictures.ts'
import { writeTinyMeaningModel } from '../support/tiny-meaning-model.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-meaning-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)
const decode = (path: string, format: 'jpeg' | 'png' = 'jpeg') =>
  decodePicture(path, format, { maxPixels: 1e8, maxBytes: 1e8 }, new AbortController().signal)
let drawn = 0
const openPng = async (png: Buffer): Promise<Picture> => {
  const path = join(folder, `drawn-${drawn++}.png`)
  await writeFile(path, png)
  return decode(path, 'png')
}

it('finds pictures by what they show, and both layouts give the same vectors', async () => {
  const other = await openEmbeddingModel(await writeTinyMeaningModel(join(folder, 'own-transformers'), 'transformers'), { device: 'cpu' })
  const model = await openEmbeddingModel(await writeTinyMeaningModel(join(folder, 'own')), { device: 'cpu' })
  expect(model.space.name).not.toBe(other.space.name)
  await using images = model.image()
  await using texts = model.text()
  await using otherImages = other.image()
  await using otherTexts = other.text()
  const names = Object.keys(CAPTIONS) as (keyof typeof CAPTIONS)[]
  const places = new Map<string, Float32Array>()
  for (const name of names) places.set(name, await images.embedImage(await decode(picturePath(name))))
  const nearest = (to: Float32Array) => {
    const near = (name: string) => dot(to, places.get(name)!)
    return names.toSorted((a, b) => near(b) - near(a))
  }
  for (const [text, found] of Object.entries({
    forest: ['forest'],
    'A path among tall trees in the woods.': ['forest'],
    sunset: ['boats', 'sunset'],
    'evening sun over the hills': ['sunset'],
    night: ['rocket', 'scene-night'],
    'the lights of a city at night': ['scene-night'],
    dog: ['dogs'],
    'a photo of a cup of coffee': ['coffee'],
    'ring of gold': names.filter((name) => name.startsWith('product-hoop')),
    'receipt of a shop': names.filter((name) => name.startsWith('receipt')),
  })) {
    const vector = await texts.embedText(text)
    expect(dot(vector, vector)).toBeCloseTo(1, 5)
    expect(nearest(vector).slice(0, found.length).toSorted(), text).toEqual(found.toSorted())
    expect(dot(vector, await otherTexts.embedText(text))).toBeGreaterThan(0.9999)
  }
  for (const name of ['leaf', 'cat', 'stream', 'boats'] as const) {
    const { width, height } = await sharp(photoPath(name)).metadata()
    const cut = {
      left: Math.round(width * 0.1),
      top: Math.round(height * 0.05),
      width: Math.round(width * 0.85),
      height: Math.round(height * 0.85),
    }
    const copy = await openPng(await sharp(photoPath(name)).extract(cut).modulate({ brightness: 1.1 }).png().toBuffer())
    expect(nearest(await images.embedImage(copy))[0]).toBe(name)
    expect(dot(places.get(name)!, await otherImages.embedImage(await decode(photoPath(name))))).toBeGreaterThan(0.9999)
  }
  await expect(texts.embedText('an xylophone')).rejects.toMatchObject({ code: 'unknown_words' })
})
