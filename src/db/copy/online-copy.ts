/**
 * @file The folder of the embedded database, copied while it is used: an online backup as PostgreSQL knows it. Files are copied as they
 * are at that moment, each at another; the log written meanwhile is copied last, and opening the copy applies it.
 */
import { constants } from 'node:fs'
import { copyFile, mkdir, opendir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { FototecaError } from '../../domain/errors.ts'
import type { Db } from '../client.ts'

/** What belongs to the running database alone. The log is copied by itself. */
const LEFT_OUT = new Set(['pg_wal', 'postmaster.pid', 'pg_stat_tmp', 'pg_replslot'])

/**
 * @param from folder of the open database `db`
 * @param to made here; must not be there yet. Open it like any other: it is the database as of the end of this call
 */
export async function copyOnline(db: Db, from: string, to: string, signal: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  // from here on each page that changes goes whole into the log, so that a page copied in the middle of a write is put right
  const { rows: started } = await sql<{ segment: string }>`
    select pg_walfile_name(pg_backup_start('fototeca', fast => true)) as segment`.execute(db)
  let label: string | undefined
  try {
    await copyFolder(from, to, LEFT_OUT, signal)
  } finally {
    const { rows } = await sql<{ labelfile: string }>`select labelfile from pg_backup_stop()`.execute(db)
    label = rows[0]?.labelfile
  }
  const [first] = started
  if (first === undefined || label === undefined) throw new FototecaError('internal', 'the database did not say where its backup begins')
  await copyLog(join(from, 'pg_wal'), join(to, 'pg_wal'), first.segment, signal)
  await writeFile(join(to, 'backup_label'), label)
}

async function copyLog(from: string, to: string, first: string, signal: AbortSignal): Promise<void> {
  await mkdir(join(to, 'archive_status'), { recursive: true })
  await mkdir(join(to, 'summaries'), { recursive: true })
  const segments = (await readdir(from)).filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first)
  if (!segments.includes(first)) throw new FototecaError('unavailable', 'the database’s log was recycled while it was copied; try again')
  for (const name of segments.sort()) {
    signal.throwIfAborted()
    await copyThere(join(from, name), join(to, name))
  }
}

async function copyFolder(from: string, to: string, leftOut: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  for await (const entry of await opendir(from)) {
    signal.throwIfAborted()
    if (leftOut.has(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      await mkdir(target)
      await copyFolder(source, target, new Set(), signal)
    } else if (entry.isFile()) await copyThere(source, target)
  }
  // folders that must be there, though what is in them does not belong to the copy
  for (const name of leftOut) if (name.startsWith('pg_') && name !== 'pg_wal') await mkdir(join(to, name), { recursive: true })
}

/** A table that was dropped meanwhile takes its files along; the log says so too. */
async function copyThere(from: string, to: string): Promise<void> {
  try {
    // at no cost where the file system can share blocks
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || (await isThere(from))) throw error
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** What a copy of the folder takes. */
export async function measureFolder(path: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0,
    )
  }
  return bytes
}
