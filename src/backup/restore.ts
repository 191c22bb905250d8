/**
 * @file A library from a backup, into an empty data folder. The tables are fetched and checked before anything else is touched, the files
 * are checked as they come, and the database is filled last, in one transaction. Killed, the same call goes on; refused, nothing stays.
 */
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Db, openDatabase } from '../db/client.ts'
import type { CopiedRow } from '../db/copy/copied-database.ts'
import { fillDatabase, hasTables, isUnused } from '../db/copy/fill-database.ts'
import { lockDataFolder } from '../db/data-folder-lock.ts'
import { migrateTo, migrateToLatest } from '../db/migrate.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import { hashFile } from '../ingest/hash-file.ts'
import { recoverLeases } from '../pipeline/lease-ledger.ts'
import { reprocess } from '../pipeline/reprocess-ledger.ts'
import { forgetWrittenRecords } from '../rebuild/store-records.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { makeFolderBelow, syncFolder } from '../storage/durable-write.ts'
import { type LibraryBlobs, openLibraryBlobs } from '../storage/library-blobs.ts'
import { readBlobPlace } from '../storage/read-stores.ts'
import { readRestoreNote, removeRestoreNote, writeRestoreNote } from './half-restored.ts'
import { HELD, KEPT_FOLDERS, ORIGINALS } from './kept-folders.ts'
import { type Packed, unpackLines } from './packed.ts'
import type { BackupPlace } from './place.ts'
import { fileKey, filesKey, listStored, type Manifest, SavedFile, tableKey } from './snapshot.ts'
import { pauseFolders, readRestored, saveRestored } from './store-content.ts'

export interface RestoreTarget {
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  /** FOTOTECA_BLOBS */
  readonly blobs?: string | undefined
}

export interface RestoreOptions {
  /** files of the backup that are damaged are left out; without it they end the restore */
  readonly skipDamaged: boolean
  /** where files of folders that were backed up with it go, each source in a folder of its own; null: they stay in the backup */
  readonly foldersTo: string | null
}

export const RESTORE_PHASES = ['fetch', 'files', 'database'] as const
export interface RestoreProgress {
  readonly phase: (typeof RESTORE_PHASES)[number]
  readonly done: number
  readonly total: number
}

export interface Restored {
  readonly photos: number
  readonly files: number
  /** left out, with `skipDamaged` */
  readonly damaged: readonly string[]
  /** folders that are not on this machine: paused, their photos stay as they are */
  readonly paused: readonly string[]
}

/** What may lie in an empty data folder. */
const HARMLESS = new Set([
  ...['lock', 'lock-journal', 'server.json', 'server.json.new', 'restoring.json', 'restore-work', 'backup-work'],
  ...['before-migration', 'models', 'reserve', 'reserve.new', 'fototeca.log', 'tmp', 'exports'],
])

const workFolder = (dataDir: string): string => join(dataDir, 'restore-work')

/** @throws FototecaError `invalid`, `data_folder_in_use`, `unavailable`, `disk_full`; the data folder is as it was then */
export async function restore(
  place: BackupPlace,
  manifest: Manifest,
  target: RestoreTarget,
  options: RestoreOptions,
  onProgress: (progress: RestoreProgress) => void,
  signal: AbortSignal,
): Promise<Restored> {
  const { dataDir } = target
  await using _lock = await lockDataFolder(dataDir)
  const isResumed = await checkEmpty(target, manifest)
  const isBucket = readBlobPlace(target.blobs) !== null && manifest.kind === 'library'
  await using blobs = isBucket ? await openLibraryBlobs(target) : null
  if (blobs && !isResumed) await checkBucketEmpty(blobs)
  await writeRestoreNote(dataDir, { from: place.shown, snapshot: manifest.name })
  const work = workFolder(dataDir)
  try {
    await mkdir(work, { recursive: true, mode: 0o700 })
    await fetchParts(place, manifest, work, onProgress, signal)
    const damaged = await restoreFiles(place, manifest, { dataDir, work, isResumed, blobs, ...options }, onProgress, signal)
    const paused = await restoreDatabase(target, manifest, work, onProgress, signal)
    await rm(work, { recursive: true, force: true })
    await removeRestoreNote(dataDir)
    return { photos: manifest.photos, files: (manifest.files?.count ?? 0) - damaged.length, damaged, paused }
  } catch (error) {
    // a damaged backup stays so; what the network or the disk broke off goes on later
    if (!(error instanceof FototecaError) || error.code !== 'invalid') throw explainStop(error)
    await rollBack(target, manifest, blobs)
    throw error
  }
}

function explainStop(error: unknown): unknown {
  if (!(error instanceof FototecaError)) return error
  return new FototecaError(error.code, `${error.message}. The same command goes on where it was`, { cause: error })
}

