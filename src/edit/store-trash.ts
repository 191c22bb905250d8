/** @file The trash as it is read, and what emptying leaves: a row that remembers the bytes, with the files that are still in folders. */

import { sql } from 'kysely'
import { toIntegers, toWords } from '../db/arrays.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { isAllowed, isInTrash } from '../db/visible.ts'
import { type Actor, toAuthor } from '../domain/actor.ts'
import type { Visibility } from '../domain/visibility.ts'
import { CARD_COLUMNS, type CardRow } from '../library/photo-card.ts'

export interface TrashRow extends CardRow {
  readonly bytes: number
  readonly trashed_at: Date
  readonly isInPlace: boolean
}

const which = (isRemoved: boolean) =>
  isRemoved
    ? sql<boolean>`photos.removed_at is not null and exists (select 1 from photo_files f where f.photo_id = photos.id and f.missing_since is null)`
    : sql<boolean>`${isInTrash('photos')} and photos.removed_at is null`

/** @param skip rows of the pages before: the trash is small, and what is restored meanwhile moves the rest up */
export async function listTrash(db: DbOrTrx, sees: Visibility, isRemoved: boolean, skip: number, limit: number): Promise<TrashRow[]> {
  const rows = await db
    .selectFrom('photos')
    .select(CARD_COLUMNS)
    .select(['photos.bytes', 'photos.trashed_at', isInPlace.as('isInPlace')])
    .where(isInTrash('photos'))
    .where(isAllowed(sees, 'photos'))
    .where(which(isRemoved))
    .orderBy('photos.trashed_at', 'desc')
    .orderBy('photos.id', 'desc')
    .offset(skip)
    .limit(limit)
    .execute()
  return rows.flatMap(({ trashed_at, ...row }) => (trashed_at === null ? [] : [{ ...row, trashed_at }]))
}

const isInPlace = sql<boolean>`exists (select 1 from photo_files f join sources s on s.id = f.source_id and s.kind = 'folder'
  where f.photo_id = photos.id and f.missing_since is null)`

export async function countTrash(db: DbOrTrx, sees: Visibility, isRemoved: boolean): Promise<{ total: number; bytes: number }> {
  const { rows } = await sql<{ total: number; bytes: string | number }>`
    select count(*)::int as total, coalesce(sum(bytes) filter (where exists (
      select 1 from photo_files f join sources s on s.id = f.source_id and s.kind = 'upload' where f.photo_id = photos.id)), 0) as bytes
    from photos where ${isInTrash('photos')} and ${which(isRemoved)} and ${isAllowed(sees, 'photos')}`.execute(db)
  return { total: rows[0]?.total ?? 0, bytes: Number(rows[0]?.bytes ?? 0) }
}

