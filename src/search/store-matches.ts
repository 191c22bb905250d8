/** @file Reads for the matches of words that are kept in memory: all of a query’s, and what changed among them since a mark. */
import { sql } from 'kysely'
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
  const matches = queries.map((query, i) => sql`
    select ${sql.lit(i)} as i, ${packIds('photo_id')} as ids, ${MARK} as mark from search_documents where tsv @@ ${query}::tsquery`) // biome-ignore format: one thought
  const rows = await db.transaction().execute(async (trx) => {
    await sql`select set_config('enable_seqscan', 'off', true)`.execute(trx)
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