/** @returns whether this restore was begun before */
async function checkEmpty({ dataDir, databaseUrl }: RestoreTarget, manifest: Manifest): Promise<boolean> {
  const note = await readRestoreNote(dataDir)
  if (note && note.snapshot !== manifest.name && note.snapshot !== '?')
    throw new FototecaError(
      'invalid',
      `the restore of ${note.snapshot} into ${dataDir} did not finish; go on with it (--snapshot ${note.snapshot}), or empty the folder`,
    )
  if (!note) {
    const names = (await readdir(dataDir)).filter((name) => (manifest.kind === 'database' ? name === 'pg' : !HARMLESS.has(name)))
    if (names.length > 0)
      throw new FototecaError(
        'invalid',
        `the data folder ${dataDir} is not empty (it has ${names.slice(0, 5).join(', ')}); restore into another with --data, ` +
          `or move ${manifest.kind === 'database' ? 'its folder pg' : 'what is in it'} away first. Nothing was changed`,
      )
  }
  if (databaseUrl !== undefined) {
    await using open = await openDatabase({ dataDir, databaseUrl })
    const isOurs = note !== null && (await wasFilled(open.db, manifest))
    if ((await hasTables(open.db)) && !isOurs && !(await isUnused(open.db).catch(() => false)))
      throw new FototecaError(
        'invalid',
        'the database of DATABASE_URL is not empty; create another for this, or drop what is in it. Nothing was changed',
      )
  }
  return note !== null
}

/** Whether a killed restore of this backup had filled the database already. */
const wasFilled = async (db: Db, { name }: Manifest): Promise<boolean> =>
  (await hasTables(db)) && (await readRestored(db).catch(() => null)) === name

const partPath = (work: string, name: string): string => join(work, `part-${name}`)

/** The tables and the list, whole and checked, on this machine: nothing is changed before. */
async function fetchParts(
  place: BackupPlace,
  { name, tables, files }: Manifest,
  work: string,
  onProgress: (progress: RestoreProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const parts = listStored(tables).map((table): [string, string, Packed] => [tableKey(name, table.name), `table-${table.name}`, table])
  if (files !== null) parts.push([filesKey(name), 'files', files])
  for (const [at, [key, part, expected]] of parts.entries()) {
    onProgress({ phase: 'fetch', done: at, total: parts.length })
    const path = partPath(work, part)
    if (await isWhole(path, expected, signal)) continue
    if (!(await fetchWhole(place, key, path, expected, signal)))
      throw new FototecaError('invalid', `the backup ${name} is damaged (${key}); restore another with --snapshot. Nothing was changed`)
  }
}

async function isWhole(path: string, { sha256, bytes }: Packed, signal: AbortSignal): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  if (found?.size !== bytes) return false
  return (await hashFile(path, signal))?.sha256 === sha256
}

/** Durable when it returns. @returns false where it is missing in the backup, or other than it says; nothing is at the path then */
async function fetchWhole(place: BackupPlace, key: string, path: string, expected: Packed, signal: AbortSignal): Promise<boolean> {
  try {
    const { stream } = await place.blobs.get(key, { signal })
    await pipeline(stream, createWriteStream(path, { mode: 0o600, flush: true }), { signal })
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as { code?: string }
    if (code === 'not_found' || code === 'EIO') return false
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new FototecaError('disk_full', 'the disk of the data folder is full; make room', { cause: error })
    throw error
  }
  if (await isWhole(path, expected, signal)) return true
  await rm(path, { force: true })
  return false
}

interface FileOptions extends RestoreOptions {
  readonly dataDir: string
  readonly work: string
  readonly isResumed: boolean
  /** of a bucket; null: they are files of the data folder */
  readonly blobs: LibraryBlobs | null
}

/** @returns paths of those that are damaged */
async function restoreFiles(
  place: BackupPlace,
  manifest: Manifest,
  { dataDir, work, isResumed, blobs, skipDamaged, foldersTo }: FileOptions,
  onProgress: (progress: RestoreProgress) => void,
  signal: AbortSignal,
): Promise<string[]> {
  if (manifest.files === null) return []
  const total = manifest.files.count
  const damaged: string[] = []
  const folders = new Set<string>()
  let done = 0
  for await (const file of readList(partPath(work, 'files'))) {
    signal.throwIfAborted()
    if (!file.is_copied) continue
    const base = file.source === undefined ? dataDir : foldersTo === null ? null : join(foldersTo, String(file.source))
    done += 1
    onProgress({ phase: 'files', done, total })
    if (base === null) continue
    const blob = file.source === undefined && blobs ? blobOf(blobs, file.path) : null
    if (blob && isResumed && (await blob.store.stat(blob.key))?.sha256 === file.sha256) continue
    const path = join(base, file.path)
    if (file.source !== undefined) await mkdir(base, { recursive: true })
    // models may be there already, and whatever a killed restore brought
    if ((isResumed || file.path.startsWith('models/') || file.source !== undefined) && (await isWhole(path, file, signal))) continue
    const temporary = partPath(work, 'file')
    if (!(await fetchWhole(place, fileKey(file.sha256), temporary, file, signal))) {
      damaged.push(file.path)
      if (skipDamaged) continue
      throw new FototecaError(
        'invalid',
        `the backup ${manifest.name} is damaged: ${file.path} is missing in it or other than it was. Restore another with --snapshot, or all but such files with --skip-damaged`,
      )
    }
    if (blob) {
      const { sha256, bytes } = file
      await blob.store.putFile(blob.key, temporary, { sha256, bytes, contentType: 'application/octet-stream' }, signal)
      continue
    }
    await makeFolderBelow(base, dirname(path))
    await rename(temporary, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EXDEV') throw error
      await pipeline(createReadStream(temporary), createWriteStream(path, { flush: true }))
    })
    folders.add(dirname(path))
  }
  for (const folder of folders) await syncFolder(folder)
  return damaged
}

