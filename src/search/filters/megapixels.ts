/** @file Filter `megapixels`: how many millions of pixels a photo has. */
import { type SqlBool, sql } from 'kysely'
import { type Filter, numberLiesIn } from './filter.ts'

export const megapixels: Filter<'megapixels'> = {
  keeps: (range) => (photo) =>
    sql<SqlBool>`(${numberLiesIn(sql`${sql.ref(`${photo}.width`)}::float8 * ${sql.ref(`${photo}.height`)} / 1e6`, range)})`,
}
