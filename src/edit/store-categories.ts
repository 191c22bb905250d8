/** @file Categories and their tags. A change of the mapping marks the category; the photos follow in ranges, in the background, and resume. */

import { sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import { holdPhotos } from '../document/store.ts'

/** Lower-case name → id. */
export async function readCategoryIds(db: DbOrTrx): Promise<Map<string, number>> {
  const rows = await db.selectFrom('categories').select(['id', 'name']).execute()
  return new Map(rows.map(({ id, name }) => [name.toLowerCase(), id]))
}

export async function insertCategory(trx: Trx, name: string, description: string): Promise<number> {
  return (await trx.insertInto('categories').values({ name, description }).returning('id').executeTakeFirstOrThrow()).id
}

/** @returns false when there is no such category */
export async function updateCategory(trx: Trx, id: number, patch: { name?: string; description?: string }): Promise<boolean> {
  const { rows } = await sql<{ name: string }>`select name from categories where id = ${id} for update`.execute(trx)
  const [before] = rows
  if (!before) return false
  if (Object.keys(patch).length > 0) await trx.updateTable('categories').set(patch).where('id', '=', id).execute()
  // its name is a word of its photos
  if (patch.name !== undefined && patch.name !== before.name) await markMembersStale(trx, id)
  return true
}

/** Makes these the tags of the category; its photos are due to be looked at when that changes anything. */
export async function replaceCategoryTags(trx: Trx, id: number, tags: readonly string[]): Promise<void> {
  const list = JSON.stringify([...new Set(tags)])
  const { rows } = await sql<{ tag: string }>`
    with wanted as (select value as tag from jsonb_array_elements_text(${list}::jsonb)),
    gone as (
      delete from tag_category_mappings m where m.category_id = ${id} and m.tag not in (select tag from wanted) returning m.tag),
    added as (
      insert into tag_category_mappings (tag, category_id) select tag, ${id}::integer from wanted on conflict do nothing returning tag)
    select tag from gone union all select tag from added`.execute(trx)
  if (rows.length > 0) await trx.updateTable('categories').set({ refresh_from: 0 }).where('id', '=', id).execute()
}

/**
 * Holds categories that go, then the table of members: a photo that is being put into one of them at this moment is waited for, since
 * no foreign key watches over it (migration 0019). Those who refresh a category take the two in the same order.
 */
async function holdForDeletion(trx: Trx, ids: readonly number[]): Promise<void> {
  await sql`select id from categories where id = any (${toIntegers(ids)}) order by id for update`.execute(trx)
  await sql`lock table photo_categories in share row exclusive mode`.execute(trx)
}

/** Tags, photos a person put there or took out, and what is to be done go over to the other category; this one is gone. */
export async function mergeInto(trx: Trx, id: number, intoId: number): Promise<void> {
  await holdForDeletion(trx, [id, intoId])
  await sql`
    insert into tag_category_mappings (tag, category_id) select tag, ${intoId}::integer from tag_category_mappings where category_id = ${id}
    on conflict do nothing`.execute(trx)
  await sql`
    insert into decisions (photo_id, field, key, value, decided_at, actor)
    select photo_id, field, ${String(intoId)}, value, decided_at, actor from decisions where field = 'category' and key = ${String(id)} and value = 'true'
    on conflict do nothing`.execute(trx)
  await trx.updateTable('categories').set({ refresh_from: 0 }).where('id', '=', intoId).execute()
  await deleteCategory(trx, id)
}

/** @returns false when there is no such category */
export async function deleteCategory(trx: Trx, id: number): Promise<boolean> {
  await holdForDeletion(trx, [id])
  await markMembersStale(trx, id)
  await trx.deleteFrom('decisions').where('field', '=', 'category').where('key', '=', String(id)).execute()
  const deleted = await trx.deleteFrom('categories').where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

async function markMembersStale(trx: Trx, id: number): Promise<void> {
  await sql`insert into stale_documents (photo_id) select photo_id from photo_categories where category_id = ${id} on conflict do nothing`.execute(
    trx,
  )
}

/**
 * Looks at the next photos of a category whose tags were changed: those whose ids lie in the next range.
 * @returns how many ids that were; 0 when all are looked at
 */
export async function continueCategories(db: Db, range: number): Promise<number> {
  return transact(db, async (trx) => {
    const { rows } = await sql<{ id: number; from: number; last: number | null }>`
      select id, refresh_from as "from", (select max(id) from photos) as last
      from categories where refresh_from is not null order by id limit 1 for update skip locked`.execute(trx)
    const [category] = rows
    if (!category) return 0
    const { id, from, last } = category
    const to = from + range
    await holdPhotos(trx, sql`id > ${from} and id <= ${to}`)
    // what `derived_categories` says of this one category, with its tags looked up once
    await sql`
      with kinds as materialized ( 
        select distinct b.tag from tag_category_mappings m join tag_broader b on b.broader = m.tag where m.category_id = ${id}),
      wanted as materialized (
        select t.photo_id from effective_tags t
        where t.photo_id > ${from} and t.photo_id <= ${to} and t.tag in (select tag from kinds) and not exists (
          select 1 from decisions d where d.photo_id = t.photo_id and d.field = 'category' and d.key = ${String(id)} and d.value = 'false')
        union
        select d.photo_id from decisions d
        where d.photo_id > ${from} and d.photo_id <= ${to} and d.field = 'category' and d.key = ${String(id)} and d.value = 'true'),
      gone as (
        delete from photo_categories c
        where c.category_id = ${id} and c.photo_id > ${from} and c.photo_id <= ${to} and c.photo_id not in (select photo_id from wanted)
        returning c.photo_id),
      added as (
        insert into photo_categories (category_id, photo_id) select ${id}::integer, photo_id from wanted on conflict do nothing
        returning photo_id)
      insert into stale_documents (photo_id) select photo_id from gone union select photo_id from added on conflict do nothing`.execute(trx)
    await trx
      .updateTable('categories')
      .set({ refresh_from: to >= (last ?? 0) ? null : to })
      .where('id', '=', id)
      .execute()
    return range
  })
}