/** Where a file of the data folder goes where its part is in a bucket; null: it stays a file. */
function blobOf(blobs: LibraryBlobs, path: string): { readonly store: BlobStore; readonly key: string } | null {
  for (const part of [ORIGINALS, HELD] as const)
    if (path.startsWith(`${part}/`)) return { store: blobs[part], key: path.slice(part.length + 1) }
  return null
}

async function checkBucketEmpty(blobs: LibraryBlobs): Promise<void> {
  for (const part of [ORIGINALS, HELD] as const)
    for await (const { key } of blobs[part].list())
      throw new FototecaError(
        'invalid',
        `${blobs.bucket} of FOTOTECA_BLOBS is not empty (it has ${part}/${key}); choose another prefix. Nothing was changed`,
      )
}

async function* readList(path: string): AsyncGenerator<SavedFile> {
  for await (const batch of unpackLines(createReadStream(path), 'the list of files')) for (const line of batch) yield SavedFile.parse(line)
}

/** @returns folders that were paused */
async function restoreDatabase(
  { dataDir, databaseUrl }: RestoreTarget,
  manifest: Manifest,
  work: string,
  onProgress: (progress: RestoreProgress) => void,
  signal: AbortSignal,
): Promise<string[]> {
  // what a killed restore left
  if (databaseUrl === undefined) await rm(join(dataDir, 'pg'), { recursive: true, force: true })
  await using open = await openDatabase({ dataDir, databaseUrl })
  const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0)
  let done = 0
  onProgress({ phase: 'database', done, total })
  if (!(await wasFilled(open.db, manifest)))
    await fill(
      open.db,
      manifest,
      work,
      (rows) => {
        done += rows
        onProgress({ phase: 'database', done, total })
      },
      signal,
    )
  await migrateToLatest(open.db)
  const paused = await pauseFolders(
    open.db,
    async (path) =>
      !(await access(path, constants.R_OK).then(
        () => true,
        () => false,
      )),
  )
  // whoever worked on photos when the backup was made will not come back
  await recoverLeases(open.db)
  // records, thumbnails and previews are no part of a backup
  await forgetWrittenRecords(open.db)
  if (manifest.kind === 'library') await reprocess(open.db, { steps: ['prepare'], ids: undefined })
  return paused
}

async function fill(db: Db, manifest: Manifest, work: string, onRows: (rows: number) => void, signal: AbortSignal): Promise<void> {
  await migrateTo(db, manifest.migrations)
  const tables = manifest.tables.map((table) => ({
    ...table,
    rowsOf: () => unpackLines(createReadStream(partPath(work, `table-${table.name}`)), table.name) as AsyncIterable<readonly CopiedRow[]>,
  }))
  await fillDatabase(db, { tables, sequences: manifest.sequences }, onRows, (trx) => saveRestored(trx, manifest.name), signal)
}

/** Takes out what was brought. The tables on a server stay, empty: they were filled in one transaction. */
async function rollBack({ dataDir, databaseUrl }: RestoreTarget, manifest: Manifest, blobs: LibraryBlobs | null): Promise<void> {
  try {
    for (const part of [ORIGINALS, HELD] as const) for await (const { key } of blobs?.[part].list() ?? []) await blobs?.[part].delete(key)
    const folders = manifest.kind === 'library' ? [ORIGINALS, ...KEPT_FOLDERS.filter((folder) => folder !== 'models')] : []
    for (const folder of [...folders, ...(databaseUrl === undefined ? ['pg'] : [])])
      await rm(join(dataDir, folder), { recursive: true, force: true })
    await rm(workFolder(dataDir), { recursive: true, force: true })
    await removeRestoreNote(dataDir)
  } catch (error) {
    throw new FototecaError(
      'unavailable',
      `what was restored into ${dataDir} could not be taken out again (${describeError(error)}); empty it yourself`,
      {
        cause: error,
      },
    )
  }
}
