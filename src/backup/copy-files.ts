/** @file The files of a library into a place: those that lie there already, under their sum, are not written again. */
import { FototecaError } from '../domain/errors.ts'
import { type LibraryFile, streamFile } from '../storage/library-file.ts'
import { hashStream } from './packed.ts'
import type { BackupPlace } from './place.ts'
import { FILES, fileKey, type SavedFile } from './snapshot.ts'

export interface FileToCopy extends SavedFile {
  /** null: it is gone */
  readonly find: () => Promise<LibraryFile | null>
}

export interface CopiedFiles {
  readonly saved: readonly SavedFile[]
  readonly gone: readonly string[]
  readonly damaged: readonly string[]
  /** files that were not there before, and their bytes */
  readonly written: number
  readonly writtenBytes: number
}

/** Room a place is left with at least: a full disk harms whoever shares it. */
const LEFT_FREE = 100_000_000

/** @throws FototecaError `disk_full` before anything is written, where there is too little room */
export async function copyFiles(
  place: BackupPlace,
  files: readonly FileToCopy[],
  onProgress: (done: { readonly files: number; readonly bytes: number }) => void,
  signal: AbortSignal,
): Promise<CopiedFiles> {
  const there = await listThere(place)
  await checkRoom(place, files, there)
  const saved: SavedFile[] = []
  const [gone, damaged]: [string[], string[]] = [[], []]
  let [written, writtenBytes, doneFiles, doneBytes] = [0, 0, 0, 0]
  onProgress({ files: 0, bytes: 0 })
  for (const { find, ...file } of files) {
    signal.throwIfAborted()
    if (file.is_copied && there.get(fileKey(file.sha256)) !== file.bytes) {
      const end = await copyFile(place, find, file, signal)
      if (end === 'gone') gone.push(file.path)
      if (end === 'damaged') damaged.push(file.path)
      if (end === 'copied') {
        there.set(fileKey(file.sha256), file.bytes)
        written += 1
        writtenBytes += file.bytes
        saved.push(file)
      }
    } else saved.push(file)
    doneFiles += 1
    doneBytes += file.is_copied ? file.bytes : 0
    onProgress({ files: doneFiles, bytes: doneBytes })
  }
  return { saved, gone, damaged, written, writtenBytes }
}

async function listThere({ blobs }: BackupPlace): Promise<Map<string, number>> {
  const there = new Map<string, number>()
  for await (const { key, bytes } of blobs.list(FILES)) there.set(key, bytes)
  return there
}

async function checkRoom(place: BackupPlace, files: readonly FileToCopy[], there: ReadonlyMap<string, number>): Promise<void> {
  const free = await place.freeBytes()
  if (free === null) return
  const missing = new Map<string, number>()
  for (const { sha256, bytes, is_copied } of files) if (is_copied && there.get(fileKey(sha256)) !== bytes) missing.set(sha256, bytes)
  const needed = [...missing.values()].reduce((sum, bytes) => sum + bytes, 0)
  if (needed + LEFT_FREE <= free) return
  throw new FototecaError(
    'disk_full',
    `${place.shown} has ${inMegabytes(free)} MB free, and ${inMegabytes(needed + LEFT_FREE)} MB are needed for ${missing.size} files; ` +
      'make room, keep fewer backups (--keep), or choose another place. Nothing was removed',
  )
}

const inMegabytes = (bytes: number): number => Math.ceil(bytes / 1_000_000)

async function copyFile(
  place: BackupPlace,
  find: FileToCopy['find'],
  file: SavedFile,
  signal: AbortSignal,
): Promise<'copied' | 'gone' | 'damaged'> {
  const { sha256, bytes } = file
  const key = fileKey(sha256)
  const found = await find()
  if (!found) return 'gone'
  try {
    await place.blobs.put(key, { sha256, bytes, contentType: 'application/octet-stream', open: () => streamFile(found) }, { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (!(await find())) return 'gone'
    // is it the file that cannot be read, or the place that cannot be written?
    const now = await hashStream(streamFile(found), signal).catch(() => null)
    if (now?.sha256 !== sha256) return 'damaged'
    throw error
  }
  const back = await hashStream((await place.blobs.get(key, { signal })).stream, signal)
  if (back.sha256 === file.sha256) return 'copied'
  await place.blobs.delete(key)
  throw new FototecaError('unavailable', `${place.shown} does not give back what was written there (${file.path}); check its disk`)
}
