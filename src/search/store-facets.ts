/** @file Reads for the facet index: which photos’ facts changed, and the facet values they hold. */

import { type RawBuilder, sql } from 'kysely'
import type { FilterKey } from '../contract/search-filters.ts'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'
import { isKeptId, isShownId } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { listFacets } from './filters.ts'
import { goneSince, MARK } from './store-changes.ts'

/**
 * Photos whose document was written since, those deleted since, and the mark for the next time.
 * @param since null for all; what transactions that were still open then wrote is read again
 */
export async function readChangedDocuments(
  db: DbOrTrx,
  since: string | null,
): Promise<{ ids: Int32Array; gone: Int32Array; seen: string }> {
  const changed = since === null ? sql`` : sql`where changed_in >= ${since}::xid8`
  const gone = since === null ? sql`null::bytea` : goneSince(since)
  const { rows } = await sql<{ ids: Uint8Array | null; gone: Uint8Array | null; seen: string }>`
    select (select ${packIds('photo_id')} from search_documents ${changed}) as ids, ${gone} as gone, ${MARK} as seen`.execute(db)
  const [row] = rows
  return { ids: unpackIds(row?.ids), gone: unpackIds(row?.gone), seen: row?.seen ?? '0' }
}

export interface FacetRow {
  readonly key: FilterKey
  readonly value: string
  readonly photo_ids: readonly number[]
  /** who says it, where that is told: then each photo comes once for each of them */
  readonly said_by: string | null
  /** beside the photos: how confident who says it is */
  readonly confidences: readonly number[] | null
}

/** All values of all facets that these photos hold, one row per value and, where it is told, who says it. */
export async function readFacetRows(db: DbOrTrx, photoIds: Int32Array): Promise<FacetRow[]> {
  return (await selectFacetRows(photoIds).execute(db)).rows
}

/** The statement, to be read or told from that of another version. */
export function selectFacetRows(photoIds: Int32Array): RawBuilder<FacetRow> {
  const ids = toIntegers(photoIds)
  const of = (column: string) => sql<boolean>`(${sql.ref(column)} = any (${ids}) and ${isKeptId(column)})`
  const facets: RawBuilder<unknown>[] = listFacets().map(({ key, facet }) =>
    facet.isSaid
      ? sql`select ${sql.lit(key)} as key, value, array_agg(photo_id) as photo_ids, said_by, array_agg(confidence) as confidences
            from (${facet.rows(of)}) held group by value, said_by`
      : sql`select ${sql.lit(key)} as key, value, array_agg(photo_id) as photo_ids, null::text as said_by, null::real[] as confidences
            from (${facet.rows(of)}) held group by value`,
  )
  return sql<FacetRow>`${sql.join(facets, sql` union all `)}`
}

export async function readPeopleNames(db: DbOrTrx): Promise<ReadonlyMap<number, string>> {
  const rows = await db.selectFrom('people').select(['id', 'name']).execute()
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])))
}

/** Of the words of the library, those on a photo that is shown: `and …`, nothing where all are. */
export function isSeenWord(sees: Visibility, word: string): RawBuilder<unknown> {
  if (sees.allowed === null) return sql``
  return sql`and exists (select 1 from search_documents d where d.tsv @@ ('''' || ${sql.ref(word)} || '''')::tsquery and ${isShownId(sees, 'd.photo_id')})`
}

/** Photos counted per word; a word on more is common, and counting on would take longer than a person types. */
const MAX_COUNTED = 500

/** The shortest words of the library that begin so, with how many photos hold them. `start` holds letters, digits and marks only. */
export async function readWordsFrom(
  db: DbOrTrx,
  sees: Visibility,
  start: string,
  limit: number,
): Promise<{ word: string; count: number }[]> {
  const seen = sees.allowed === null ? sql`` : sql`and ${isShownId(sees, 'd.photo_id')}`
  const { rows } = await sql<{ word: string; count: number }>`
    select near.word, (
      select count(*)::int from (
        select 1 from search_documents d where d.tsv @@ ('''' || near.word || '''')::tsquery ${seen} limit ${sql.lit(MAX_COUNTED)}) held
    ) as count
    from (select word from search_words where word like ${`${start}%`} ${isSeenWord(sees, 'word')} order by length(word), word limit ${limit}) near`.execute(
    db,
  )
  return rows
}
