/** @file What the filters can offer: categories, with how many photos each holds. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { CategoryCount } from '../contract/library.ts'
import type { DbOrTrx } from '../db/client.ts'

/** Every category, also an empty one, in the order of their names. */
export async function listCategories(db: DbOrTrx): Promise<z.infer<typeof CategoryCount>[]> {
  const { rows } = await sql<{ id: number; name: string; description: string; is_updating: boolean }>`
    select id, name, description, refresh_from is not null as is_updating from categories order by name`.execute(db)
  const mappings = await db.selectFrom('tag_category_mappings').selectAll().orderBy('tag').execute()
  const tags = Map.groupBy(mappings, (mapping) => mapping.category_id)
  const counts = await sql<{ category_id: number; count: number }>`
    select category_id, count(*)::int as count from photo_categories
    where photo_id not in (select id from photos where trashed_at is not null) group by category_id`.execute(db)
  const countOf = new Map(counts.rows.map(({ category_id, count }) => [category_id, count]))
  return rows.map(({ id, name, description, is_updating }) => ({
    id,
    name,
    description,
    tags: (tags.get(id) ?? []).map(({ tag }) => tag),
    count: countOf.get(id) ?? 0,
    is_updating,
  }))
}
