import { describe, expect, it } from 'vitest'
import type { StepName, StepState } from '../contract/words.ts'
import { STEP_NAMES } from '../contract/words.ts'
import { derivePhotoState } from './photo-state.ts'

const all = (state: StepState, except: Partial<Record<StepName, StepState>> = {}) =>
  new Map(STEP_NAMES.map((name) => [name, except[name] ?? state] as const))

describe('derivePhotoState', () => {
  it('is pending before anything ran, and without a ledger', () => {
    expect(derivePhotoState(all('due'))).toBe('pending')
    expect(derivePhotoState(new Map())).toBe('pending')
  })
  it('names the first unfinished step while work goes on', () => {
    expect(derivePhotoState(all('due', { prepare: 'running' }))).toBe('preprocessing')
    expect(derivePhotoState(all('done', { ocr: 'running', faces: 'due' }))).toBe('processing_ocr')
    expect(derivePhotoState(all('done', { duplicates: 'running' }))).toBe('checking_duplicates')
    expect(derivePhotoState(all('done', { hash: 'running', faces: 'failed' }))).toBe('processing_hash')
  })
  it('is pending while it waits to be analysed again', () => {
    expect(derivePhotoState(all('done', { ocr: 'due' }))).toBe('pending')
    expect(derivePhotoState(all('done', { hash: 'due', faces: 'failed' }))).toBe('pending')
  })
  it('is not held back by a description, and says only one that failed', () => {
    expect(derivePhotoState(all('done', { description: 'due' }))).toBe('completed')
    expect(derivePhotoState(all('due', { description: 'failed' }))).toBe('pending')
    expect(derivePhotoState(all('done', { description: 'failed' }))).toBe('partial')
  })
  it('ends completed, partial or failed', () => {
    expect(derivePhotoState(all('done'))).toBe('completed')
    expect(derivePhotoState(all('done', { embedding: 'skipped' }))).toBe('completed')
    expect(derivePhotoState(all('done', { faces: 'failed' }))).toBe('partial')
    expect(derivePhotoState(all('skipped', { prepare: 'failed', metadata: 'done' }))).toBe('failed')
  })
})
