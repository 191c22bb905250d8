import { describe, expect, it } from 'vitest'
import type { FoundFace } from '../../../models/ports/capability.ts'
import { tagFaces } from './face-tags.ts'

const face = (height: number, confidence = 0.9, quality = 0.8): FoundFace => ({
  box: { x: 0.1, y: 0.1, width: height * 0.8, height },
  confidence,
  quality,
  landmarks: [],
  vector: new Float32Array(128),
})
const tagsOf = (...faces: FoundFace[]) => [...tagFaces(faces).keys()]

describe('tagFaces', () => {
  it('says nothing of a photo without faces', () => expect(tagsOf()).toEqual([]))
  it('calls one large face a portrait', () => expect(tagsOf(face(0.5))).toEqual(['face', 'portrait']))
  it('calls a small face a face', () => expect(tagsOf(face(0.1))).toEqual(['face']))
  it('calls two equal faces no portrait', () => expect(tagsOf(face(0.4), face(0.35))).toEqual(['face']))
  it('calls a blurred face nothing', () => expect(tagsOf(face(0.1, 0.9, 0.1))).toEqual([]))
  it('counts groups and crowds, as sure as the weakest face needed', () => {
    expect(tagFaces([face(0.1), face(0.1, 0.5), face(0.1, 0.7)]).get('group')).toBe(0.5)
    expect(tagsOf(...Array.from({ length: 8 }, () => face(0.1)))).toEqual(['face', 'group', 'crowd'])
  })
})
