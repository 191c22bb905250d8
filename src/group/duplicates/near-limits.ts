/**
 * @file How near two pictures must be in a space to be taken for an edit, one moment or look-alikes.
 * Those of `look` follow its curve in docs/quality.md (cosine ≥ .95: precision .95) and are not yet measured for this use; a space without limits is not used.
 */
import { LOOK_SPACE } from '../../domain/look.ts'

/** 1 − cosine, each the largest that counts. */
export interface NearLimits {
  /** with PDQ half-way near (`MID_BITS`): crops, borders, small turns */
  readonly edited: number
  /** with time and camera */
  readonly burst: number
  readonly similar: number
}

/** PDQ distance of unrelated pictures is 128 ± 8 bits; below this an alike picture is the same one, cut or framed. */
export const MID_BITS = 96

const LIMITS: Readonly<Record<string, NearLimits>> = {
  [LOOK_SPACE]: { edited: 0.15, burst: 0.25, similar: 0.04 },
}
/** By the fingerprint of the model’s weights, whatever name it was installed under. */
const LIMITS_OF_MODELS: Readonly<Record<string, NearLimits>> = {}

export function findNearLimits(space: string): NearLimits | null {
  const [, fingerprint = ''] = /@([^/@]+)\/\d+$/.exec(space) ?? []
  return LIMITS[space] ?? LIMITS_OF_MODELS[fingerprint] ?? null
}
