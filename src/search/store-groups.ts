/** @file Reads the photos of groups that are filters. */
import { type RawBuilder, sql } from 'kysely'
import type { DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'
import { isKeptId } from '../db/visible.ts'

/** @param rows `photo_id`, `value` @returns per group those of its photos that are not in the trash; groups without any are left out */
export async function readGroupMembers(db: DbOrTrx, rows: RawBuilder<unknown>): Promise<ReadonlyMap<string, Int32Array>> {
  const found = await sql<{ value: string; ids: Uint8Array }>`
    select value, ${packIds('photo_id')} as ids from (${rows}) held where ${isKeptId('photo_id')} group by value`.execute(db)
  return new Map(found.rows.map(({ value, ids }) => [value, unpackIds(ids)]))
}
