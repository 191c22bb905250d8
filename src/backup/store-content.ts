/** @file What the database says of files, for a backup; and what a restored one is told. */
import { sql } from 'kysely'
import type { Db, DbOrTrx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { makeLibraryId } from './place.ts'

const LIBRARY_KEY = 'backup.library'
const LAST_KEY = 'backup.last'
const RESTORED_KEY = 'backup.restored'

export interface NamedFile {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly modifiedMs: number
  /** id of the folder source; null: uploaded */
  readonly source: number | null
  /** of the folder source */
  readonly root: string | null
  readonly followLinks: readonly string[]
}

export interface Content {
  readonly photos: number
  readonly files: readonly NamedFile[]
}

/** The originals that rows name: uploaded ones, and those of folders. */
export async function readContent(db: DbOrTrx): Promise<Content> {
  const { rows: files } = await sql<NamedFile>`
    select f.path, p.sha256, f.bytes, f.modified_ms as "modifiedMs",
      case when s.kind = 'folder' then s.id end as source, s.path as root, s.follow_links as "followLinks"
    from photo_files f join photos p on p.id = f.photo_id join sources s on s.id = f.source_id
    where f.missing_since is null and p.removed_at is null order by f.id`.execute(db)
  const { photos } = await db.selectFrom('photos').select(sql<number>`count(*)::integer`.as('photos')).executeTakeFirstOrThrow()
  return { photos, files }
}

export async function readFolderPaths(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('sources').select('path').where('kind', '=', 'folder').where('removed_at', 'is', null).execute()
  return rows.flatMap(({ path }) => path ?? [])
}

/** Names this library among others; made at its first backup, and it stays with a restored one. */
export async function ensureLibraryId(db: Db): Promise<string> {
  const found = await readSetting(db, LIBRARY_KEY)
  if (typeof found === 'string') return found
  const id = makeLibraryId()
  await saveSetting(db, LIBRARY_KEY, id)
  return id
}

export interface LastBackup {
  readonly finished_at: string
  readonly target: string
  readonly snapshot: string
}

export async function readLastBackup(db: DbOrTrx): Promise<LastBackup | null> {
  return ((await readSetting(db, LAST_KEY)) as LastBackup | undefined) ?? null
}

export const saveLastBackup = (db: Db, last: LastBackup): Promise<void> => saveSetting(db, LAST_KEY, last)

/** Folders are paused, so that none of their photos counts as missing before somebody says where they lie now. @returns their paths */
export async function pauseFolders(db: Db, isAbsent: (path: string) => Promise<boolean>): Promise<string[]> {
  const sources = await db
    .selectFrom('sources')
    .select(['id', 'path'])
    .where('kind', '=', 'folder')
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .execute()
  const paused: string[] = []
  for (const { id, path } of sources) {
    if (path === null || !(await isAbsent(path))) continue
    await db.updateTable('sources').set({ paused_at: new Date() }).where('id', '=', id).execute()
    paused.push(path)
  }
  return paused
}

/** Name of the backup this database was filled from. */
export const readRestored = (db: DbOrTrx): Promise<unknown> => readSetting(db, RESTORED_KEY)

export const saveRestored = (trx: DbOrTrx, snapshot: string): Promise<void> => saveSetting(trx, RESTORED_KEY, snapshot)
