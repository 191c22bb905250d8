/** @file People and duplicates. */

import type { Generated, JSONColumnType } from 'kysely'
import type { DuplicateKind } from '../../contract/words.ts'
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
    hamming_distance: number
    /** what was done to photo 2 to match photo 1: `none`, `rotate-90`, `flip-x`, … */
    transform: Generated<string>
  }
}
