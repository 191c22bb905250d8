/** @file What a filter is: a value of the query becomes a predicate over photos, and its facet says which values the photos hold. */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FilterKey, SearchFilters } from '../../contract/search-filters.ts'
import { parseRange } from '../../contract/search-filters.ts'
import type { DbOrTrx } from '../../db/client.ts'
import type { Predicate, Visibility } from '../../domain/visibility.ts'

export interface Filter<K extends FilterKey> {
  /**
   * @param others what else the query demands of a photo, for a filter that compares photos
   * @param sees whose photos are compared with
   * @returns null when this value keeps every photo
   */
  readonly keeps: (value: NonNullable<SearchFilters[K]>, others: readonly Predicate[], sees: Visibility) => Predicate | null
  readonly facet?: Facet
  readonly groups?: Groups
}

/** Groups of photos that persons or runs fill without the photos’ documents being written: their counts are not in the facet index. */
export interface Groups {
  /** Selects `photo_id` and `value` (text), each pair once. */
  readonly rows: RawBuilder<unknown>
  /** what the groups are called; those without a name are left out */
  readonly names: (db: DbOrTrx, sees: Visibility) => Promise<readonly { readonly value: string; readonly label: string }[]>
}

/** The values of a filter that photos hold, for counts beside the results. */
export interface Facet {
  /**
   * Selects `photo_id` and `value` (text), each pair once, of the photos for which `of(<column of photo ids>)` holds.
   * It may read only what the search document is rewritten for (`refreshSearchDocuments`), or what never changes.
   */
  readonly rows: (of: (column: string) => Expression<SqlBool>) => RawBuilder<{ photo_id: number; value: string }>
  /** its rows also have `said_by` and `confidence`, and each pair is there once for each who says it */
  readonly isSaid?: true
  /** what a person calls the values, where that is not the value itself */
  readonly labels?: (db: DbOrTrx, values: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** All demands on `photo` as one condition; true without any. */
export function demand(predicates: readonly Predicate[], photo = 'photos'): Expression<SqlBool> {
  return join(predicates, photo, sql`true`, sql` and `)
}

export function meetsAll(predicates: readonly Predicate[]): Predicate {
  return (photo) => demand(predicates, photo)
}

export function meetsAny(predicates: readonly Predicate[]): Predicate {
  return (photo) => join(predicates, photo, sql`false`, sql` or `)
}

/** Also where it cannot be said: a photo of unknown size is no panorama. */
export function meetsNot(predicate: Predicate): Predicate {
  return (photo) => sql<SqlBool>`(${predicate(photo)}) is not true`
}

function join(predicates: readonly Predicate[], photo: string, none: RawBuilder<unknown>, word: RawBuilder<unknown>): Expression<SqlBool> {
  if (predicates.length === 0) return none as RawBuilder<SqlBool>
  const parts = predicates.map((predicate) => predicate(photo))
  return sql<SqlBool>`(${sql.join(parts, word)})`
}

/** Photos whose row of `photo_metadata` meets the condition. */
export function metadataMeets(condition: RawBuilder<unknown>): Predicate {
  return (photo) => sql<SqlBool>`exists (select 1 from photo_metadata m where m.photo_id = ${sql.ref(`${photo}.id`)} and ${condition})`
}

/** A filter over a column of `photo_metadata` that holds words: any of them, in any case. The index is over `lower(column)`. */
export function anyOfMetadata(column: 'camera_model' | 'lens' | 'city' | 'country'): {
  readonly keeps: (values: readonly string[]) => Predicate | null
  readonly facet: Facet
} {
  return {
    keeps: (values) => (values.length === 0 ? null : metadataMeets(sql`lower(m.${sql.ref(column)}) in (${lowered(values)})`)),
    facet: {
      rows: (of) =>
        sql`select m.photo_id, m.${sql.ref(column)} as value from photo_metadata m where m.${sql.ref(column)} is not null and ${of('m.photo_id')}`,
    },
  }
}

export function lowered(values: readonly string[]): RawBuilder<unknown> {
  return sql.join(values.map((value) => value.toLowerCase()))
}

/** A whole number lies in the range that the text says; both ends count. */
export function countLiesIn(expression: RawBuilder<unknown>, range: string): RawBuilder<unknown> {
  const { min, max } = parseRange(range)
  const ends = [
    ...(min === null ? [] : [sql`${expression} >= ${Math.ceil(min)}::integer`]),
    ...(max === null ? [] : [sql`${expression} <= ${Math.floor(max)}::integer`]),
  ]
  return sql.join(ends, sql` and `)
}

/** As `countLiesIn`, for numbers with a fraction. */
export function numberLiesIn(expression: RawBuilder<unknown>, range: string): RawBuilder<unknown> {
  const { min, max } = parseRange(range)
  const ends = [
    ...(min === null ? [] : [sql`${expression} >= ${min}::float8`]),
    ...(max === null ? [] : [sql`${expression} <= ${max}::float8`]),
  ]
  return sql.join(ends, sql` and `)
}
