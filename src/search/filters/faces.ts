/** @file Filter `faces`: how many faces of people a photo shows. */
import { type SqlBool, sql } from 'kysely'
import { countLiesIn, type Filter } from './filter.ts'

export const faces: Filter<'faces'> = {
  keeps: (range) => (photo) =>
    sql<SqlBool>`(${countLiesIn(sql`(select count(*) from faces f where f.animal is null and f.photo_id = ${sql.ref(`${photo}.id`)})`, range)})`,
}
