/** @file Filters `people`, `people_any`, `people_none`: photos that show all, any or none of these people. */

import { type SqlBool, sql } from 'kysely'
import type { Predicate } from '../../domain/visibility.ts'
import { type Filter, meetsAll, meetsNot } from './filter.ts'

const showsAny =
  (ids: readonly number[]): Predicate =>
  (photo) =>
    sql<SqlBool>`${sql.ref(`${photo}.id`)} in (select f.photo_id from faces f where f.person_id in (${sql.join(ids)}))`

export const peopleAny: Filter<'people_any'> = { keeps: (ids) => (ids.length === 0 ? null : showsAny(ids)) }
export const peopleNone: Filter<'people_none'> = { keeps: (ids) => (ids.length === 0 ? null : meetsNot(showsAny(ids))) }

export const people: Filter<'people'> = {
  keeps: (ids) => (ids.length === 0 ? null : meetsAll(ids.map((id) => showsAny([id])))),
  facet: {
    rows: (of) =>
      sql`select distinct f.photo_id, f.person_id::text as value from faces f join people p on p.id = f.person_id
        where p.name is not null and not p.is_hidden and ${of('f.photo_id')}`,
    labels: async (db, ids) => {
      const found = await db.selectFrom('people').select(['id', 'name']).where('id', 'in', ids.map(Number)).execute()
      return new Map(found.flatMap(({ id, name }) => (name === null ? [] : [[String(id), name] as const])))
    },
  },
}
