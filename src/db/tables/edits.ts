/** @file What persons decided, the views that put it over the machine’s word, sidecars. */

import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { StoredMessage, Timestamp } from './columns.ts'
import type { FaceRegion } from './library.ts'

export interface EditsTables {
  sidecars: {
    photo_id: number
    /** `search_documents.changed_in` of the state it holds */
    seen: string
    /** what we wrote, as `edit/write-back.ts` makes it; null where nothing was to be said */
    content: ColumnType<WrittenContent, string | null, string | null> | null
    /** absolute */
    path: string | null
    problem: string | null
  }
  edits: {
    id: Generated<number>
    summary: StoredMessage
    /** decisions to make, as `edit/operations.ts` resolves them; for an undo those of what it undoes */
    targets: JSONColumnType<Target[]>
    undo_of: number | null
    /** who made it */
    actor: Generated<string>
    /** what was changed, and so who undoes it: `photos` (decisions), `people`, `products`, `clusters`, `vocabulary` or `albums` */
    area: Generated<EditArea>
    state: Generated<'running' | 'done'>
    /** empty once it is done */
    photo_ids: number[]
    /** how many it is about */
    photos: number
    /** of `photo_ids`, how many are worked through */
    position: Generated<number>
    /** photos that were changed */
    changed: Generated<number>
    /** undo: values left alone because something else was decided since */
    conflicts: Generated<number>
    made_at: Generated<Date>
    finished_at: Timestamp | null
  }
  decisions: {
    photo_id: number
    field: DecisionField
    /** the tag, the category’s id, the other photo’s id, or `''` for what a photo has once */
    key: Generated<string>
    /** tag and category: true is in, false is out; title, caption, alt_text: text or null; rating: 0–5 or null; favourite: boolean */
    value: ColumnType<DecisionValue, string, string>
    decided_at: Generated<Date>
    actor: Generated<string>
  }
  edit_changes: {
    edit_id: number
    photo_id: number
    field: DecisionField
    key: Generated<string>
    before: ColumnType<DecisionValue, string | null, string | null> | null
    before_at: Timestamp | null
    after: ColumnType<DecisionValue, string | null, string | null> | null
  }
  /** view: the tags of photos with a person’s word over a machine’s; `said_by` is then `person` */
  effective_tags: { photo_id: number | null; tag: string | null; said_by: string | null; confidence: number | null }
  /** view: what `photo_categories` must hold */
  derived_categories: { category_id: number | null; photo_id: number | null }
  /** view: what the file (or a model) says, and who says it */
  machine_facts: {
    photo_id: number | null
    title: string | null
    title_said_by: string | null
    caption: string | null
    caption_said_by: string | null
    file_caption: string | null
    /** of the describer that spoke last */
    model_caption: string | null
    alt_text: string | null
    alt_text_said_by: string | null
    rating: number | null
    rating_said_by: string | null
  }
  /** view: a person’s word over the machine’s */
  effective_facts: {
    photo_id: number | null
    title: string | null
    caption: string | null
    /** null when a person decided the caption */
    file_caption: string | null
    alt_text: string | null
    /** what a model or a person says in words, alternative text included; for keyword search */
    captions: string[] | null
    rating: number | null
    favourite: boolean | null
  }
}

export type EditArea = 'photos' | 'people' | 'products' | 'clusters' | 'vocabulary' | 'albums'

/** What a decision is about. `tag` and `category` have a key, the others a photo has once. */
/** `pair`: of this photo and the younger one that the key names, that they are different, or are both kept. */
export type DecisionField = 'tag' | 'category' | 'trash' | 'pair' | SingleField
export type SingleField = 'title' | 'caption' | 'alt_text' | 'rating' | 'favourite'
export type DecisionValue = string | number | boolean | null

/** One thing an edit wants of every photo it is about. */
export type Target =
  | {
      readonly set: DecisionField
      readonly key: string
      readonly value: DecisionValue
      /** of this photo alone */
      readonly photo?: number
    }
  /** back to what machines and files say; all keys of the field */
  | { readonly reset: DecisionField }

/** What we said in a sidecar, to be taken back when it is said no more. */
export interface WrittenContent {
  readonly title: string | null
  readonly caption: string | null
  readonly altText: string | null
  readonly rating: number | null
  readonly keywords: readonly string[]
  readonly paths: readonly string[]
  readonly faces: readonly FaceRegion[]
}
