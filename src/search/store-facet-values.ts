/**
 * @file Saves the values of all photos as the facet index holds them, and reads them again at the next start: with what changed since it
 * is as if all had been read. At 100,000 photos reading all takes the embedded database 10 seconds.
 */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type RawBuilder, sql } from 'kysely'
import type { FilterKey } from '../contract/search-filters.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { hashCurves } from './certainty.ts'

const NAME = 'facet-values'
/** Deletions are remembered for 30 days (`forgetOldDeletions`). */
const MAX_AGE_DAYS = 29
/** Raise it when the layout of the content changes. */
const LAYOUT = 1

export interface SavedValues {
  readonly values: readonly { readonly key: FilterKey; readonly value: string }[]
  /** per photo id: how many values it holds */
  readonly lengths: Uint16Array
  /** those of all photos by their ids, as places in `values` */
  readonly pool: Int32Array
  /** beside the pool: how certain each is, 1 to 255 */
  readonly certain: Uint8Array
  /** what transactions before this mark wrote is in it */
  readonly seen: string
}

/** @param rows the statement that reads the values: saved by another one they count for nothing */
export async function saveFacetValues(db: Db, rows: RawBuilder<unknown>, { seen, ...saved }: SavedValues): Promise<void> {
  const header = Buffer.from(JSON.stringify({ values: saved.values, photos: saved.lengths.length, held: saved.pool.length }))
  const parts = [Buffer.from(Uint32Array.of(header.length).buffer), header, asBytes(saved.pool), asBytes(saved.lengths), saved.certain]
  const content = await promisify(gzip)(Buffer.concat(parts), { level: 1 })
  await sql`
    insert into kept_indexes (name, made_by, seen, content) values (${NAME}, ${nameMaker(db, rows)}, ${seen}::xid8, ${content})
    on conflict (name) do update set made_by = excluded.made_by, seen = excluded.seen, saved_at = now(), content = excluded.content`.execute(
    db,
  )
}

/** Null where none was saved, or none that may be believed: it is dropped, and all is read. */
export async function readFacetValues(db: Db, rows: RawBuilder<unknown>): Promise<SavedValues | null> {
  const found = await sql<{ seen: string; content: Uint8Array }>`
    select seen::text as seen, content from kept_indexes
    where name = ${NAME} and made_by = ${nameMaker(db, rows)} and saved_at > now() - make_interval(days => ${MAX_AGE_DAYS})
      -- a mark that is not reached yet comes from another database
      and seen <= pg_snapshot_xmin(pg_current_snapshot())`.execute(db)
  const [row] = found.rows
  const saved = row && (await unpack(row.content).catch(() => null))
  if (row && saved) return { ...saved, seen: row.seen }
  await dropFacetValues(db)
  return null
}

export async function dropFacetValues(db: DbOrTrx): Promise<void> {
  await sql`delete from kept_indexes where name = ${NAME}`.execute(db)
}

async function unpack(content: Uint8Array): Promise<Omit<SavedValues, 'seen'>> {
  const bytes = await promisify(gunzip)(content)
  const start = 4 + bytes.readUInt32LE(0)
  const { values, photos, held } = JSON.parse(bytes.toString('utf8', 4, start)) as {
    values: SavedValues['values']
    photos: number
    held: number
  }
  if (bytes.length !== start + 5 * held + 2 * photos) throw new Error('the saved values are cut off')
  const [lengthsAt, certainAt] = [start + 4 * held, start + 4 * held + 2 * photos]
  // copies: a view must begin at a multiple of its width
  const copy = (from: number, to: number) => Uint8Array.prototype.slice.call(bytes, from, to).buffer
  return {
    values,
    pool: new Int32Array(copy(start, lengthsAt)),
    lengths: new Uint16Array(copy(lengthsAt, certainAt)),
    certain: new Uint8Array(copy(certainAt, bytes.length)),
  }
}

/** All that decides what the values of a photo are, besides its rows. */
function nameMaker(db: Db, rows: RawBuilder<unknown>): string {
  return createHash('sha256')
    .update(`${LAYOUT}\n${rows.compile(db).sql}\n${hashCurves()}`)
    .digest('base64url')
}

const asBytes = (numbers: Int32Array | Uint16Array): Uint8Array => new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
