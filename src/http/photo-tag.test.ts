import { expect, it } from 'vitest'
import { readIfMatch, writePhotoTag } from './photo-tag.ts'

it('a version goes out as a tag and comes back; other tags are refused', () => {
  expect(readIfMatch(writePhotoTag(12))).toBe(12)
  expect([readIfMatch(undefined), readIfMatch('*'), readIfMatch(' "0" ')]).toEqual([undefined, undefined, 0])
  for (const wrong of ['12', 'W/"12"', '"12", "13"', '"x"', '']) expect(() => readIfMatch(wrong)).toThrow('If-Match')
})
