/** @file Filter `tag`: photos that carry all of these tags, whoever said them. Tags are kept in lower case. */
import { type SqlBool, sql } from 'kysely'
import { type Filter, meetsAll } from './filter.ts'

export const tag: Filter<'tag'> = {
  keeps: (tags) =>
    tags.length === 0
      ? null
      : meetsAll(
          tags.map(
            (name) => (photo) =>
              sql<SqlBool>`exists (select 1 from effective_tags t where t.tag = ${name.toLowerCase()} and t.photo_id = ${sql.ref(`${photo}.id`)})`,
          ),
        ),
  facet: {
    isSaid: true,
    rows: (of) => sql`select t.photo_id, t.tag as value, t.said_by, t.confidence from effective_tags t where ${of('t.photo_id')}`,
  },
}
