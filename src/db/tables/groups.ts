/** @file People and duplicates. */

import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { DuplicateKind, PairVerdict } from '../../contract/words.ts'
import type { Point } from '../../domain/geometry.ts'
import type { Timestamp, VectorText } from './columns.ts'

export interface GroupsTables {
  people: {
    id: Generated<number>
    /** null: a cluster of faces that nobody has named */
    name: string | null
    is_hidden: Generated<boolean>
    /** a person or a file said something of it: the clustering neither dissolves nor merges it */
    is_kept: Generated<boolean>
    /** set: its faces are that person’s now, and a file that says this name means that person */
    merged_into: number | null
    cover_face_id: number | null
    created_at: Generated<Date>
  }
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
    named_by: FaceNamer | null
    /** the clustering has looked at this vector */
    is_placed: Generated<boolean>
    /** the label of the animal whose face it is, which is put to no person by itself; null: a person’s */
    animal: string | null
  }
  face_rejections: { face_id: number; person_id: number }
  people_apart: { person_id_1: number; person_id_2: number }
  people_questions: {
    id: Generated<number>
    face_id: number | null
    /** a person without a name whose faces the question is about */
    other_id: number | null
    person_id: number
    distance: number
    usefulness: number
    skipped_at: Timestamp | null
  }
  people_changes: { edit_id: number; position: number; change: ColumnType<PeopleChange, string, string> }
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
  /** brightness, [32 × 32] bytes of the picture squashed to a square (`domain/likeness/find-part.ts`) */
  photo_outlines: { photo_id: number; luma: Uint8Array }
  compared_photos: { photo_id: number; space_id: number }
  duplicate_sets: { id: Generated<number>; kind: DuplicateKind; representative_id: number; made_at: Generated<Date> }
  /** all but the representative */
  duplicate_members: { set_id: number; photo_id: number }
}

/** Who said whose face it is: an XMP region of the file, a person, or the clustering. */
export type FaceNamer = 'file' | 'person' | 'cluster'

/** Whose faces they are. */
export interface FaceLink {
  readonly person: number | null
  readonly namedBy: FaceNamer | null
}

export interface PersonState {
  readonly name: string | null
  readonly isHidden: boolean
  readonly isKept: boolean
  readonly mergedInto: number | null
  readonly cover: number | null
}

/** One thing an action changed, as undo needs it. */
export type PeopleChange =
  | { readonly of: 'faces'; readonly faces: readonly number[]; readonly before: FaceLink; readonly after: FaceLink }
  | { readonly of: 'person'; readonly person: number; readonly before: Partial<PersonState>; readonly after: Partial<PersonState> }
  | { readonly of: 'rejection'; readonly face: number; readonly person: number; readonly after: boolean }
  | { readonly of: 'apart'; readonly persons: readonly [number, number]; readonly after: boolean }
