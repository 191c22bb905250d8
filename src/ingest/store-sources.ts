/** @file Sources as persons name them: found, made, changed, removed and back again; one folder takes the place of those that lie in it. */
import { sql } from 'kysely'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import { markFiles } from './store.ts'

export interface Source {
  readonly id: number
  readonly kind: 'folder' | 'upload'
  readonly path: string | null
  readonly followLinks: readonly string[]
  readonly isPaused: boolean
  readonly isRemoved: boolean
}

export interface FolderSource extends Source {
  readonly path: string
}

const SOURCE = (db: DbOrTrx) =>
  db
    .selectFrom('sources')
    .select(({ eb }) => [
      'id',
      'kind',
      'path',
      'follow_links as followLinks',
      eb('paused_at', 'is not', null).$castTo<boolean>().as('isPaused'),
      eb('removed_at', 'is not', null).$castTo<boolean>().as('isRemoved'),
    ])

/** Removed ones too. */
export async function listAllFolders(db: DbOrTrx): Promise<FolderSource[]> {
  const rows = await SOURCE(db).where('kind', '=', 'folder').orderBy('id').execute()
  return rows.flatMap(({ path, ...row }) => (path === null ? [] : [{ ...row, path }]))
}

export async function listFolderSources(db: DbOrTrx): Promise<FolderSource[]> {
  return (await listAllFolders(db)).filter(({ isRemoved }) => !isRemoved)
}

/** undefined for one that was removed */
export async function readSource(db: DbOrTrx, id: number): Promise<Source | undefined> {
  return SOURCE(db).where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()
}

/** @throws FototecaError `not_found`, `invalid` for the uploads */
export async function readFolderSource(db: DbOrTrx, id: number): Promise<FolderSource> {
  const source = await readSource(db, id)
  if (!source) throw new FototecaError('not_found', `there is no source ${id}`)
  const { path } = source
  if (path === null) throw new FototecaError('invalid', 'uploads are no folder: they cannot be scanned, moved, paused, or removed')
  return { ...source, path }
}

/** The row of the folder; made if it is new, back if it was removed. @param followLinks undefined: as they are */
export async function ensureFolderSource(db: Db, path: string, followLinks: readonly string[] | undefined): Promise<number> {
  const links = followLinks === undefined ? {} : { follow_links: [...followLinks] }
  const { id } = await db
    .insertInto('sources')
    .values({ kind: 'folder', path, ...links })
    .onConflict((conflict) =>
      conflict.column('path').doUpdateSet({
        ...links,
        removed_at: null,
        removed_by: null,
        paused_at: sql`case when sources.removed_at is null then sources.paused_at end`,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export interface SourceChange {
  readonly path?: string
  readonly followLinks?: readonly string[]
  readonly isPaused?: boolean
}

/** A removed source that had the new path is a part of this one from then on. */
export async function saveSource(db: Db, id: number, { path, followLinks, isPaused }: SourceChange): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (path !== undefined) {
      const removed = await trx
        .selectFrom('sources')
        .select('id')
        .where('path', '=', path)
        .where('id', '<>', id)
        .where('removed_at', 'is not', null)
        .execute()
      for (const one of removed) await absorb(trx, id, { id: one.id, prefix: '' })
    }
    const columns = {
      ...(path === undefined ? {} : { path, notice: null, unconfirmed: null }),
      ...(followLinks === undefined ? {} : { follow_links: [...followLinks] }),
      ...(isPaused === undefined ? {} : { paused_at: isPaused ? sql<Date>`coalesce(paused_at, now())` : null }),
    }
    if (Object.keys(columns).length > 0) await trx.updateTable('sources').set(columns).where('id', '=', id).execute()
  })
}

/** @param by the edit that moved its photos to the trash */
export async function markRemoved(db: DbOrTrx, id: number, by: number | null): Promise<void> {
  await db
    .updateTable('sources')
    .set({ removed_at: sql`now()`, removed_by: by, notice: null, unconfirmed: null })
    .where('id', '=', id)
    .execute()
}

/** The removal was taken back. */
export async function markReturned(db: DbOrTrx, id: number): Promise<void> {
  await db.updateTable('sources').set({ removed_at: null, removed_by: null, paused_at: null }).where('id', '=', id).execute()
}

/** Sources whose photos this edit moved to the trash. */
export async function readRemovedBy(db: DbOrTrx, editId: number): Promise<FolderSource[]> {
  const rows = await SOURCE(db).where('removed_by', '=', editId).where('removed_at', 'is not', null).execute()
  return rows.flatMap(({ path, ...row }) => (path === null ? [] : [{ ...row, path }]))
}

/** The next files of a source that are not marked missing. @returns how many were marked */
export async function markNextMissing(db: Db, sourceId: number, limit: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const files = await trx
      .selectFrom('photo_files')
      .select('id')
      .where('source_id', '=', sourceId)
      .where('missing_since', 'is', null)
      .orderBy('id')
      .limit(limit)
      .execute()
    if (files.length > 0)
      await markFiles(
        trx,
        files.map(({ id }) => id),
        true,
      )
    return files.length
  })
}

export interface SampledFile {
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  readonly sha256: string
}

/** Some of the files of a source, spread over all of it, those that were there at the last look first. */
export async function sampleFiles(db: Db, sourceId: number, limit: number): Promise<SampledFile[]> {
  return db
    .selectFrom('photo_files')
    .innerJoin('photos', 'photos.id', 'photo_files.photo_id')
    .select(['photo_files.path', 'photo_files.bytes', 'photo_files.modified_ms as modifiedMs', 'photos.sha256'])
    .where('photo_files.source_id', '=', sourceId)
    .orderBy(sql`photo_files.missing_since is not null`)
    .orderBy(sql`md5(photo_files.path)`)
    .limit(limit)
    .execute()
}

/** A source below the new one; `prefix` leads from the new root to its root and ends with `/`, or is empty. */
export interface InnerSource {
  readonly id: number
  readonly prefix: string
}

/**
 * Makes a source of `path` that holds the files of `inner`, so that none is listed twice and every photo keeps its facts; `inner` are gone
 * afterwards. Their rows move to a fresh source: within one, a path could for a moment be another’s.
 * @returns the id of the new source
 */
export async function replaceSources(
  db: Db,
  { path, followLinks }: { readonly path: string; readonly followLinks: readonly string[] },
  inner: readonly InnerSource[],
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // one of them may have been this very folder, removed before
    await trx.updateTable('sources').set({ path: null }).where('path', '=', path).where('removed_at', 'is not', null).execute()
    const { id } = await trx
      .insertInto('sources')
      .values({ kind: 'folder', path, follow_links: [...followLinks] })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const source of inner) await absorb(trx, id, source)
    return id
  })
}

/** The files of `source` are files of `id` from now on, and it is gone. */
async function absorb(trx: Trx, id: number, source: InnerSource): Promise<void> {
  await sql`
    update photo_files f set source_id = ${id}, path = ${source.prefix}::text || f.path
    where f.source_id = ${source.id} and not exists (
      select 1 from photo_files o where o.source_id = ${id} and o.path = ${source.prefix}::text || f.path)`.execute(trx)
  await trx.deleteFrom('sources').where('id', '=', source.id).execute()
}
