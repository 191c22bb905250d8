/** @file What the faces say about the whole photo. */
import type { FoundFace } from '../../../models/ports/capability.ts'

/** Below this a face is of little use for recognition (see `FoundFace.quality`) and says little about the photo. */
const GOOD_QUALITY = 0.3
/** A portrait: one face at least this tall (share of the picture's height), and none of the others half as tall. */
const PORTRAIT_HEIGHT = 0.25
const GROUP_FACES = 3
const CROWD_FACES = 8

export type TaggingFace = Pick<FoundFace, 'box' | 'confidence' | 'quality'>

/** Tags with their confidence, of the faces of persons. */
export function tagFaces(found: readonly TaggingFace[]): Map<string, number> {
  const tags = new Map<string, number>()
  const best = Math.max(0, ...found.filter((face) => face.quality >= GOOD_QUALITY).map((face) => face.confidence))
  if (best > 0) tags.set('face', best)
  const [tallest, second] = [...found].sort((a, b) => b.box.height - a.box.height)
  if (tallest && tallest.box.height >= PORTRAIT_HEIGHT && (second === undefined || second.box.height < tallest.box.height / 2))
    tags.set('portrait', tallest.confidence)
  // the weakest face that is needed for the count
  const ranked = found.map((face) => face.confidence).sort((a, b) => b - a)
  const group = ranked[GROUP_FACES - 1]
  if (group !== undefined) tags.set('group', group)
  const crowd = ranked[CROWD_FACES - 1]
  if (crowd !== undefined) tags.set('crowd', crowd)
  return tags
}
