/**
 * @file How near faces of one person lie, per face model: measured by `npm run eval -- people` and `npm run bench -- people`, never guessed.
 * Faces of different models are never compared.
 */

export interface FaceLimits {
  readonly metric: 'l2' | 'cosine'
  /** mean distance between all faces of two clusters below which they are one person */
  readonly cluster: number
  /** mean distance to the nearest two faces of a person below which a face is theirs */
  readonly join: number
  /** above `join` and below this a person is asked */
  readonly ask: number
  /** quality (size, sharpness and frontality) from which a face may found a cluster */
  readonly minQuality: number
}

/**
 * Measured on 294 (built-in) and 329 (SCRFD with ArcFace MobileFaceNet) faces of the test pictures, most of them of people seen once:
 * below a quality of .45 strangers lie as near as the same person (built-in: one pair of strangers in a hundred under .33), above it the
 * nearest strangers are .44 and .61 apart. With 8,000 made-up faces of 1,500 people these limits give a pairwise precision of .998 and a
 * recall of .961 (built-in), .999 and .996 (ArcFace).
 */
const BUILT_IN: FaceLimits = { metric: 'l2', cluster: 0.47, join: 0.45, ask: 0.6, minQuality: 0.45 }
const ARCFACE: FaceLimits = { metric: 'cosine', cluster: 0.5, join: 0.45, ask: 0.66, minQuality: 0.45 }

/** @param modelId of the faces, `builtin/…` or that of an installed face pack, all of which are of ArcFace’s kind */
export function findFaceLimits(modelId: string): FaceLimits {
  return modelId.startsWith('builtin/') ? BUILT_IN : ARCFACE
}

/** As squared Euclidean distances, in which all faces are compared; vectors compared by cosine are of unit length. */
export function toSquare(metric: FaceLimits['metric'], distance: number): number {
  return metric === 'cosine' ? 2 * distance : distance ** 2
}

/** The other way: in the model’s own distance. */
export function toDistance(metric: FaceLimits['metric'], square: number): number {
  return metric === 'cosine' ? square / 2 : Math.sqrt(Math.max(0, square))
}
