import { describe, expect, it } from 'vitest'
import type { PhotoDetail } from '../../contract/photo.ts'
import { runChecks } from './checks.ts'
import { type Label, readLabels } from './labels.ts'

describe('labels.csv', () => {
  it('tells what is not labelled from what must not be there', () => {
    const [label] = readLabels('file,tags,words,people,queries\na.jpg,dog|grass,-,,a dog | grass\n')
    expect(label).toEqual({
      file: 'a.jpg',
      tags: ['dog', 'grass'],
      categories: null,
      words: [],
      people: null,
      duplicates: null,
      queries: ['a dog', 'grass'],
    })
  })

  it('says what to give it', () => {
    expect(() => readLabels('file,tgas\na.jpg,dog\n')).toThrow('unknown column tgas')
    expect(() => readLabels('tags\ndog\n')).toThrow('no column file')
    expect(() => readLabels('file,tags\n')).toThrow('names no picture')
    expect(() => readLabels('file,tags\n,dog\n')).toThrow('row 2 names no file')
  })
})

describe('people', () => {
  const of = (file: string, people: readonly string[], found: readonly number[]) => ({
    label: { ...NOTHING, file, people },
    photo: { faces: found.map((id) => ({ animal: null, person: { id, name: null } })) } as unknown as PhotoDetail,
    found: new Set<string>(),
  })
  const NOTHING: Label = { file: '', tags: null, categories: null, words: null, people: null, duplicates: null, queries: null }
  const check = (...pictures: ReturnType<typeof of>[]) =>
    Object.fromEntries(runChecks(pictures, 8).map(({ check, right, of, state }) => [check, [right, of, state]]))

  it('are right where pictures of one person share one, and others do not', () => {
    const right = check(of('a', ['Ada'], [1]), of('b', ['ada', 'Ben'], [1, 2]), of('c', ['Ben'], [2]))
    expect(right).toMatchObject({ faces: [3, 3, 'pass'], 'people together': [2, 2, 'pass'], 'people apart': [1, 1, 'pass'] })
  })

  it('a library that groups nobody passes only where nobody is twice', () => {
    const nobody = check(of('a', ['Ada'], [1]), of('b', ['Ada'], [2]), of('c', ['Cem'], [3]), of('d', ['Dan'], [4]))
    expect(nobody).toMatchObject({ faces: [4, 4, 'pass'], 'people together': [0, 1, 'fail'], 'people apart': [5, 5, 'pass'] })
  })

  it('one that takes all for one person is wrong', () => {
    const all = check(of('a', ['Ada'], [1]), of('b', ['Ada'], [1]), of('c', ['Cem'], [1]), of('d', [], []))
    expect(all).toMatchObject({ 'people together': [1, 1, 'pass'], 'people apart': [0, 2, 'fail'] })
  })
})
