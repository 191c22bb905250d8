/** @file The facts of a page of photos for an export: one statement, by key. */

import { sql } from 'kysely'
import { toIntegers } from '../../db/arrays.ts'
import type { DbOrTrx } from '../../db/client.ts'
import { isInTrash } from '../../db/visible.ts'
import type { ExportRow } from './rows.ts'

/** What is in the trash is in no export, also where its id was chosen. */
export async function readTrashed(db: DbOrTrx): Promise<ReadonlySet<number>> {
  const rows = await db.selectFrom('photos').select('id').where(isInTrash('photos')).execute()
  return new Set(rows.map(({ id }) => id))
}

/** In the order of `ids`; those that are gone are left out. */
export async function readExportRows(db: DbOrTrx, ids: readonly number[]): Promise<ExportRow[]> {
  const list = toIntegers(ids)
  const { rows } = await sql<ExportRow>`
    select p.id, p.filename, p.day::text as day,
      to_char(p.taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as taken_at, e.title, e.caption, e.alt_text,
      array(select distinct t.tag from effective_tags t where t.photo_id = p.id order by 1) as tags,
      array(select c.name from photo_categories pc join categories c on c.id = pc.category_id where pc.photo_id = p.id order by 1) as categories,
      array(select distinct pe.name from faces f join people pe on pe.id = f.person_id where f.photo_id = p.id order by 1) as people,
      array(select a.name from album_photos ap join albums a on a.id = ap.album_id and a.deleted_at is null
        where ap.photo_id = p.id order by 1) as albums,
      e.rating, e.favourite, o.text, m.city, m.country, m.latitude, m.longitude, m.camera_model as camera, m.lens, p.width, p.height, p.format,
      p.bytes, p.sha256,
      array(select coalesce(s.path || '/', '') || f.path from photo_files f join sources s on s.id = f.source_id
        where f.photo_id = p.id order by f.id) as paths, p.state
    from unnest(${list}) with ordinality as wanted (id, place) join photos p on p.id = wanted.id
    left join lateral (select * from effective_facts e where e.photo_id = p.id) e on true
    left join photo_metadata m on m.photo_id = p.id left join ocr_texts o on o.photo_id = p.id
    order by wanted.place`.execute(db)
  return rows
}

/** In the order of `ids`. */
export async function readPreviewNames(
  db: DbOrTrx,
  ids: readonly number[],
): Promise<{ id: number; filename: string; sha256: string; bytes: number | null }[]> {
  const { rows } = await sql<{ id: number; filename: string; sha256: string; bytes: number | null }>`
    select p.id, p.filename, p.sha256, r.bytes from unnest(${toIntegers(ids)}) with ordinality as wanted (id, place)
    join photos p on p.id = wanted.id left join photo_renditions r on r.photo_id = p.id and r.kind = 'preview'
    order by wanted.place`.execute(db)
  return rows
}

/** A mark that moves with every change of a photo’s facts: an export is gone on with only while it stands. */
export async function readFactsMark(db: DbOrTrx): Promise<string> {
  const { rows } = await sql<{ mark: string | null }>`
    select (select d.changed_in::text from search_documents d order by d.changed_in desc limit 1) as mark`.execute(db)
  return rows[0]?.mark ?? '0'
}
