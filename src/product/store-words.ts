/** @file What persons and models say of product pictures, as rows; what each edit of a person changed, for undo. */
import { sql } from 'kysely'
import type { WordField } from '../contract/product-words.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import type { SaidOfPhoto } from './say-product.ts'

/** A person’s words of one picture; a field that is not there is the machine’s. */
export type PersonsWords = ReadonlyMap<WordField, string | null>

export async function readPersonsWords(db: DbOrTrx, pictureIds: readonly number[]): Promise<Map<number, PersonsWords>> {
  if (pictureIds.length === 0) return new Map()
  const rows = await db.selectFrom('product_words').select(['picture_id', 'field', 'value']).where('picture_id', 'in', pictureIds).execute()
  return new Map(
    [...Map.groupBy(rows, ({ picture_id }) => picture_id)].map(([id, own]) => [id, new Map(own.map(({ field, value }) => [field, value]))]),
  )
}

/** What the describer that spoke last said of each of these photos. */
export async function readSaidOfPhotos(db: DbOrTrx, photoIds: readonly number[]): Promise<Map<number, SaidOfPhoto>> {
  if (photoIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('descriptions')
    .distinctOn('photo_id')
    .select(['photo_id', 'description', 'alt_text as altText', 'tags'])
    .where('photo_id', 'in', photoIds)
    .orderBy('photo_id')
    .orderBy('created_at', 'desc')
    .execute()
  return new Map(rows.map(({ photo_id, ...said }) => [photo_id, said]))
}

/** Held until the transaction ends, so that what is noted as “before” is what was there. @returns whether there is such a picture */
export async function lockPicture(trx: Trx, id: number): Promise<boolean> {
  const { rows } = await sql`select id from product_pictures where id = ${id} for update`.execute(trx)
  return rows.length > 0
}

/** @param word null: the machine’s word stands again */
export async function writeWord(
  trx: Trx,
  pictureId: number,
  field: WordField,
  word: { readonly value: string | null } | null,
): Promise<void> {
  if (word === null) await trx.deleteFrom('product_words').where('picture_id', '=', pictureId).where('field', '=', field).execute()
  else
    await trx
      .insertInto('product_words')
      .values({ picture_id: pictureId, field, value: word.value })
      .onConflict((conflict) => conflict.columns(['picture_id', 'field']).doUpdateSet({ value: word.value, decided_at: new Date() }))
      .execute()
}

export interface WordChange {
  readonly pictureId: number
  readonly field: WordField
  readonly before: { readonly value: string | null } | null
  readonly after: { readonly value: string | null } | null
}

export async function insertWordChanges(trx: Trx, editId: number, changes: readonly WordChange[]): Promise<void> {
  if (changes.length === 0) return
  const toJson = (word: WordChange['before']) => (word === null ? null : JSON.stringify(word))
  await trx
    .insertInto('product_word_changes')
    .values(
      changes.map(({ pictureId, field, before, after }) => ({
        edit_id: editId,
        picture_id: pictureId,
        field,
        before: toJson(before),
        after: toJson(after),
      })),
    )
    .execute()
}

export async function readWordChanges(db: DbOrTrx, editId: number): Promise<WordChange[]> {
  return db
    .selectFrom('product_word_changes')
    .select(['picture_id as pictureId', 'field', 'before', 'after'])
    .where('edit_id', '=', editId)
    .orderBy('picture_id')
    .orderBy('field')
    .execute()
}
