/** @file People and duplicates. */

import type { Generated, JSONColumnType } from 'kysely'
import type { DuplicateKind, PairVerdict } from '../../contract/words.ts'
import type { Point } from '../../domain/geometry.ts'
import type { VectorText } from './columns.ts'

export interface GroupsTables {
  people: { id: Generated<number>; name: string; created_at: Generated<Date> }
  faces: {
    id: Generated<number>
    photo_id: number
    x: number
    y: number
    width: number
    height: number
    landmarks: JSONColumnType<Point[]>
    confidence: number
    quality: number
    vector: VectorText
    model_id: string
    person_id: number | null
    /** `file` (an XMP region) or null */
    named_by: string | null
  }
  duplicates: {
    photo_id_1: number
    photo_id_2: number
    kind: DuplicateKind
    /** null: the pair was found in a space */
    hamming_distance: number | null
    /** what was done to photo 2 to match photo 1: `none`, `rotate-90`, `flip-x`, … */
    transform: Generated<string>
    cosine_distance: number | null
    /** the space the distance is of */
    space_id: number | null
    /** what a person decided of the two (`decisions`, field `pair`) */
    verdict: PairVerdict | null
  }
  compared_photos: { photo_id: number; space_id: number }
  duplicate_sets: { id: Generated<number>; kind: DuplicateKind; representative_id: number; made_at: Generated<Date> }
  /** all but the representative */
  duplicate_members: { set_id: number; photo_id: number }
}
