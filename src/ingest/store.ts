/** @file Photos and their files as ingest writes and reads them. */
import { type Expression, type SqlBool, sql } from 'kysely'
import type { SkippedLinks } from '../contract/library.ts'
import type { Message } from '../contract/messages/message.ts'
import type { Collection, FileProblemKind, PhotoFormat } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { dayOf, wallClockHere } from '../domain/metadata/taken-time.ts'

/** A file of a source as it is on the disk now. */
export interface FoundFile {
  readonly sourceId: number
  /** relative to the source’s root, `/` between parts */
  readonly path: string
  readonly filename: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly sha256: string
  /** null: cannot become a picture, `reason` says why */
  readonly format: PhotoFormat | null
  readonly reason: Message | null
  /** the instant by whose wall clock here the photo stands in time until its metadata are read */
  readonly sortAt: Date
}

export interface KnownFile {
  readonly id: number
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly isMissing: boolean
  readonly photoId: number
  /** the sidecars beside it as an earlier scan saw them */
  readonly sidecar: string | null
  /** its photo failed before any step: worth another look when what is accepted changes */
  readonly isRefused: boolean
}

export interface SavedFile {
  readonly photoId: number
  /** these bytes became a photo just now, or became readable just now */
  readonly isNew: boolean
  /** the path held the same bytes before */
  readonly wasSame: boolean
  /** the photo of these bytes was thrown away then; it stays out of sight */
  readonly deletedAt: Date | null
  /** and the trash was emptied of it */
  readonly isRemoved: boolean
}

/** Called in the transaction that makes a photo: writes what is due for it. */
export type OnNewPhoto = (trx: Trx, photoId: number) => Promise<void>

/** Makes or finds the photo of these bytes and says that this file holds it. Replaces what the path held before. */
export async function saveFile(trx: Trx, file: FoundFile, onNewPhoto: OnNewPhoto, collection: Collection = 'photos'): Promise<SavedFile> {
  const before = await trx
    .selectFrom('photo_files')
    .select(['id', 'photo_id'])
    .where('source_id', '=', file.sourceId)
    .where('path', '=', file.path)
    .executeTakeFirst()
  const photo = await savePhoto(trx, file, onNewPhoto, collection)
  const saved: SavedFile = { ...photo, wasSame: before?.photo_id === photo.photoId && !photo.isNew }
  const place = { photo_id: saved.photoId, bytes: file.bytes, modified_ms: file.modifiedMs, missing_since: null }
  await trx
    .insertInto('photo_files')
    .values({ source_id: file.sourceId, path: file.path, filename: file.filename, ...place })
    .onConflict((conflict) => conflict.columns(['source_id', 'path']).doUpdateSet(place))
    .execute()
  // these bytes were hashed just now: whatever was wrong with the file is over
  if (before) await forgetProblem(trx, before.id)
  const replaced = before && before.photo_id !== saved.photoId ? before.photo_id : undefined
  if (replaced !== undefined) await deleteFailedWithoutFile(trx, replaced)
  await refreshMissing(trx, replaced === undefined ? [saved.photoId] : [saved.photoId, replaced])
  return saved
}

async function forgetProblem(trx: Trx, fileId: number): Promise<void> {
  await trx.deleteFrom('file_problems').where('file_id', '=', fileId).execute()
}

async function savePhoto(trx: Trx, file: FoundFile, onNewPhoto: OnNewPhoto, collection: Collection): Promise<Omit<SavedFile, 'wasSame'>> {
  const wallClockMs = wallClockHere(file.sortAt.getTime())
  const inserted = await trx
    .insertInto('photos')
    .values({
      sha256: file.sha256,
      bytes: file.bytes,
      format: file.format,
      filename: file.filename,
      collection,
      state: file.format === null ? 'failed' : 'pending',
      reason: file.reason && JSON.stringify(file.reason),
      sort_at: new Date(wallClockMs),
      day: dayOf(wallClockMs),
      processed_at: file.format === null ? new Date() : null,
    })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) {
    if (file.format !== null) await onNewPhoto(trx, inserted.id)
    return { photoId: inserted.id, isNew: true, deletedAt: null, isRemoved: false }
  }
  const photo = await trx
    .selectFrom('photos')
    .select(['id', 'format', 'collection', 'trashed_at', 'removed_at'])
    .where('sha256', '=', file.sha256)
    .executeTakeFirstOrThrow()
  // among the photos of a person it is one of them, whatever else it is
  if (collection === 'photos' && photo.collection !== 'photos')
    await trx.updateTable('photos').set({ collection }).where('id', '=', photo.id).execute()
  const known = { photoId: photo.id, deletedAt: photo.trashed_at, isRemoved: photo.removed_at !== null }
  if (photo.format !== null || file.format === null) return { ...known, isNew: false }
  await trx
    .updateTable('photos')
    .set({ format: file.format, state: 'pending', reason: null, processed_at: null })
    .where('id', '=', photo.id)
    .execute()
  await onNewPhoto(trx, photo.id)
  return { ...known, isNew: true }
}

