/** @file What is due to be recorded, what a record says, and records put back into a new database. */
import { sql } from 'kysely'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import type { FaceRegion } from '../db/tables/library.ts'
import { nameFacesByRegions } from '../pipeline/steps/faces/store.ts'
import type { PhotoRecord } from './record.ts'

/** In place of a record’s hash: it was read, and is written anew. */
const RESTORED = 'restored'

export interface DueRecord {
  readonly id: number
  readonly changedIn: string
  /** of the record that is written; null: none */
  readonly written: string | null
  readonly isUploaded: boolean
  readonly record: PhotoRecord
}

interface Row extends Omit<PhotoRecord, 'format' | 'faces'> {
  readonly id: number
  readonly changedIn: string
  readonly written: string | null
  readonly isUploaded: boolean
  readonly faces: FaceRegion[]
}

/** Photos whose document is newer than their record. */
export async function listDueRecords(db: Db, limit: number): Promise<DueRecord[]> {
  const { rows } = await sql<Row>`
    select p.id, d.changed_in::text as "changedIn", r.sha256 as written, p.sha256, p.filename, p.collection,
      to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as added_at,
      exists (select 1 from photo_files f join sources s on s.id = f.source_id and s.kind = 'upload' where f.photo_id = p.id) as "isUploaded",
      (select coalesce(jsonb_agg(jsonb_build_object('field', c.field, 'key', coalesce(k.name, c.key), 'value', c.value, 'decided_at', c.decided_at)
          order by c.field, c.key), '[]')
        from decisions c left join categories k on c.field = 'category' and k.id::text = c.key
        where c.photo_id = p.id and c.field <> 'pair') as decisions,
      -- until the faces are found again, how they were called before
      case when exists (select 1 from photo_steps t where t.photo_id = p.id and t.step = 'faces' and t.state = 'done') then
        (select coalesce(jsonb_agg(jsonb_build_object('name', n.name,
            'box', jsonb_build_object('x', x.x, 'y', x.y, 'width', x.width, 'height', x.height)) order by x.id), '[]')
          from faces x join people n on n.id = x.person_id and n.name is not null where x.photo_id = p.id)
        else coalesce(r.faces, '[]') end as faces
    from search_documents d join photos p on p.id = d.photo_id and p.removed_at is null and p.format is not null
    left join photo_records r on r.photo_id = p.id
    where r.seen is null or r.seen < d.changed_in order by p.id limit ${limit}`.execute(db)
  return rows.map(({ id, changedIn, written, isUploaded, ...record }) => ({
    id,
    changedIn,
    written,
    isUploaded,
    record: { format: 'fototeca photo record 1', ...record },
  }))
}

export interface SavedRecord {
  readonly id: number
  readonly changedIn: string
  readonly sha256: string | null
}

export async function saveRecordMarks(db: Db, records: readonly SavedRecord[]): Promise<void> {
  await sql`
    insert into photo_records (photo_id, seen, sha256)
    select p.id, r."changedIn"::xid8, r.sha256
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r (id integer, "changedIn" text, sha256 text) join photos p on p.id = r.id
    on conflict (photo_id) do update set seen = excluded.seen, sha256 = excluded.sha256`.execute(db)
}

/** The records are gone or of another library: all are written anew, in the background. */
export async function forgetWrittenRecords(db: Db): Promise<void> {
  await sql`update photo_records set seen = null, sha256 = null`.execute(db)
}

/**
 * What persons said of a photo stands again; what was said since stays. Categories that are gone are made.
 * @returns false where the photo has a record already: nothing was changed
 */
export async function restoreRecord(
  trx: Trx,
  photoId: number,
  { decisions, faces }: Pick<PhotoRecord, 'decisions' | 'faces'>,
): Promise<boolean> {
  const known = await trx.selectFrom('photo_records').select('sha256').where('photo_id', '=', photoId).executeTakeFirst()
  if (known && known.sha256 !== null) return false
  const names = decisions.flatMap(({ field, key }) => (field === 'category' ? [key] : []))
  if (names.length > 0)
    await sql`insert into categories (name) select value from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb)
      where not exists (select 1 from categories c where lower(c.name) = lower(value))`.execute(trx)
  await sql`
    insert into decisions (photo_id, field, key, value, decided_at)
    select ${photoId}::integer, d.field, coalesce(c.id::text, d.key), coalesce(d.value, 'null'::jsonb), d.decided_at
    from jsonb_to_recordset(${JSON.stringify(decisions)}::jsonb) as d (field text, key text, value jsonb, decided_at timestamptz)
    left join categories c on d.field = 'category' and lower(c.name) = lower(d.key)
    on conflict do nothing`.execute(trx)
  await sql`
    insert into photo_records (photo_id, sha256, faces) values (${photoId}, ${RESTORED}, ${JSON.stringify(faces)}::jsonb)
    on conflict (photo_id) do update set faces = excluded.faces, sha256 = excluded.sha256, seen = null`.execute(trx)
  await nameFacesByRegions(trx, photoId, faces, [])
  return true
}

/** As what it came in; a photo of a folder stays one. */
export async function restoreCollection(trx: Trx, photoId: number, { collection }: Pick<PhotoRecord, 'collection'>): Promise<void> {
  if (collection !== 'photos') await trx.updateTable('photos').set({ collection }).where('id', '=', photoId).execute()
}

export async function findPhotoOf(db: DbOrTrx, sha256: string): Promise<number | undefined> {
  return (await db.selectFrom('photos').select('id').where('sha256', '=', sha256).where('removed_at', 'is', null).executeTakeFirst())?.id
}

export async function hasPhotos(db: DbOrTrx): Promise<boolean> {
  return (await db.selectFrom('photos').select('id').limit(1).executeTakeFirst()) !== undefined
}
