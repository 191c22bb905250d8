/** @file What the filters can offer: categories, with how many photos each holds. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { CategoryCount } from '../contract/library.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isShownId } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'

/** Photos per category by its name, where that is known without counting; null where it is not. */
export type CountCategories = (sees: Visibility) => Promise<ReadonlyMap<string, number> | null>

/** Every category, also an empty one, in the order of their names. @param known holds as long as no document waits to be written again */
export async function listCategories(
  db: DbOrTrx,
  sees: Visibility,
  known: CountCategories = () => Promise.resolve(null),
): Promise<z.infer<typeof CategoryCount>[]> {
  const { rows } = await sql<{ id: number; name: string; description: string; is_updating: boolean }>`
    select id, name, description, refresh_from is not null as is_updating from categories order by name`.execute(db)
  const mappings = await db.selectFrom('tag_category_mappings').selectAll().orderBy('tag').execute()
  const tags = Map.groupBy(mappings, (mapping) => mapping.category_id)
  const countOf = (await isInStep(db)) ? ((await known(sees)) ?? (await countMembers(db, sees))) : await countMembers(db, sees)
  return rows.map(({ id, name, description, is_updating }) => ({
    id,
    name,
    description,
    tags: (tags.get(id) ?? []).map(({ tag }) => tag),
    count: countOf.get(name) ?? 0,
    is_updating,
  }))
}

async function isInStep(db: DbOrTrx): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select 1 from stale_documents) or exists (select 1 from categories where refresh_from is not null) as waits`.execute(db)
  return rows[0]?.waits === false
}

async function countMembers(db: DbOrTrx, sees: Visibility): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ name: string; count: number }>`
    select c.name, m.count from categories c join (
      select pc.category_id, count(*)::int as count from photo_categories pc
      where ${isShownId(sees, 'pc.photo_id')} group by pc.category_id
    ) m on m.category_id = c.id`.execute(db)
  return new Map(rows.map(({ name, count }) => [name, count]))
}
