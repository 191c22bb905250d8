import { describe, expect, it } from 'vitest'
import type { Sayings } from '../../../media/metadata.ts'
import { combine, findForeign } from './foreign.ts'

const nothing: Sayings = { title: null, description: null, altText: null, rating: null, keywords: [], faceRegions: [] }
const box = { x: 0.1, y: 0.1, width: 0.2, height: 0.2 }
const found = (says: Partial<Sayings>, path = '/p/a.jpg.xmp') => ({ path, says: { ...nothing, ...says }, problem: null })
const content = {
  title: 'Ours',
  caption: null,
  altText: null,
  rating: 4,
  keywords: ['dog', 'beach'],
  paths: ['animals|dog'],
  faces: [{ name: 'Ada', box }],
}

describe('what others say in sidecars', () => {
  it('is all of it where we write elsewhere, and nothing where only we wrote', () => {
    const said = { title: 'Ours', rating: 4, keywords: ['dog', 'beach', 'animals/dog'], faceRegions: [{ name: 'Ada', box }] }
    expect(findForeign([found(said)], undefined, null)).toMatchObject({ title: 'Ours', rating: 4, files: ['a.jpg.xmp'] })
    expect(findForeign([found(said)], { path: '/data/x.xmp', content }, null)?.keywords).toEqual(said.keywords)
    expect(findForeign([found(said)], { path: '/p/a.jpg.xmp', content }, null)).toMatchObject({
      ...{ title: null, rating: null, keywords: [], faces: [] },
    })
    expect(findForeign([], undefined, null)).toBeNull()
  })

  it('stays theirs when we wrote it again, and what they change or take away after us counts', () => {
    const own = { path: '/p/a.jpg.xmp', content }
    const before = findForeign([found({ keywords: ['Beach'], rating: 4 })], undefined, null)
    expect(findForeign([found({ keywords: ['Beach', 'dog', 'new'], rating: 4 })], own, before)).toMatchObject({
      keywords: ['Beach', 'new'],
      rating: 4,
    })
    expect(findForeign([found({ keywords: ['dog'], rating: 2, title: 'Theirs' })], own, before)).toMatchObject({
      ...{ keywords: [], rating: 2, title: 'Theirs' },
    })
  })

  it('of two sidecars the one with the whole name speaks first; one that says nothing tells why', () => {
    const other = { path: '/p/a.xmp', says: null, problem: 'a.xmp is no XMP' }
    expect(findForeign([found({ title: 'One' }), found({ title: 'Two', rating: 1 }, '/p/a.xmp')], undefined, null)).toMatchObject({
      ...{ title: 'One', rating: 1, files: ['a.jpg.xmp', 'a.xmp'] },
    })
    expect(findForeign([other], undefined, null)).toMatchObject({ title: null, problem: 'a.xmp is no XMP' })
  })

  it('stands over what the file itself says; keywords of both count', () => {
    const file = { ...nothing, title: 'File', rating: 1, keywords: ['a'], faceRegions: [{ name: 'Bob', box }] }
    const sidecar = findForeign([found({ rating: 0, keywords: ['b', 'a'] })], undefined, null)
    expect(combine(file, sidecar)).toEqual({ ...file, rating: 0, keywords: ['a', 'b'] })
    expect(combine(file, null)).toBe(file)
  })
})
