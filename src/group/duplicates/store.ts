/** @file Hashes in, pairs of duplicates out. */
import { sql } from 'kysely'
import type { DbOrTrx, Trx } from '../../db/client.ts'
import { HASH_BYTES } from '../../domain/hamming.ts'
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
    .where((eb) => eb.or([eb('photo_id_1', '=', photoId), eb('photo_id_2', '=', photoId)]))
    .execute()
  if (duplicates.length === 0) return
  const rows = duplicates.map(({ photoId1, photoId2, kind, distance, transform }) => ({ photoId1, photoId2, kind, distance, transform }))
  // in the order of the key, so that two transactions that find the same pairs never wait for each other in a ring
  await sql`
    insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance, transform)
    select d."photoId1", d."photoId2", d.kind, d.distance, d.transform
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as d ("photoId1" integer, "photoId2" integer, kind text, distance integer, transform text)
    where exists (select 1 from photos where photos.id = d."photoId1") and exists (select 1 from photos where photos.id = d."photoId2")
    order by 1, 2
    on conflict (photo_id_1, photo_id_2) do update
      set kind = excluded.kind, hamming_distance = excluded.hamming_distance, transform = excluded.transform`.execute(trx)
}
