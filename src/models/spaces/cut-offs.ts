/**
 * @file Where the tail of a search by meaning begins, per model: measured by `npm run eval -- embedding`, never guessed (ADR 10).
 * A model is known by the fingerprint of its weights, whatever name it was installed under.
 */

import { BASIC_MEANING } from '../../contract/words.ts'

/** 1 − cosine of text and picture beyond which a photo is no hit by meaning alone. */
const TEXT_CUT_OFFS: Readonly<Record<string, number>> = {
  c16dc592: 0.889, // the built-in space: of the 1,000 pictures kept out of its training (`npm run eval -- meaning` shows what it removes)
  '4ff14b54': 0.891, // the small stand-in of the tests: keeps 95 % of the right photos, removes 81 % of the wrong ones
}

/** The built-in space knows everyday scenes alone: what its list weighs in a fusion, of what a full model’s does: nDCG@10 of sentences is .46 at .1, .50 at .5, .52 from .75 on; of no kind of question is it below words alone (`npm run eval -- retrieval`). */
const BASIC_WORTH = 0.75

/** @param space name of an embedding space */
export const findWorth = (space: string): number => (space.startsWith(`builtin/${BASIC_MEANING}@`) ? BASIC_WORTH : 1)

/** @param space name of an embedding space, `onnx/<model>@<fingerprint>/<width>` @returns null where nobody measured one */
export function findTextCutOff(space: string): number | null {
  const [, version = ''] = /@([^/@]+)\/\d+$/.exec(space) ?? []
  return TEXT_CUT_OFFS[version] ?? null
}
