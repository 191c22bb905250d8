/** @file Filter `format`: the sniffed format of the file. */
import { type SqlBool, sql } from 'kysely'
import type { Filter } from './filter.ts'

export const format: Filter<'format'> = {
  keeps: (formats) => (formats.length === 0 ? null : (photo) => sql<SqlBool>`${sql.ref(`${photo}.format`)} in (${sql.join(formats)})`),
  facet: { rows: (of) => sql`select p.id as photo_id, p.format as value from photos p where p.format is not null and ${of('p.id')}` },
}
