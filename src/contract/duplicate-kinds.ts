/** @file The kinds of duplicates as data: what each means, by which signal it is told, and how near. Words and numbers stand here once. */
import type { DuplicateKind } from './words.ts'

/** PDQ bits up to which two hashes mean anything at all (its own limit), and the radius the look-ups are complete for. */
export const PDQ_LIMIT = 31
/** Shots by one camera no further apart belong to one moment. */
export const BURST_SECONDS = 5

export interface KindFacts {
  readonly label: string
  /** how it is told, for a person */
  readonly told_by: string
  /** shots and look-alikes are photos of their own: they are shown for choosing and are never accepted in bulk unasked */
  readonly isCopy: boolean
}

/** In the order of nearness: sets of an earlier kind are made first. */
export const KIND_FACTS: Readonly<Record<DuplicateKind, KindFacts>> = {
  'same-picture': { label: 'Same picture', told_by: 'saved again or resized: the hashes differ in 8 of 256 bits at most', isCopy: true },
  edited: {
    label: 'Edited',
    told_by: `cropped, recoloured or written on: the hashes differ in ${PDQ_LIMIT} bits at most, the pictures look alike and the hashes are half-way near, or one picture is a part of the other`,
    isCopy: true,
  },
  mirrored: { label: 'Turned or mirrored', told_by: `after turning, the hashes differ in ${PDQ_LIMIT} bits at most`, isCopy: true },
  burst: { label: 'Same moment', told_by: `one camera, within ${BURST_SECONDS} seconds, and alike`, isCopy: false },
  similar: {
    label: 'Similar',
    told_by: 'they look alike to the model in use; pages of text share two thirds of their words',
    isCopy: false,
  },
}
