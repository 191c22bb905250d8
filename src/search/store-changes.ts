/** @file Reads for what is kept in memory: which photos and vectors changed or went since a mark, and vectors as bytes. */

import { type RawBuilder, sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'

/** What transactions that were open when a mark was read wrote is read again: it lies at or behind the mark. */
export const MARK = sql`pg_snapshot_xmin(pg_current_snapshot())::text`

export async function readChangeMark(db: DbOrTrx): Promise<string> {
  const { rows } = await sql<{ mark: string }>`select ${MARK} as mark`.execute(db)
  return rows[0]?.mark ?? '0'
}

/**
 * What of the database is visible now, as text. Two questions that read the same text here saw the same rows: every transaction that
 * writes moves it, and it never returns. On a server those of other databases move it too, which costs answers that might have been kept.
 */
export async function readDatabaseState(db: DbOrTrx): Promise<string> {
  const { rows } = await sql<{ state: string }>`select pg_current_snapshot()::text as state`.execute(db)
  return rows[0]?.state ?? ''
}

/** Photos deleted since, as an expression. */
export function goneSince(mark: string): RawBuilder<Uint8Array | null> {
  return sql`(select ${packIds('photo_id')} from deleted_photos where deleted_in >= ${mark}::xid8)`
}

export interface VectorChanges {
  readonly gone: Int32Array
  readonly changed: Int32Array
  readonly mark: string
}

export async function readVectorChanges(db: DbOrTrx, spaceId: number, mark: string): Promise<VectorChanges> {
  const { rows } = await sql<{ gone: Uint8Array | null; changed: Uint8Array | null; mark: string }>`
    select ${goneSince(mark)} as gone,
      (select ${packIds('photo_id')} from embeddings where space_id = ${spaceId} and changed_in >= ${mark}::xid8) as changed,
      ${MARK} as mark`.execute(db)
  const [row] = rows
  return { gone: unpackIds(row?.gone), changed: unpackIds(row?.changed), mark: row?.mark ?? mark }
}

export interface SentVectors {
  readonly ids: Int32Array
  /** one after another as `vector_send` writes them: width (int16), 2 bytes of nothing, then big-endian float32 */
  readonly sent: Uint8Array
}

/** By photo id. */
export async function readVectorPage(db: DbOrTrx, spaceId: number, after: number, limit: number): Promise<SentVectors> {
  return readSent(
    db,
    sql`select photo_id, embedding from embeddings where space_id = ${spaceId} and photo_id > ${after} order by photo_id limit ${limit}`,
  )
}

/** Those of these photos that have a vector. */
export async function readVectorsOf(db: DbOrTrx, spaceId: number, ids: Int32Array): Promise<SentVectors> {
  return readSent(db, sql`select photo_id, embedding from embeddings where space_id = ${spaceId} and photo_id = any (${toIntegers(ids)})`)
}

async function readSent(db: DbOrTrx, vectors: RawBuilder<unknown>): Promise<SentVectors> {
  const { rows } = await sql<{ ids: Uint8Array | null; sent: Uint8Array | null }>`
    select ${packIds('photo_id')} as ids, string_agg(vector_send(embedding), ''::bytea) as sent from (${vectors}) page`.execute(db)
  return { ids: unpackIds(rows[0]?.ids), sent: rows[0]?.sent ?? new Uint8Array(0) }
}

export async function countVectors(db: DbOrTrx, spaceId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from embeddings where space_id = ${spaceId}`.execute(db)
  return rows[0]?.count ?? 0
}

/** A program that runs this long without looking misses what went before: its counts are right again after its next start. */
const REMEMBERED_DAYS = 30

export async function forgetOldDeletions(db: DbOrTrx): Promise<void> {
  await sql`delete from deleted_photos where deleted_at < now() - make_interval(days => ${REMEMBERED_DAYS})`.execute(db)
}
