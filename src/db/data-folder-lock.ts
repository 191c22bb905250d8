/**
 * @file One process per data folder, or several that share it where the database is a server. The lock is the kernel’s (a POSIX file lock, taken through Node’s own SQLite, since Node
 * has no flock): it dies with its process, however that ends, so it is never stale, and of two racing starters exactly one gets it.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { describeError, FototecaError } from '../domain/errors.ts'

const SQLITE_BUSY = 5
/** A reader of the announcement holds the file for under a millisecond; a starter waits that out. */
const WAIT_MS = 250
/** Nor is it in the way of another reader for longer. */
const LOOK_MS = 50
/** Begins to share the lock. */
const READ = 'begin; select count(*) from sqlite_master'

export interface Announcement {
  readonly pid: number
  /** where the server answers; null while it starts */
  readonly url: string | null
  /** whoever can read the data folder may do there what an owner may */
  readonly secret?: string
}

export interface DataFolderLock extends AsyncDisposable {
  /** nobody else had it when it was taken: whoever was in this folder before has ended */
  readonly isAlone: boolean
  /** Writes where the server answers, for the command line on the same data folder. */
  announce(where: { readonly url: string; readonly secret?: string }): Promise<void>
}

const lockPath = (dataDir: string): string => join(dataDir, 'lock')
const announcementPath = (dataDir: string): string => join(dataDir, 'server.json')

/** Keeps held locks reachable: a collected handle would close its file and so give the lock away. */
const held = new Set<DatabaseSync>()

/**
 * @param isShared with others that share it too
 * @throws FototecaError `data_folder_in_use` at once when another process (or this one) holds it
 */
export async function lockDataFolder(dataDir: string, { isShared = false } = {}): Promise<DataFolderLock> {
  let file: DatabaseSync
  try {
    await mkdir(dataDir, { recursive: true })
    file = await openLockFile(dataDir)
  } catch (error) {
    throw new FototecaError(
      'config',
      `cannot use the data folder ${dataDir}: ${describeError(error)}. Make it writable or choose another with FOTOTECA_DATA`,
      {
        cause: error,
      },
    )
  }
  let isAlone = true
  try {
    try {
      file.exec('begin exclusive')
    } catch (error) {
      if (!isShared || !isBusy(error)) throw error
      isAlone = false
    }
    if (isShared) {
      if (isAlone) file.exec('commit')
      file.exec(READ)
    }
  } catch (error) {
    file.close()
    if (!isBusy(error))
      throw new FototecaError('config', `the data folder ${dataDir} cannot be locked (${describeError(error)}); put it on a local disk`, {
        cause: error,
      })
    const holder = await readAnnouncementFile(dataDir)
    const who = holder ? `process ${holder.pid}` : 'another process'
    throw new FototecaError(
      'data_folder_in_use',
      `the data folder ${dataDir} is in use by ${who}${holder?.url ? ` (${holder.url})` : ''}; use that one, stop it first, or choose another folder with FOTOTECA_DATA`,
    )
  }
  held.add(file)
  if (isAlone) await writeAnnouncement(dataDir, { pid: process.pid, url: null })
  return {
    isAlone,
    announce: (where) => writeAnnouncement(dataDir, { pid: process.pid, ...where }),
    [Symbol.asyncDispose]: async () => {
      if (!file.isOpen) return
      // the folder may be gone or read-only by now; an announcement without a lock counts for nothing
      if ((await readAnnouncementFile(dataDir))?.pid === process.pid) await rm(announcementPath(dataDir), { force: true }).catch(() => {})
      file.close()
      held.delete(file)
    },
  }
}

/** Who serves this data folder now; null when nobody does (what a killed process left does not count). */
export async function readAnnouncement(dataDir: string): Promise<Announcement | null> {
  const announcement = await readAnnouncementFile(dataDir)
  if (!announcement) return null
  return (await isLocked(dataDir)) ? announcement : null
}

async function isLocked(dataDir: string): Promise<boolean> {
  const { DatabaseSync } = await import('node:sqlite')
  const file = new DatabaseSync(lockPath(dataDir), { timeout: LOOK_MS })
  try {
    file.exec('begin exclusive; rollback') // whoever only shares it is in the way of nothing less
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  } finally {
    file.close()
  }
}

async function openLockFile(dataDir: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite')
  return new DatabaseSync(lockPath(dataDir), { timeout: WAIT_MS })
}

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_BUSY
}

async function readAnnouncementFile(dataDir: string): Promise<Announcement | null> {
  try {
    return JSON.parse(await readFile(announcementPath(dataDir), 'utf8')) as Announcement
  } catch {
    return null // absent, or being replaced
  }
}

async function writeAnnouncement(dataDir: string, announcement: Announcement): Promise<void> {
  const temporary = `${announcementPath(dataDir)}.new`
  await rm(temporary, { force: true }) // one that stands there keeps its mode
  await writeFile(temporary, `${JSON.stringify(announcement)}\n`, { mode: 0o600 })
  await rename(temporary, announcementPath(dataDir))
}
