import { describe, expect, it } from 'vitest'
import { readHeads, writeHeads } from './heads.ts'
import { createTextReader, embedFeatures, widthOf } from './towers.ts'
import { isPlainWord, listForms, splitWords } from './words.ts'

const header = {
  format: 'fototeca-meaning-1' as const,
  detector: 'a@1',
  features: 3,
  width: 2,
  classes: 4,
  class_weight: 0.2,
  class_floor: 0.1,
  words: ['dog', 'running', 'a'],
  class_words: { dog: [1], 'hot dog': [2], animal: [0, 1] },
}
const bytes = writeHeads({
  ...header,
  mean: Float32Array.of(1, 0, 0),
  scale: Float32Array.of(1, 2, 1),
  image: Float32Array.of(1, 0, 0, 1, 0.5, -0.5),
  bias: Float32Array.of(0.5, 0),
  wordTable: Float32Array.of(3, 0, 0, 4, 0.1, 0.1),
})
const heads = readHeads(bytes, 'heads.bin', 'a@1')
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)

describe('heads', () => {
  it('come back from their file within the steps of 8 bits', () => {
    expect([...heads.image]).toEqual([1, 0, 0, 1, 0.5, -0.5].map((value) => expect.closeTo(value, 2)))
    expect(heads.fingerprint).toMatch(/^[0-9a-f]{8}$/)
  })

  it('are refused for another detector, with a changed byte, and cut', () => {
    expect(() => readHeads(bytes, 'heads.bin', 'b@1')).toThrow(/trained on the detector a@1, and this version has b@1/)
    const altered = Buffer.from(bytes)
    altered[bytes.length - 1] = (altered[bytes.length - 1] ?? 0) ^ 1
    expect(() => readHeads(altered, 'heads.bin', 'a@1')).toThrow(/heads.bin cannot be read/)
    expect(() => readHeads(bytes.subarray(0, bytes.length - 1), 'heads.bin', 'a@1')).toThrow(/heads.bin cannot be read/)
    expect(() => readHeads(Buffer.from('no line'), 'heads.bin', 'a@1')).toThrow(/heads.bin cannot be read/)
  })
})

describe('the tower of pictures', () => {
  it('gives all pictures one length, and lifts those in which the detector sees the class that is asked for', () => {
    const [none, dog] = [Float32Array.of(0, 0, 0, 0), Float32Array.of(0, 0.9, 0, 0)]
    const features = Float32Array.of(1.5, 0.2, 0)
    const [plain, seen] = [embedFeatures(heads, features, none), embedFeatures(heads, features, dog)]
    expect(dot(plain, plain)).toBeCloseTo(1)
    expect(dot(seen, seen)).toBeCloseTo(1)
    expect(plain).toHaveLength(widthOf(heads))
    const question = createTextReader(heads)('dog').vector as Float32Array
    expect(dot(question, seen)).toBeGreaterThan(dot(question, plain))
  })

  it('refuses numbers of another detector', () => {
    expect(() => embedFeatures(heads, Float32Array.of(1, 2), new Float32Array(4))).toThrow(/gave 2 numbers/)
  })
})

describe('the tower of questions', () => {
  const read = createTextReader(heads)

  it('knows inflected forms, and leaves out and names what it does not know', () => {
    expect(read('Dogs running!').unknown).toEqual([])
    expect(read('a dog and a quokka, a QUOKKA')).toMatchObject({ unknown: ['quokka'] })
    expect(read('dog quokka').vector).toEqual(read('dog').vector)
  })

  it('makes nothing of words that say nothing of a picture', () => {
    for (const text of ['', '2024', 'a photo of the', 'quokka', '犬', 'собака']) expect(read(text).vector, text).toBeNull()
    expect(read('собака').unknown).toEqual(['собака'])
    expect(read('show me a photo').unknown).toEqual([])
  })

  it('takes a pair of words for one thing', () => {
    const classes = (text: string) => [...(read(text).vector ?? [])].slice(heads.width, -1).map((value) => value > 0)
    expect(classes('dog')).toEqual([false, true, false, false])
    expect(classes('a hot dog')).toEqual([false, false, true, false])
    expect(classes('animals')).toEqual([true, true, false, false])
  })
})

it('splits words of any script, without accents and endings of possession', () => {
  expect(splitWords('The dog’s  café, 3 Straßen_犬')).toEqual(['the', 'dog', 'cafe', 'straßen', '犬'])
  expect(listForms('puppies')).toContain('puppy')
  expect(listForms('bus')).toEqual(['bus'])
  expect(isPlainWord('the')).toBe(true)
})
