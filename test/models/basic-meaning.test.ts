/** @file The built-in text–image space: true answers on the project’s own pictures, words it does not know, and files that are not what they should be. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Picture } from '../../src/media/picture.ts'
import { readHeads } from '../../src/models/providers/builtin-meaning/heads.ts'
import { openBasicMeaning } from '../../src/models/providers/builtin-meaning/index.ts'
import { createTextReader as createReader } from '../../src/models/providers/builtin-meaning/towers.ts'
import { PICTURE_FEATURES } from '../../src/models/providers/builtin-vision/features.ts'
import { createVisionModels } from '../../src/models/providers/builtin-vision/index.ts'
import { openTestPicture } from '../support/picture.ts'
import { type PhotoName, photoPath } from '../support/pictures.ts'

const FILE = join(import.meta.dirname, '../../src/models/providers/builtin-meaning/weights/heads.bin')
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

describe('the built-in text–image space', async () => {
  const model = await openBasicMeaning()
  const vision = createVisionModels({}, true)
  const images = model.image(vision.features)
  const texts = model.text()
  afterAll(async () => {
    await images[Symbol.asyncDispose]()
    await vision.objects[Symbol.asyncDispose]()
    await vision.faces[Symbol.asyncDispose]()
  })

  it('finds pictures by sentences and by words', async () => {
    const names: PhotoName[] = ['cat', 'dogs', 'boats', 'coffee', 'kite', 'forest', 'sunset', 'stream']
    const places = new Map<string, Float32Array>()
    for (const name of names) places.set(name, await images.embedImage(await openTestPicture(photoPath(name))))
    for (const vector of places.values()) {
      expect(vector).toHaveLength(model.space.width)
      expect(dot(vector, vector)).toBeCloseTo(1, 5)
    }
    const nearest = (to: Float32Array) => names.toSorted((a, b) => dot(to, places.get(b)!) - dot(to, places.get(a)!))[0]
    for (const [text, found] of [
      ['a dog', 'dogs'],
      ['two dogs', 'dogs'],
      ['a cat', 'cat'],
      ['boats on the water', 'boats'],
      ['trees in the woods', 'forest'],
      ['a person flying a kite', 'kite'],
    ] as const)
      expect(nearest(await texts.embedText(text)), text).toBe(found)
  })

  it('takes its numbers from the pass that finds objects', async () => {
    const picture = await openTestPicture(photoPath('dogs'))
    let asked = 0
    const counted: Picture = {
      ...picture,
      fit: (side) => {
        asked++
        return picture.fit(side)
      },
      exact: (...args) => {
        asked++
        return picture.exact(...args)
      },
    }
    const [objects] = await Promise.all([vision.objects.findObjects(counted), images.embedImage(counted)])
    expect(objects.map(({ label }) => label)).toContain('dog')
    expect(asked).toBe(2)
  })

  it('leaves out words it does not know and says which; of such words alone it makes no vector', async () => {
    expect(texts.unknownWords?.('a dog beside the quokka’s burrowing xylograph')).toEqual(expect.arrayContaining(['quokka', 'xylograph']))
    expect(texts.unknownWords?.('Show me photos of dogs')).toEqual([])
    expect(await texts.embedText('dog quokka')).toEqual(await texts.embedText('dog'))
    await expect(texts.embedText('quokka')).rejects.toMatchObject({ code: 'unknown_words' })
    await expect(texts.embedText('the photo of')).rejects.toMatchObject({ code: 'unknown_words' })
    await expect(texts.embedText('2024')).rejects.toMatchObject({ code: 'unknown_words' })
    await expect(texts.embedText('собака')).rejects.toMatchObject({ code: 'unknown_words' })
  })

  it('knows a pair of words as one thing, and what the detector’s classes are kinds of', async () => {
    const heads = readHeads(await readFile(FILE), FILE, PICTURE_FEATURES.id)
    const read = createReader(heads)
    const classesOf = (text: string) => read(text).vector!.slice(heads.width, heads.width + heads.classes)
    const [dog, hotDog] = [16, 52]
    expect(classesOf('dog')[dog]).toBeGreaterThan(0)
    expect(classesOf('hot dog')[hotDog]).toBeGreaterThan(0)
    expect(classesOf('hot dog')[dog]).toBe(0)
    expect(classesOf('an animal')[dog]).toBeGreaterThan(0)
    expect(read('a giraffe').unknown).toEqual([])
  })
})

describe('the file of its heads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-heads-'))
  afterAll(() => rm(folder, { recursive: true }))
  const own = await readFile(FILE)
  const write = async (bytes: Uint8Array) => {
    const file = join(folder, 'heads.bin')
    await writeFile(file, bytes)
    return file
  }

  it('is small, and refused where a byte of it is another or it was cut, naming it', async () => {
    expect(own.length).toBeLessThan(6_000_000)
    const altered = Buffer.from(own)
    altered[own.length - 1000]! ^= 1
    for (const bytes of [altered, own.subarray(0, own.length / 2), own.subarray(0, 100), Buffer.from('')])
      await expect(openBasicMeaning(await write(bytes))).rejects.toMatchObject({
        code: 'model_failed',
        message: expect.stringContaining('heads.bin'),
      })
  })

  it('is refused where the detector gives other numbers than those it was trained on', async () => {
    const text = own.toString('latin1').replace(`"${PICTURE_FEATURES.id}"`, '"centernet@0/pools@1"')
    await expect(openBasicMeaning(await write(Buffer.from(text, 'latin1')))).rejects.toThrow(/trained on the detector centernet@0/)
  })
})
