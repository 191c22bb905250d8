/**
 * @file How near two pictures must be in a space to be taken for an edit, one moment or look-alikes: measured by `npm run eval -- duplicates`,
 * chosen on each half of its pictures, the stricter kept (ADR 27). A space without limits is not used.
 */
import { LOOK_SPACE } from '../../domain/likeness/look.ts'

/** 1 − cosine, each the largest that counts. */
export interface NearLimits {
  /** with PDQ half-way near (`MID_BITS`): borders, small turns */
  readonly edited: number
  /** with time and camera */
  readonly burst: number
  readonly similar: number
}

/**
 * PDQ distance of unrelated pictures is 128 ± 8 bits; below this an alike picture is the same one, cut or framed. At 96 bits seven times
 * as many different products passed for 10 % more edits.
 */
export const MID_BITS = 72

/**
 * Two pages of text look alike whatever stands on them: they are similar where they share this part of all their words. Of 20 receipts the
 * four pairs of one shop and layout share .59 to 1 (two of them the same receipt twice), all others .33 at most.
 */
export const SAME_PAGE = 0.65

/** What lies further off in the space is no crop either: those of 10 and 20 % lie within .35 of their picture in `look`. */
export const FURTHEST = 0.4

const LIMITS: Readonly<Record<string, NearLimits>> = {
  [LOOK_SPACE]: { edited: 0.35, burst: 0.17, similar: 0.1 },
}
/** By the fingerprint of the model’s weights, whatever name it was installed under. */
const LIMITS_OF_MODELS: Readonly<Record<string, NearLimits>> = {
  '4ff14b54': { edited: 0.3, burst: 0.2, similar: 0.07 }, // the small stand-in of the tests
}

/** All of them in one text: when it is another one, photos are compared again. */
export const describeLimits = (): string => JSON.stringify([MID_BITS, FURTHEST, SAME_PAGE, LIMITS, LIMITS_OF_MODELS])

export function findNearLimits(space: string): NearLimits | null {
  const [, fingerprint = ''] = /@([^/@]+)\/\d+$/.exec(space) ?? []
  return LIMITS[space] ?? LIMITS_OF_MODELS[fingerprint] ?? null
}
