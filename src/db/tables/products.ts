/** @file Product pictures, products, and what is on its way to a store. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { WordField } from '../../contract/product-words.ts'
import type { ShotMeasures } from '../../domain/product/shot.ts'

export interface ProductsTables {
  products: { id: Generated<number>; store: string; sku: string; name: string | null; kind: string | null; created_at: Generated<Date> }
  product_pictures: {
    id: Generated<number>
    photo_id: number
    store: string
    /** its name in the store */
    key: string
    display_name: string
    /** earring, bracelet … as whoever sent it said */
    kind: string | null
    state: Generated<'stored' | 'held' | 'trashed'>
    product_id: number | null
    slot: 'main' | 'angle' | 'detail' | 'on-model' | 'dimension' | 'lifestyle' | null
    /** the picture it was held for or is like */
    like_id: number | null
    like_kind: 'same-file' | 'same-picture' | 'similar' | null
    like_distance: number | null
    /** the picture it was made of */
    origin_id: number | null
    made_by: string | null
    shot: JSONColumnType<ShotMeasures> | null
    /** of the product, measured; null where none stands out */
    colour: string | null
    created_at: Generated<Date>
    changed_at: ColumnType<Date, Date | undefined, Date>
  }
  /** what a model said of the picture as a product, the last answer */
  product_answers: {
    picture_id: number
    /** what the model was told it is */
    kind: string
    name: string
    description: string | null
    attributes: string[]
    colour: string | null
    prompt: string | null
    /** of the photo; null where the model did not see it */
    grade: 'A' | 'B' | 'C' | null
    said_by: string
    /** every model that had a part, as the servers name them */
    models: string[]
    prompt_version: string
    created_at: Generated<Date>
  }
  /** a person’s word over the machine’s; a row with null says that there is none */
  product_words: { picture_id: number; field: WordField; value: string | null; decided_at: Generated<Date> }
  product_word_changes: {
    edit_id: number
    picture_id: number
    field: WordField
    /** null: nobody had said anything, the machine’s word stood */
    before: JSONColumnType<{ value: string | null }> | null
    after: JSONColumnType<{ value: string | null }> | null
  }
  store_intents: { id: Generated<number>; owner: string | null; store: string; key: string; created_at: Generated<Date> }
}
