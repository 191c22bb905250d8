/**
 * @file How far is too far, per model: where the tail of a search by meaning begins (`npm run eval -- embedding`, ADR 10), and how near
 * similar photos are (`npm run eval -- similar`, ADR 90). Measured, never guessed.
 * A model is known by the fingerprint of its weights, whatever name it was installed under.
 */

import { BASIC_MEANING } from '../../contract/words.ts'
import { LOOK_SPACE } from '../../domain/likeness/look.ts'

/** 1 − cosine of text and picture beyond which a photo is no hit by meaning alone. */
const TEXT_CUT_OFFS: Readonly<Record<string, number>> = {
  c16dc592: 0.889, // the built-in space: of the 1,000 pictures kept out of its training (`npm run eval -- meaning` shows what it removes)
  '4ff14b54': 0.891, // the small stand-in of the tests: keeps 95 % of the right photos, removes 81 % of the wrong ones
}

/**
 * The built-in space knows everyday scenes alone: what its list weighs in a fusion, of what a full model’s does: nDCG@10 of sentences is
 * .46 at .1, .50 at .5, .52 from .75 on; of no kind of question is it below words alone (`npm run eval -- retrieval`).
 */
const BASIC_WORTH = 0.75

/** @param space name of an embedding space */
export const findWorth = (space: string): number => (space.startsWith(`builtin/${BASIC_MEANING}@`) ? BASIC_WORTH : 1)

/** 1 − cosine of two pictures within which one of a thousand pairs that have nothing in common lies. */
const PICTURE_CUT_OFFS: Readonly<Record<string, number>> = {
  c16dc592: 0.214, // the built-in space
  '4ff14b54': 0.551, // the small stand-in of the tests
}
const LOOK_CUT_OFF = 0.289

/** @param space name of an embedding space, `onnx/<model>@<fingerprint>/<width>` @returns null where nobody measured one */
export function findTextCutOff(space: string): number | null {
  return TEXT_CUT_OFFS[versionOf(space)] ?? null
}

/** As `findTextCutOff`. */
export function findPictureCutOff(space: string): number | null {
  return space === LOOK_SPACE ? LOOK_CUT_OFF : (PICTURE_CUT_OFFS[versionOf(space)] ?? null)
}

const versionOf = (space: string): string => /@([^/@]+)\/\d+$/.exec(space)?.[1] ?? ''
