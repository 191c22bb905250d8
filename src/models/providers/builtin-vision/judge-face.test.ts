import { describe, expect, it } from 'vitest'
import { judgeFace } from './judge-face.ts'

describe('judgeFace', () => {
  it('believes a doubtful detector when the mesh sees a face', () => expect(judgeFace(0.35, 1)).toBeCloseTo(0.675))
  it('never lowers the detector by agreeing with it', () => expect(judgeFace(0.98, 0.5)).toBe(0.98))
  it('drops a doubtful face that the mesh denies', () => expect(judgeFace(0.6, 0.02)).toBeNull())
  it('keeps a sure face that the mesh denies (masks, profiles)', () => expect(judgeFace(0.81, 0)).toBe(0.81))
  it('asks more of a face that the mesh could not see', () => {
    expect(judgeFace(0.35, undefined)).toBeNull()
    expect(judgeFace(0.6, undefined)).toBe(0.6)
  })
  it('drops what is no number', () => expect(judgeFace(Number.NaN, undefined)).toBeNull())
})
