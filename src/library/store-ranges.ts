/** @file Counts over many rows in short reads, so that on the one connection of the embedded database nobody waits long behind them. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../db/client.ts'

/** 25,000 ledger rows: 16 ms of processor time a read (measured in PGlite), where those of 100,000 photos at once take 300 ms. */
const PHOTOS_PER_READ = 2500

/** Runs `read` for each range of photo ids, one after another; other queries come in between. The sums are not one snapshot. */
export async function readInRanges<Row>(
  db: DbOrTrx,
  read: (from: number, to: number) => Promise<{ readonly rows: readonly Row[] }>,
  add: (row: Row) => void,
): Promise<void> {
  const { rows } = await sql<{ last: number | null }>`select max(id) as last from photos`.execute(db)
  const last = rows[0]?.last ?? 0
  for (let from = 1; from <= last; from += PHOTOS_PER_READ) {
    const found = await read(from, from + PHOTOS_PER_READ - 1)
    for (const row of found.rows) add(row)
  }
}