/** Bytes that were deleted are sent again: the photo lies in the trash once more, to be brought back or not. */
export async function putBackInTrash(trx: Trx, photoId: number, onNewPhoto: OnNewPhoto): Promise<void> {
  await trx
    .updateTable('photos')
    .set({ removed_at: null, trashed_at: new Date(), state: 'pending', reason: null })
    .where('id', '=', photoId)
    .execute()
  await onNewPhoto(trx, photoId)
}

/** A file that could not be read and was replaced (a copy that was not yet whole, a mended file) leaves nothing worth keeping. */
async function deleteFailedWithoutFile(trx: Trx, photoId: number): Promise<void> {
  await trx
    .deleteFrom('photos')
    .where('id', '=', photoId)
    .where('state', '=', 'failed')
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('photo_files').select('id').where('photo_id', '=', photoId))))
    .execute()
}

/** A photo is missing when none of its files is there. */
async function refreshMissing(trx: Trx, photoIds: readonly number[]): Promise<void> {
  const isPresent = (): Expression<SqlBool> =>
    sql`exists (select 1 from photo_files f where f.photo_id = photos.id and f.missing_since is null)`
  await trx
    .updateTable('photos')
    .set({ missing_since: sql`case when ${isPresent()} then null else coalesce(missing_since, now()) end` })
    .where('id', 'in', photoIds)
    .where(sql<boolean>`(missing_since is null) <> ${isPresent()}`)
    .execute()
}

/** The same bytes under another name: the row moves, the photo and all its facts stay. */
export async function moveFile(trx: Trx, fileId: number, file: FoundFile): Promise<void> {
  const moved = await trx
    .updateTable('photo_files')
    .set({ path: file.path, filename: file.filename, bytes: file.bytes, modified_ms: file.modifiedMs, missing_since: null })
    .where('id', '=', fileId)
    .returning('photo_id')
    .executeTakeFirstOrThrow()
  await forgetProblem(trx, fileId)
  // a photo is called as its first file is
  await sql`update photos set filename = f.filename from photo_files f
    where photos.id = ${moved.photo_id} and f.id = (select min(id) from photo_files where photo_id = ${moved.photo_id} and missing_since is null)`.execute(
    trx,
  )
  await refreshMissing(trx, [moved.photo_id])
}

/** Files that are there, or are not, any more. */
export async function markFiles(trx: Trx, fileIds: readonly number[], isMissing: boolean): Promise<void> {
  const changed = await trx
    .updateTable('photo_files')
    .set({ missing_since: isMissing ? new Date() : null })
    .where('id', 'in', fileIds)
    .returning('photo_id')
    .execute()
  // there again, so not missing; whether its bytes are right a check tells
  if (!isMissing) await trx.deleteFrom('file_problems').where('file_id', 'in', fileIds).where('kind', '=', 'missing').execute()
  if (changed.length > 0) await refreshMissing(trx, [...new Set(changed.map((row) => row.photo_id))])
}

/** Known files of a source below a folder of it (`''`: all), a page after `afterId`: a large page would hold the event loop. */
export async function readKnownFiles(db: Db, sourceId: number, below: string, afterId: number, limit: number): Promise<KnownFile[]> {
  let query = db
    .selectFrom('photo_files')
    .innerJoin('photos', 'photos.id', 'photo_files.photo_id')
    .select(({ eb }) => [
      'photo_files.id',
      'photo_files.path',
      'photo_files.bytes',
      'photo_files.modified_ms as modifiedMs',
      'photo_files.photo_id as photoId',
      'photo_files.sidecar',
      eb('photo_files.missing_since', 'is not', null).$castTo<boolean>().as('isMissing'),
      eb('photos.format', 'is', null).$castTo<boolean>().as('isRefused'),
    ])
    .where('photo_files.source_id', '=', sourceId)
    .where('photo_files.id', '>', afterId)
    .orderBy('photo_files.id')
    .limit(limit)
  if (below !== '') query = query.where(sql<boolean>`starts_with(photo_files.path, ${`${below}/`})`)
  return query.execute()
}