/** Photos that are in the trash, of these or of all; thrown away before `before` where that is given. */
export async function findTrashed(db: DbOrTrx, sees: Visibility, ids: readonly number[] | undefined, before?: Date): Promise<number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    select array_agg(id order by id) as ids from photos where ${isInTrash('photos')} and removed_at is null and ${isAllowed(sees, 'photos')}
      ${ids === undefined ? sql`` : sql`and id = any (${toIntegers(ids)})`}
      ${before === undefined ? sql`` : sql`and trashed_at < ${before}`}`.execute(db)
  return rows[0]?.ids ?? []
}

export interface TrashedFile {
  readonly photo_id: number
  readonly id: number
  readonly kind: 'folder' | 'upload'
  /** of the folder */
  readonly root: string | null
  readonly follow_links: readonly string[]
  readonly path: string
  readonly bytes: number
  readonly modified_ms: number
}

export async function readTrashedFiles(db: DbOrTrx, ids: readonly number[]): Promise<TrashedFile[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('photo_files')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .select([
      'photo_files.photo_id',
      'photo_files.id',
      'sources.kind',
      'sources.path as root',
      'sources.follow_links',
      'photo_files.path',
      'photo_files.bytes',
      'photo_files.modified_ms',
    ])
    .where('photo_files.photo_id', 'in', ids)
    .where('photo_files.missing_since', 'is', null)
    .orderBy('photo_files.id')
    .execute()
}

export async function deleteFileRow(db: Db, fileId: number): Promise<void> {
  await db.deleteFrom('photo_files').where('id', '=', fileId).execute()
}

export interface PurgedPhoto {
  readonly id: number
  readonly sha256: string
  readonly bytes: number
}

/**
 * Everything known of the photos goes; what stays is a row of the same bytes, with the files that lie in folders, so that neither a
 * scan nor an upload takes them for new. Nothing stays of those that went with their folder: who adds it again wants them. Photos that were restored meanwhile are left alone.
 * @returns those that are gone
 */
export async function purgePhotos(trx: Trx, actor: Actor, ids: readonly number[]): Promise<readonly PurgedPhoto[]> {
  const list = toIntegers(ids)
  const { rows: photos } = await sql<
    PurgedPhoto & {
      files: object[]
      filename: string
      format: string | null
      sort_at: Date
      day: string
      trashed_at: Date
      is_forgotten: boolean
    }
  >`
    select p.id, p.sha256, p.bytes, p.filename, p.format, p.sort_at, p.day::text as day, p.trashed_at, (
      select coalesce(jsonb_agg(to_jsonb(f) - 'id' - 'photo_id'), '[]') from photo_files f join sources s on s.id = f.source_id and s.kind = 'folder'
      where f.photo_id = p.id) as files, (
      select coalesce(bool_and(coalesce(s.removed_at <= p.trashed_at, false)), false) from photo_files f join sources s on s.id = f.source_id
      where f.photo_id = p.id) as is_forgotten
    from photos p where p.id = any (${list}) and ${isInTrash('p')} and p.removed_at is null order by p.id for update`.execute(trx)
  if (photos.length === 0) return []
  for (const photo of photos) {
    await sql`delete from photos where id = ${photo.id}`.execute(trx)
    if (photo.is_forgotten) continue
    const { rows } = await sql<{ id: number }>`
      insert into photos (sha256, bytes, format, filename, sort_at, day, trashed_at, removed_at)
      values (${photo.sha256}, ${photo.bytes}, ${photo.format}, ${photo.filename}, ${photo.sort_at}, ${photo.day}, ${photo.trashed_at}, now())
      returning id`.execute(trx)
    const id = rows[0]?.id ?? 0
    await sql`
      insert into photo_files (photo_id, source_id, path, filename, bytes, modified_ms, missing_since)
      select ${id}::integer, source_id, path, filename, bytes, modified_ms, missing_since
      from jsonb_to_recordset(${JSON.stringify(photo.files)}::jsonb)
        as f (source_id integer, path text, filename text, bytes bigint, modified_ms bigint, missing_since timestamptz)`.execute(trx)
    // so that bringing it back is the same decision taken back
    await sql`insert into decisions (photo_id, field, value, actor) values (${id}, 'trash', 'true', ${toAuthor(actor)})`.execute(trx)
  }
  // what was said of pairs with them
  await sql`delete from decisions where field = 'pair' and key = any (${toWords(photos.map(({ id }) => id))})`.execute(trx)
  return photos
}

/** What was removed lies in the trash again and is analysed like a new photo. @returns those that were */
export async function reviveRemoved(
  trx: Trx,
  sees: Visibility,
  ids: readonly number[],
  onNewPhoto: (trx: Trx, photoId: number) => Promise<void>,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update photos set removed_at = null, trashed_at = now(), state = 'pending', reason = null
    where id = any (${toIntegers(ids)}) and removed_at is not null and ${isAllowed(sees, 'photos')}
      and exists (select 1 from photo_files f where f.photo_id = photos.id and f.missing_since is null) returning id`.execute(trx)
  for (const { id } of rows) await onNewPhoto(trx, id)
  return rows.map(({ id }) => id)
}
