import { expect, it } from 'vitest'
import { isSidecarName, listSidecarPaths, markSidecars } from './sidecar-paths.ts'

it('both ways of naming, either capitals', () => {
  expect(listSidecarPaths('a.b/photo.one.CR2')).toEqual([
    ['a.b/photo.one.CR2.xmp', 'a.b/photo.one.CR2.XMP'],
    ['a.b/photo.one.xmp', 'a.b/photo.one.XMP'],
  ])
  expect([isSidecarName('a.XMP'), isSidecarName('xmp'), isSidecarName('a.xmp.jpg')]).toEqual([true, false, false])
})

it('one state of the sidecars is told from another, and from none', () => {
  const state = { bytes: 10, modifiedMs: 5 }
  expect(markSidecars([undefined, undefined])).toBeNull()
  expect(markSidecars([state, undefined])).not.toBe(markSidecars([undefined, state]))
  expect(markSidecars([state])).toBe('0:10:5')
})