/** The sidecars of these files as they are now. */
export async function saveSidecarMarks(db: Db, files: readonly { readonly id: number; readonly sidecar: string | null }[]): Promise<void> {
  await sql`update photo_files f set sidecar = r.sidecar
    from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as r (id integer, sidecar text) where f.id = r.id`.execute(db)
}

export async function countPresentFiles(db: Db, sourceId: number): Promise<number> {
  const row = await db
    .selectFrom('photo_files')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('source_id', '=', sourceId)
    .where('missing_since', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

/** Files of this source that hold one of these contents. */
export async function findFilesByContent(
  db: Db,
  sourceId: number,
  sha256s: readonly string[],
): Promise<{ id: number; path: string; sha256: string; modifiedMs: number }[]> {
  if (sha256s.length === 0) return []
  return db
    .selectFrom('photo_files')
    .innerJoin('photos', 'photos.id', 'photo_files.photo_id')
    .select(['photo_files.id', 'photo_files.path', 'photos.sha256', 'photo_files.modified_ms as modifiedMs'])
    .where('photo_files.source_id', '=', sourceId)
    .where('photos.sha256', 'in', sha256s)
    .orderBy('photo_files.id')
    .execute()
}

/** Which of these blobs (paths relative to the blob store) belong to a photo. */
export async function filterOwnedBlobs(db: DbOrTrx, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set()
  const rows = await db
    .selectFrom('photo_files')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .select('photo_files.path')
    .where('sources.kind', '=', 'upload')
    .where('photo_files.path', 'in', paths)
    .execute()
  return new Set(rows.map((row) => row.path))
}

export async function readUploadSourceId(db: Db): Promise<number> {
  return (await db.selectFrom('sources').select('id').where('kind', '=', 'upload').executeTakeFirstOrThrow()).id
}

export interface ScanEnd {
  readonly notices: readonly Message[]
  /** files that are gone and were not marked */
  readonly unconfirmed: number | null
  /** undefined: only a part was looked at */
  readonly skipped?: SkippedLinks
}

export async function saveScanEnd(db: Db, sourceId: number, end: ScanEnd): Promise<void> {
  await db
    .updateTable('sources')
    .set({ scanned_at: new Date(), ...toColumns(end) })
    .where('id', '=', sourceId)
    .execute()
}

/** A scan that changed nothing. */
export async function saveRefusal(db: Db, sourceId: number, end: ScanEnd): Promise<void> {
  await db.updateTable('sources').set(toColumns(end)).where('id', '=', sourceId).execute()
}

const toColumn = (notices: readonly Message[]): string | null => (notices.length === 0 ? null : JSON.stringify(notices))

const toColumns = ({ notices, unconfirmed, skipped }: ScanEnd) => ({
  notice: toColumn(notices),
  unconfirmed,
  ...(skipped ? { skipped_links: JSON.stringify(skipped) } : {}),
})

export async function saveNotices(db: Db, sourceId: number, notices: readonly Message[]): Promise<void> {
  await db
    .updateTable('sources')
    .set({ notice: toColumn(notices) })
    .where('id', '=', sourceId)
    .execute()
}

export interface PresentFile {
  readonly id: number
  readonly kind: 'folder' | 'upload'
  readonly root: string | null
  readonly followLinks: string[]
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  /** what the last check found wrong with it */
  readonly problem: FileProblemKind | null
}

/** Where the bytes of a photo may be, those of the blob store first: they are ours and stay. */
export async function readPresentFiles(db: Db, photoId: number): Promise<PresentFile[]> {
  return db
    .selectFrom('photo_files')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .leftJoin('file_problems', 'file_problems.file_id', 'photo_files.id')
    .select([
      'photo_files.id',
      'photo_files.bytes',
      'file_problems.kind as problem',
      'sources.kind',
      'sources.path as root',
      'sources.follow_links as followLinks',
      'photo_files.path',
      'photo_files.modified_ms as modifiedMs',
    ])
    .where('photo_files.photo_id', '=', photoId)
    .where('photo_files.missing_since', 'is', null)
    .orderBy((eb) => eb.case().when('sources.kind', '=', 'upload').then(0).else(1).end())
    .orderBy('photo_files.id')
    .execute()
}

/** of the advisory locks: any number that nothing else takes */
const BLOBS = 1_650_811_247

/** Until the transaction ends no other process makes a row of this blob, or removes it. */
export async function lockBlob(trx: Trx, path: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${BLOBS}::integer, hashtext(${path}))`.execute(trx)
}
