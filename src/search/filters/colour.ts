/** @file Filter `colour`: any of these names is in the palette of the photo. */
import { type SqlBool, sql } from 'kysely'
import { type Filter, lowered } from './filter.ts'

export const colour: Filter<'colour'> = {
  keeps: (names) =>
    names.length === 0
      ? null
      : (photo) =>
          sql<SqlBool>`exists (select 1 from photo_colours p where p.photo_id = ${sql.ref(`${photo}.id`)} and p.name in (${lowered(names)}))`,
  facet: { rows: (of) => sql`select distinct p.photo_id, p.name as value from photo_colours p where ${of('p.photo_id')}` },
}
