import { describe, expect, it } from 'vitest'
import { readLabels } from './labels.ts'

describe('labels.csv', () => {
  it('tells what is not labelled from what must not be there', () => {
    const [label] = readLabels('file,tags,words,people,queries\na.jpg,dog|grass,-,,a dog | grass\n')
    expect(label).toEqual({
      file: 'a.jpg', tags: ['dog', 'grass'], categories: null, words: [], people: null, duplicates: null, queries: ['a dog', 'grass'],
    }) // biome-ignore format: a row
  })

  it('says what to give it', () => {
    expect(() => readLabels('file,tgas\na.jpg,dog\n')).toThrow('unknown column tgas')
    expect(() => readLabels('tags\ndog\n')).toThrow('no column file')
    expect(() => readLabels('file,tags\n')).toThrow('names no picture')
    expect(() => readLabels('file,tags\n,dog\n')).toThrow('row 2 names no file')
  })
})
