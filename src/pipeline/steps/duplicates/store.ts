/** @file Hashes in, pairs of duplicates out. */
import { sql } from 'kysely'
import { BURST_SECONDS } from '../../../contract/duplicate-kinds.ts'
import type { DbOrTrx, Trx } from '../../../db/client.ts'
import { readSetting, saveSetting } from '../../../db/settings.ts'
import { HASH_BYTES } from '../../../domain/likeness/hamming.ts'
import { type Duplicate, MIN_QUALITY, type PhotoHash } from './find-duplicates.ts'

/** Usable hashes by photo id, a page at a time: `hashes` holds 32 bytes for each of `ids`. */
export async function readHashPage(
  db: DbOrTrx,
  afterId: number,
  limit: number,
): Promise<{ ids: readonly number[]; hashes: Uint8Array } | null> {
  // one row instead of thousands: a tenth of the time through PGlite’s port
  const { rows } = await sql<{ ids: number[] | null; hashes: Uint8Array | null }>`
    select array_agg(photo_id order by photo_id) as ids, string_agg(hash, ''::bytea order by photo_id) as hashes
    from (select photo_id, substring(dihedral from 1 for 32) as hash from photo_hashes
      where photo_id > ${afterId} and quality >= ${MIN_QUALITY} order by photo_id limit ${limit}) page`.execute(db)
  const page = rows[0]
  if (!page?.ids || !page.hashes || page.hashes.length !== page.ids.length * HASH_BYTES) return null
  return { ids: page.ids, hashes: page.hashes }
}

export async function readPhotoHash(db: DbOrTrx, photoId: number): Promise<PhotoHash | undefined> {
  const row = await db.selectFrom('photo_hashes').select(['quality', 'dihedral']).where('photo_id', '=', photoId).executeTakeFirst()
  return row && { photoId, quality: row.quality, dihedral: row.dihedral }
}

/** The photo’s pairs become exactly these. A pair whose other photo is gone meanwhile is left out. */
export async function replaceDuplicates(trx: Trx, photoId: number, duplicates: readonly Duplicate[]): Promise<void> {
  await trx
    .deleteFrom('duplicates')
    .where('space_id', 'is', null)
    .where((eb) => eb.or([eb('photo_id_1', '=', photoId), eb('photo_id_2', '=', photoId)]))
    .execute()
  await insertPairs(trx, duplicates)
}

/** A pair that is known by a space is from now on known by its hashes. One whose photo is gone meanwhile is left out. */
async function insertPairs(trx: Trx, duplicates: readonly Duplicate[]): Promise<void> {
  if (duplicates.length === 0) return
  const rows = duplicates.map(({ photoId1, photoId2, kind, distance, transform }) => ({ photoId1, photoId2, kind, distance, transform }))
  // in the order of the key, so that two transactions that find the same pairs never wait for each other in a ring
  await sql`
    insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance, transform, verdict)
    select d."photoId1", d."photoId2", case when d.kind <> 'same-picture' and ${isOneMoment} then 'burst' else d.kind end,
      d.distance, d.transform, ${verdict}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as d ("photoId1" integer, "photoId2" integer, kind text, distance integer, transform text)
    join photos a on a.id = d."photoId1" join photos b on b.id = d."photoId2"
    left join photo_metadata am on am.photo_id = a.id left join photo_metadata bm on bm.photo_id = b.id
    order by 1, 2
    on conflict (photo_id_1, photo_id_2) do update
      set kind = excluded.kind, hamming_distance = excluded.hamming_distance, transform = excluded.transform,
        cosine_distance = null, space_id = null`.execute(trx)
}

/** Of photos a and b with their metadata am and bm: one camera, within seconds, and not the same instant (a copy has its original's time). */
export const isOneMoment = sql`(
  a.taken_at <> b.taken_at and abs(extract(epoch from a.taken_at - b.taken_at)) <= ${sql.lit(BURST_SECONDS)}
  and am.camera_model is not null and am.camera_model = bm.camera_model and am.camera_make is not distinct from bm.camera_make)`

/** What a person decided of the pair a, b. */
export const verdict = sql`(
  select v.value #>> '{}' from decisions v where v.photo_id = a.id and v.field = 'pair' and v.key = b.id::text)`

/** Usable hashes with their turns, a page by photo id: `hashes` holds 256 bytes for each of `ids`. */
export async function readTurnedPage(
  db: DbOrTrx,
  afterId: number,
  limit: number,
): Promise<{ ids: readonly number[]; hashes: Uint8Array } | null> {
  const { rows } = await sql<{ ids: number[] | null; hashes: Uint8Array | null }>`
    select array_agg(photo_id order by photo_id) as ids, string_agg(dihedral, ''::bytea order by photo_id) as hashes
    from (select photo_id, dihedral from photo_hashes
      where photo_id > ${afterId} and quality >= ${MIN_QUALITY} order by photo_id limit ${limit}) page`.execute(db)
  const page = rows[0]
  return page?.ids && page.hashes ? { ids: page.ids, hashes: page.hashes } : null
}

/**
 * The pairs by hashes among photos up to `last` become exactly these, for those whose older photo is in the range (from, to].
 * Pairs with photos that came since are left alone.
 */
export async function replacePairsInRange(trx: Trx, from: number, to: number, last: number, pairs: readonly Duplicate[]): Promise<void> {
  await sql`delete from duplicates d where d.space_id is null and d.photo_id_1 > ${from} and d.photo_id_1 <= ${to} and d.photo_id_2 <= ${last}
    and not exists (select 1 from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as f ("photoId1" integer, "photoId2" integer)
      where f."photoId1" = d.photo_id_1 and f."photoId2" = d.photo_id_2)`.execute(trx)
  await insertPairs(trx, pairs)
}

const THRESHOLD_KEY = 'duplicates.threshold'

/** By which all pairs were told; −1 while they are being told again, null before the first time. */
export async function readThreshold(db: DbOrTrx): Promise<number | null> {
  const value = await readSetting(db, THRESHOLD_KEY)
  return typeof value === 'number' ? value : null
}

export async function saveThreshold(db: DbOrTrx, threshold: number): Promise<void> {
  await saveSetting(db, THRESHOLD_KEY, threshold)
}
