/** @file What the filters can offer: categories and people, with how many photos each holds. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../db/client.ts'
import { readInRanges } from './store-ranges.ts'

/** Every category, also an empty one, in the order of their names. A photo counts once, however many of its tags belong there. */
export async function listCategories(db: DbOrTrx): Promise<{ name: string; count: number }[]> {
  const { rows } = await sql<{ name: string }>`select name from categories order by name`.execute(db)
  const counts = new Map(rows.map(({ name }) => [name, 0]))
  await readInRanges(
    db,
    (from, to) =>
      sql<{ name: string; count: string | number }>`
        select categories.name, count(*) as count from categories join (
          select distinct tag_category_mappings.category_id, photo_tags.photo_id from photo_tags
          join tag_category_mappings on tag_category_mappings.tag = photo_tags.tag
          where photo_tags.photo_id between ${from} and ${to}
        ) as found on found.category_id = categories.id group by categories.name`.execute(db),
    ({ name, count }) => counts.set(name, (counts.get(name) ?? 0) + Number(count)),
  )
  return [...counts].map(([name, count]) => ({ name, count }))
}

/** People with a name, those in most photos first. */
export async function listPeople(db: DbOrTrx): Promise<{ id: number; name: string; count: number }[]> {
  const { rows } = await sql<{ id: number; name: string; count: string | number }>`
    select people.id, people.name, count(distinct faces.photo_id) as count
    from people left join faces on faces.person_id = people.id
    group by people.id, people.name order by count desc, people.name`.execute(db)
  return rows.map((row) => ({ id: row.id, name: row.name, count: Number(row.count) }))
}
