/** @file What a filter is: a value of the query becomes a predicate over photos; predicates compose by AND. */
import { type Expression, type SqlBool, sql } from 'kysely'
import type { FilterKey, SearchFilters } from '../../contract/search-filters.ts'

/** An expression over the row of `photos` that goes by the name `photo` in the query. */
export type Predicate = (photo: string) => Expression<SqlBool>

/**
 * @param others what else the query demands of a photo, for a filter that compares photos
 * @returns null when this value keeps every photo
 */
export type Filter<K extends FilterKey> = (value: NonNullable<SearchFilters[K]>, others: readonly Predicate[]) => Predicate | null

/** All demands on `photo` as one condition; true without any. */
export function demand(predicates: readonly Predicate[], photo = 'photos'): Expression<SqlBool> {
  if (predicates.length === 0) return sql<SqlBool>`true`
  return sql<SqlBool>`(${sql.join(
    predicates.map((predicate) => predicate(photo)),
    sql` and `,
  )})`
}

/** Exactly these photos. */
export function isOneOf(ids: readonly number[]): Predicate {
  const list = `{${ids.join(',')}}`
  return (photo) => sql<SqlBool>`${sql.ref(`${photo}.id`)} = any (${list}::integer[])`
}
