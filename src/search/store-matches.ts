/** @file Reads for the matches of words that are kept in memory: all of a query’s, and what changed among them since a mark. */

import { sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'
import { goneSince, MARK } from './store-changes.ts'

/**
 * By the index of words, however many match: the planner knows nothing of the long documents that lie outside the table, and would read
 * them all for words on most photos (100,000 photos in PGlite: 110–130 core-ms, by the index 40–60).
 * @param queries tsqueries in Postgres’ own text form
 * @returns the photos of each, all of one moment
 */
export async function readMatches(db: Db, queries: readonly string[]): Promise<{ ids: Int32Array[]; mark: string }> {
  const matches = queries.map(
    (query, i) => sql`
    select ${sql.lit(i)} as i, ${packIds('photo_id')} as ids, ${MARK} as mark from search_documents where tsv @@ ${query}::tsquery`,
  )
  const rows = await db.transaction().execute(async (trx) => {
    // where the places of matches do not fit into `work_mem`, all documents of their pages are compared again: half as long again at a million
    await sql`select set_config('enable_seqscan', 'off', true), set_config('work_mem', '32MB', true)`.execute(trx)
    return (await sql<{ i: number; ids: Uint8Array | null; mark: string }>`${sql.join(matches, sql` union all `)}`.execute(trx)).rows
  })
  const found = new Map(rows.map(({ i, ids }) => [i, ids]))
  return { ids: queries.map((_, i) => unpackIds(found.get(i))), mark: rows[0]?.mark ?? '0' }
}

export interface MatchChanges {
  /** photos whose documents were written since, or that were deleted */
  readonly changed: Int32Array
  /** those of the changed that match now */
  readonly matching: Int32Array
  readonly mark: string
}

export async function readMatchChanges(db: DbOrTrx, query: string, mark: string): Promise<MatchChanges> {
  const { rows } = await sql<{ changed: Uint8Array | null; matching: Uint8Array | null; gone: Uint8Array | null; mark: string }>`
    select ${packIds('photo_id')} as changed, ${packIds('photo_id')} filter (where tsv @@ ${query}::tsquery) as matching,
      ${goneSince(mark)} as gone, ${MARK} as mark
    from search_documents where changed_in >= ${mark}::xid8`.execute(db)
  const [row] = rows
  const [changed, gone] = [unpackIds(row?.changed), unpackIds(row?.gone)]
  const all = new Int32Array(changed.length + gone.length)
  all.set(changed)
  all.set(gone, changed.length)
  return { changed: all, matching: unpackIds(row?.matching), mark: row?.mark ?? mark }
}

/** Documents that are looked at to learn which words are common. */
const SAMPLE = 10_000

/**
 * Words of documents on at least this share of the photos, the most frequent first, told by some of the documents.
 * @param photos about how many there are
 */
export async function listCommonWords(
  db: DbOrTrx,
  { photos, minShare, limit }: { photos: number; minShare: number; limit: number },
): Promise<string[]> {
  const percent = Math.min(100, (100 * SAMPLE) / Math.max(1, photos))
  const { rows } = await sql<{ word: string }>`
    with sample as materialized (select tsv from search_documents tablesample system (${percent}::real))
    select word from sample, unnest(tsvector_to_array(tsv)) as word
    group by word having count(*) >= ${minShare}::float8 * (select count(*) from sample)
    order by count(*) desc, word limit ${limit}`.execute(db)
  return rows.map(({ word }) => word)
}

export interface PhotosOfWord {
  readonly word: string
  readonly ids: Int32Array
}

/** Which of these photos hold which of these words; words that none holds are left out. */
export async function readPhotosOfWords(db: DbOrTrx, ids: Int32Array, words: readonly string[]): Promise<PhotosOfWord[]> {
  const { rows } = await sql<{ word: string; ids: Uint8Array }>`
    select word, ${packIds('photo_id')} as ids from search_documents, unnest(tsvector_to_array(tsv)) as word
    where photo_id = any (${toIntegers(ids)})
      and word in (select jsonb_array_elements_text(${JSON.stringify(words)}::jsonb))
    group by word`.execute(db)
  return rows.map((row) => ({ word: row.word, ids: unpackIds(row.ids) }))
}
