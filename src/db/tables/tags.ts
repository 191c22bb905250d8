/** @file Tags, their hierarchy, categories, the vocabulary. */
import type { ColumnType, Generated } from 'kysely'

export interface TagsTables {
  categories: {
    id: Generated<number>
    name: string
    description: Generated<string>
    created_at: Generated<Date>
    /** photos from this id on may be in the category or out of it wrongly, until the background work has looked at them */
    refresh_from: number | null
  }
  photo_categories: { category_id: number; photo_id: number }
  tag_category_mappings: { tag: string; category_id: number }
  /** every level, and the tag itself; only for tags in use. */
  tag_broader: { tag: string; broader: string }
  vocabulary_words: {
    word: string
    kind: 'added' | 'removed'
    /** what is encoded instead of the sentences around the word */
    prompt: string | null
    /** what the word is a kind of, as the user says */
    broader: Generated<string[]>
    created_at: Generated<Date>
    /** score from which it is said; null: as measured */
    threshold: number | null
  }
  vocabulary_changes: {
    edit_id: number
    word: string
    /** null: the word was as the starting list has it, or not there */
    before: ColumnType<WordState, string | null, string | null> | null
    after: ColumnType<WordState, string | null, string | null> | null
  }
  space_tags: {
    space_id: number
    tag: string
    /** the text that was encoded */
    prompt: string
    /** [width] float32, little-endian, of unit length; null: the model knows none of its words */
    vector: Uint8Array | null
    /** median score of the library’s photos; null until the space was calibrated */
    usual: number | null
    /** a photo with at least this score may be tagged */
    threshold: number | null
  }
}

/** What a person said of a word. */
export interface WordState {
  readonly kind: 'added' | 'removed'
  readonly prompt: string | null
  readonly broader: readonly string[]
  readonly threshold: number | null
}
