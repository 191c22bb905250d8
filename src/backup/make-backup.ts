/** @file One backup: the database first, the files it names after it, the manifest last; then older ones are let go. */
import { rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import packageFile from '../../package.json' with { type: 'json' }
import { type OpenDatabase, openDatabase } from '../db/client.ts'
import { copyOnline, measureFolder } from '../db/copy/online-copy.ts'
import { FototecaError } from '../domain/errors.ts'
import { bytesSource } from '../storage/blob-store.ts'
import type { LibraryBlobs } from '../storage/library-blobs.ts'
import { findBlob, findInPlace } from '../storage/library-file.ts'
import { checkTables } from './check-backup.ts'
import { copyFiles, type FileToCopy } from './copy-files.ts'
import { type CopiedTables, copyTables } from './copy-tables.ts'
import { KEPT_FOLDERS, listKept, ORIGINALS } from './kept-folders.ts'
import { fileSource, packLines } from './packed.ts'
import type { BackupPlace } from './place.ts'
import { removeOld } from './retention.ts'
import {
  filesKey,
  listSnapshots,
  type Manifest,
  manifestKey,
  nameSnapshot,
  readFiles,
  type SavedFile,
  SNAPSHOT_FORMAT,
  sealManifest,
} from './snapshot.ts'
import { type Content, readContent } from './store-content.ts'

/** In the data folder, for what is on its way into a backup; what a killed process left goes at the next start. */
export const workFolder = (dataDir: string): string => join(dataDir, 'backup-work')

export interface BackupDeps {
  readonly open: Pick<OpenDatabase, 'db' | 'engine' | 'folder'>
  readonly dataDir: string
  readonly blobs: LibraryBlobs
  readonly library: string
  /** on the disk of the data folder, beside what a copy of the database takes */
  readonly minFreeBytes: number
}

export interface BackupOptions {
  /** newest backups that stay */
  readonly keep: number
  /** also the photos of folders that are indexed in place */
  readonly withFolders: boolean
}

export const BACKUP_PHASES = ['database', 'files', 'check', 'retention'] as const
export type BackupPhase = (typeof BACKUP_PHASES)[number]

export interface BackupProgress {
  readonly phase: BackupPhase
  readonly files: number
  readonly filesTotal: number
  readonly bytes: number
  readonly bytesTotal: number
}

export interface MadeBackup {
  readonly manifest: Manifest
  readonly written: number
  readonly writtenBytes: number
  /** names of backups that were let go */
  readonly removed: readonly string[]
}

export async function makeBackup(
  deps: BackupDeps,
  place: BackupPlace,
  { keep, withFolders }: BackupOptions,
  onProgress: (progress: BackupProgress) => void,
  signal: AbortSignal,
): Promise<MadeBackup> {
  const work = workFolder(deps.dataDir)
  const idle = { files: 0, filesTotal: 0, bytes: 0, bytesTotal: 0 }
  await rm(work, { recursive: true, force: true })
  try {
    onProgress({ phase: 'database', ...idle })
    const begun = new Date()
    const { finished } = await listSnapshots(place)
    const name = await chooseName(place, begun)
    const copied = await copyDatabase(deps, place, name, work, signal)
    const known = finished.length === 0 ? new Map<string, SavedFile>() : await readKnown(place, finished.at(-1) as string)
    const changing: string[] = []
    const files = await listFiles(deps, copied.also, known, withFolders, (path) => changing.push(path), signal)
    const totals = { filesTotal: files.length, bytesTotal: files.reduce((sum, file) => sum + (file.is_copied ? file.bytes : 0), 0) }
    const done = await copyFiles(place, files, (now) => onProgress({ phase: 'files', ...now, ...totals }), signal)

    onProgress({ phase: 'check', files: totals.filesTotal, bytes: totals.bytesTotal, ...totals })
    const list = join(work, 'files')
    const packed = await packLines(list, inBatches(done.saved), signal)
    await place.blobs.put(filesKey(name), fileSource(list, packed), { signal })
    const copies = done.saved.filter((file) => file.is_copied)
    const manifest: Manifest = {
      format: SNAPSHOT_FORMAT,
      name,
      kind: 'library',
      library: deps.library,
      program: packageFile.version,
      engine: deps.open.engine,
      begun_at: begun.toISOString(),
      finished_at: new Date().toISOString(),
      migrations: [...copied.migrations],
      tables: copied.tables.map((table) => ({ ...table })),
      sequences: [...copied.sequences],
      photos: copied.also.photos,
      files: {
        ...packed,
        count: copies.length,
        total_bytes: copies.reduce((sum, { bytes }) => sum + bytes, 0),
        named_only: done.saved.length - copies.length,
      },
      gone: [...done.gone],
      damaged: [...done.damaged, ...changing],
    }
    const wrong = await checkTables(place, manifest, signal)
    if (wrong.length > 0)
      throw new FototecaError(
        'unavailable',
        `${place.shown} does not give back what was written there (${wrong.join(', ')}); check its disk`,
      )
    await place.blobs.put(manifestKey(name), bytesSource(sealManifest(manifest), 'application/json'), { signal })

    onProgress({ phase: 'retention', files: totals.filesTotal, bytes: totals.bytesTotal, ...totals })
    const removed = await removeOld(place, keep, signal)
    return { manifest, written: done.written, writtenBytes: done.writtenBytes, removed }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Of two backups within a second the later has the later name. */
async function chooseName(place: BackupPlace, at: Date): Promise<string> {
  const { finished, unfinished } = await listSnapshots(place)
  const name = nameSnapshot(at)
  const taken = [...finished, ...unfinished].filter((one) => one.startsWith(name)).length
  return taken === 0 ? name : `${name}-${taken + 1}`
}

/** A server reads beside whoever writes. PGlite has one connection, so it is read from a copy, opened beside it. */
async function copyDatabase(
  { open, minFreeBytes, dataDir }: BackupDeps,
  place: BackupPlace,
  name: string,
  work: string,
  signal: AbortSignal,
): Promise<CopiedTables<Content>> {
  const tables = join(work, 'tables')
  if (open.folder === null) return await copyTables(open, place, name, tables, readContent, signal)
  const [needed, { bavail, bsize }] = await Promise.all([measureFolder(open.folder), statfs(dataDir)])
  if (bavail * bsize < needed + minFreeBytes)
    throw new FototecaError(
      'disk_full',
      `the disk of ${dataDir} has too little room for a copy of the database (${Math.ceil(needed / 1_000_000)} MB beside what is kept free); make room. Nothing was written`,
    )
  const folder = join(work, 'database')
  await copyOnline(open.db, open.folder, join(folder, 'pg'), signal)
  try {
    await using copy = await openDatabase({ dataDir: folder })
    return await copyTables(copy, place, name, tables, readContent, signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the last backup knows of files that are not named by their sum. */
async function readKnown(place: BackupPlace, name: string): Promise<Map<string, SavedFile>> {
  const known = new Map<string, SavedFile>()
  try {
    for await (const file of readFiles(place, name))
      if (file.source === undefined && KEPT_FOLDERS.some((folder) => file.path.startsWith(`${folder}/`))) known.set(file.path, file)
  } catch {
    return new Map() // they are read again
  }
  return known
}

async function listFiles(
  { dataDir, blobs }: BackupDeps,
  content: Content,
  known: ReadonlyMap<string, SavedFile>,
  withFolders: boolean,
  onChanging: (path: string) => void,
  signal: AbortSignal,
): Promise<FileToCopy[]> {
  const files: FileToCopy[] = []
  for (const { path, sha256, bytes, modifiedMs, source, root, followLinks } of content.files) {
    const common = { sha256, bytes, modified_ms: modifiedMs }
    if (source === null) {
      files.push({ ...common, path: `${ORIGINALS}/${path}`, is_copied: true, find: () => findBlob(blobs.originals, path) })
    } else if (root !== null)
      files.push({ ...common, path, source, is_copied: withFolders, find: () => findInPlace({ root, followLinks }, path) })
  }
  for await (const file of listKept({ dataDir, held: blobs.held }, known, onChanging, signal)) files.push(file)
  return files
}

const LINES = 1000

async function* inBatches<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let from = 0; from < all.length; from += LINES) yield all.slice(from, from + LINES)
}
