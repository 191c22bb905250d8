/** @file Albums as they are recorded beside the database, and put back into a new one. */
import { sql } from 'kysely'
import { z } from 'zod'
import { ALBUM_KINDS } from '../contract/albums.ts'
import type { Db, DbOrTrx } from '../db/client.ts'

export const AlbumRecords = z.object({
  format: z.literal('fototeca albums 1'),
  albums: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      description: z.string(),
      kind: z.enum(ALBUM_KINDS),
      search: z.record(z.string(), z.unknown()).nullable(),
      parent: z.number().int().nullable().describe('`id` of another one in this list'),
      /** SHA-256 of the originals, in their order; a saved search fills itself */
      photos: z.array(z.string()),
      cover: z.string().nullable(),
    }),
  ),
})
export type AlbumRecords = z.infer<typeof AlbumRecords>

/** Differs after every change of an album or of what is in one. */
export async function readAlbumsMark(db: DbOrTrx): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select concat_ws(' ', (select concat_ws(' ', count(*), sum(version), max(changed_at), count(deleted_at)) from albums),
      (select concat_ws(' ', count(*), sum(m.place), sum(m.photo_id::bigint), max(m.added_at))
        from album_photos m join albums a on a.id = m.album_id and a.kind = 'by-hand')) as mark`.execute(db)
  return rows[0]?.mark ?? ''
}

export async function readAlbums(db: DbOrTrx): Promise<AlbumRecords> {
  const { rows } = await sql<AlbumRecords['albums'][number]>`
    select a.id, a.name, a.description, a.kind, a.search, parent.id as parent, cover.sha256 as cover,
      case when a.kind = 'by-hand' then array(select p.sha256 from album_photos m join photos p on p.id = m.photo_id
        where m.album_id = a.id order by m.place, m.photo_id) else '{}' end as photos
    from albums a left join albums parent on parent.id = a.parent_id and parent.deleted_at is null
    left join photos cover on cover.id = a.cover_photo_id where a.deleted_at is null order by a.id`.execute(db)
  return { format: 'fototeca albums 1', albums: rows }
}

/** All in one transaction, and only into a library without albums. @returns how many */
export async function restoreAlbums(db: Db, { albums }: AlbumRecords): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows: there } = await sql`select 1 from albums limit 1`.execute(trx)
    if (there.length > 0) return 0
    const ids = new Map<number, number>()
    for (const { id, name, description, kind, search, photos, cover } of albums) {
      const { rows } = await sql<{ id: number }>`
        insert into albums (name, description, kind, search, cover_photo_id)
        values (${name}, ${description}, ${kind}, ${search && JSON.stringify(search)}::jsonb, (select id from photos where sha256 = ${cover}::text))
        returning id`.execute(trx)
      const made = rows[0]?.id ?? 0
      ids.set(id, made)
      await sql`
        insert into album_photos (album_id, photo_id, place)
        select ${made}::integer, p.id, w.place from jsonb_array_elements_text(${JSON.stringify(photos)}::jsonb) with ordinality as w (sha256, place)
        join photos p on p.sha256 = w.sha256 on conflict do nothing`.execute(trx)
    }
    for (const { id, parent } of albums)
      if (parent !== null)
        await sql`update albums set parent_id = ${ids.get(parent) ?? null}::integer where id = ${ids.get(id) ?? 0}`.execute(trx)
    return albums.length
  })
}
