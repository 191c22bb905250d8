/** @file A store in a folder of this machine. */
import { constants, type Stats } from 'node:fs'
import { chmod, type FileHandle, mkdir, open, opendir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { FototecaError } from '../domain/errors.ts'
import { type BlobStore, checkKey, noBlob, nothingInSpan, readChecked, type StoredBlob } from './blob-store.ts'
import { type Bounds, leadsInside, openInside, readBounds } from './bounds.ts'
import { INCOMING, publish, removeLeft, syncFolder, temporaryName, writeTemporary } from './durable-write.ts'

/** As much is read at once. */
const SMALL_BYTES = 64 * 1024
const READ = constants.O_RDONLY | constants.O_NONBLOCK

export interface FolderStoreOptions {
  readonly name: string
  /** absolute */
  readonly folder: string
  /** where a web server shows the folder, without the last `/`; null: this program does */
  readonly publicUrl: string | null
  /** true: nothing is made or removed, so that a disk may be read-only */
  readonly isReadOnly?: boolean
  /** true: what lies there by a link that leads out of the folder is no blob of it */
  readonly isClosed?: boolean
  /** false: what was deleted may be back after a power cut, which saves a wait for the disk */
  readonly isDeleteDurable?: boolean
}

/** Makes the folder and removes what dead processes left half-written. */
export async function openFolderStore(options: FolderStoreOptions): Promise<BlobStore> {
  const { name, folder, publicUrl, isReadOnly = false, isClosed = false, isDeleteDurable = true } = options
  const isPublic = publicUrl !== null
  const incoming = join(folder, INCOMING)
  if (!isReadOnly) {
    await makeFolder(folder, isPublic)
    await removeLeft(incoming)
    await mkdir(incoming, { recursive: true })
    await syncFolder(dirname(folder)).catch(() => {}) // not every file system can
  }
  const bounds: Bounds | null = isClosed ? await readBounds({ root: folder, followLinks: [] }) : null
  const place = (key: string) => join(folder, checkKey(key))

  /** null: nothing is there, or no plain file: a pipe that lies there would wait for its other end */
  const openFile = async (key: string): Promise<{ readonly file: FileHandle; readonly found: Stats } | null> => {
    const path = place(key)
    const file = await (bounds ? openInside(path, bounds).then((held) => held?.handle) : open(path, READ)).catch(absent)
    try {
      const found = await file?.stat()
      if (file && found?.isFile()) return { file, found }
    } catch (error) {
      await file?.close()
      throw error
    }
    await file?.close()
    return null
  }

  const statBlob = async (key: string): Promise<StoredBlob | null> => {
    const path = place(key)
    const found = await stat(path).catch(absent)
    if (!found?.isFile() || (bounds && !(await leadsInside(path, bounds)))) return null
    return { key, ...factsOf(found) }
  }

  const putFile = async (key: string, path: string, isDurable: boolean): Promise<void> => {
    try {
      await publish(path, place(key), folder, { isDurable, ...(isPublic ? { folderMode: 0o755 } : {}) })
    } catch (error) {
      throw explain(error, name)
    }
  }

  return {
    async put(key, source, { signal, isDurable = true } = {}) {
      checkKey(key)
      const temporary = join(incoming, temporaryName())
      await writeTemporary(temporary, readChecked(source, signal), { isDurable, ...(isPublic ? { mode: 0o644 } : {}) }).catch((error) => {
        throw explain(error, name)
      })
      await putFile(key, temporary, isDurable)
    },
    temporary: async () => join(incoming, temporaryName()),
    putFile: (key, path) => putFile(key, path, true),
    async get(key, { span } = {}) {
      const opened = await openFile(key)
      if (!opened) throw noBlob(name, key)
      const { file, found } = opened
      const end = Math.min(span?.end ?? found.size, found.size)
      const start = span?.start ?? 0
      if (span && start >= end) {
        await file.close()
        throw nothingInSpan(key, span)
      }
      const bytes = end - start
      const stream = bytes > SMALL_BYTES ? file.createReadStream({ start, end: end - 1 }) : await readSmall(file, start, bytes)
      return { bytes, modifiedMs: found.mtimeMs, stream }
    },
    stat: statBlob,
    async delete(key) {
      const target = place(key)
      await rm(target, { force: true })
      if (isDeleteDurable) await syncFolder(dirname(target)).catch(absent)
    },
    async deleteBelow(below) {
      const target = place(below)
      await rm(target, { recursive: true, force: true })
      if (isDeleteDurable) await syncFolder(dirname(target)).catch(absent)
    },
    list: (prefix = '') => listFolder(folder, '', prefix),
    async withLocalFile(key, use) {
      if (!(await statBlob(key))) throw noBlob(name, key)
      return use(place(key), bounds)
    },
    url: async (key) => (publicUrl === null ? null : `${publicUrl}/${checkKey(key).split('/').map(encodeURIComponent).join('/')}`),
    async [Symbol.asyncDispose]() {},
  }
}

/** A thumbnail is one read: a stream of its file would take three, and some turns of the event loop. */
async function readSmall(file: FileHandle, start: number, bytes: number): Promise<Readable> {
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, start)
    return Readable.from([buffer.subarray(0, bytesRead)], { objectMode: false })
  } finally {
    await file.close()
  }
}

/** Where a web server shows the folder it must be able to read it, whatever umask this program has. */
async function makeFolder(path: string, isPublic: boolean): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined || !isPublic) return
  for (let at = path; at.length >= first.length; at = dirname(at)) await chmod(at, 0o755)
}

/** @param below the key of a folder with `/` at its end; '': the store’s own */
async function* listFolder(folder: string, below: string, prefix: string): AsyncGenerator<StoredBlob> {
  const names: string[] = []
  const entries = await opendir(join(folder, below)).catch((error) => (below === '' ? Promise.reject(error) : absent(error)))
  for await (const entry of entries ?? []) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) names.push(`${entry.name}/`)
    else if (entry.isFile()) names.push(entry.name)
  }
  // a folder sorts by its `/` too, as its keys do
  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
    const key = below + name
    if (name.endsWith('/')) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* listFolder(folder, key, prefix)
      continue
    }
    const found = key.startsWith(prefix) ? await stat(join(folder, key)).catch(absent) : undefined
    if (found) yield { key, ...factsOf(found) }
  }
}

const factsOf = ({ size, mtimeMs, ctimeMs }: Stats): Omit<StoredBlob, 'key'> => ({
  ...{ bytes: size, modifiedMs: mtimeMs, arrivedMs: ctimeMs, sha256: null },
})

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}

function explain(error: unknown, name: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof FototecaError || code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new FototecaError('disk_full', `the disk of the store ${name} is full; nothing of this picture was kept there`, { cause: error })
  return new FototecaError('unavailable', `the store ${name} cannot be written (${code}); nothing of this picture was kept there`, {
    cause: error,
  })
}
