/** @file A store in a folder of this machine. */
import { constants } from 'node:fs'
import { chmod, mkdir, open, opendir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FototecaError } from '../domain/errors.ts'
import { type BlobStore, checkKey, noBlob, nothingInSpan, readChecked, type StoredBlob } from './blob-store.ts'
import { INCOMING, publish, removeLeft, syncFolder, temporaryName, writeTemporary } from './durable-write.ts'

export interface FolderStoreOptions {
  readonly name: string
  /** absolute */
  readonly folder: string
  /** where a web server shows the folder, without the last `/`; null: this program does */
  readonly publicUrl: string | null
  /** true: nothing is made or removed, so that a disk may be read-only */
  readonly isReadOnly?: boolean
}

/** Makes the folder and removes what dead processes left half-written. */
export async function openFolderStore({ name, folder, publicUrl, isReadOnly = false }: FolderStoreOptions): Promise<BlobStore> {
  const isPublic = publicUrl !== null
  if (!isReadOnly) {
    await makeFolder(folder, isPublic)
    await removeLeft(join(folder, INCOMING))
    await mkdir(join(folder, INCOMING), { recursive: true })
  }
  const place = (key: string) => join(folder, checkKey(key))

  const statBlob = async (key: string): Promise<StoredBlob | null> => {
    const found = await stat(place(key)).catch(absent)
    return found?.isFile() ? { key, bytes: found.size, modifiedMs: found.mtimeMs, sha256: null } : null
  }

  return {
    async put(key, source, signal) {
      const target = place(key)
      const temporary = join(folder, INCOMING, temporaryName())
      try {
        await writeTemporary(temporary, readChecked(source, signal), isPublic ? 0o644 : undefined)
        await publish(temporary, target, folder, isPublic ? 0o755 : undefined)
      } catch (error) {
        throw explain(error, name)
      }
    },
    async get(key, { span } = {}) {
      // a pipe that lies there would wait for its other end
      const file = await open(place(key), constants.O_RDONLY | constants.O_NONBLOCK).catch(absent)
      try {
        const found = await file?.stat()
        if (!file || !found?.isFile()) throw noBlob(name, key)
        if (!span) return { bytes: found.size, stream: file.createReadStream() }
        const end = Math.min(span.end, found.size)
        if (span.start >= end) throw nothingInSpan(key, span)
        return { bytes: end - span.start, stream: file.createReadStream({ start: span.start, end: end - 1 }) }
      } catch (error) {
        await file?.close()
        throw error
      }
    },
    stat: statBlob,
    async delete(key) {
      const target = place(key)
      await rm(target, { force: true })
      await syncFolder(dirname(target)).catch(absent)
    },
    async deleteBelow(below) {
      const target = place(below)
      await rm(target, { recursive: true, force: true })
      await syncFolder(dirname(target)).catch(absent)
    },
    list: (prefix = '') => listFolder(folder, '', prefix),
    async withLocalFile(key, use) {
      if (!(await statBlob(key))) throw noBlob(name, key)
      return use(place(key))
    },
    url: async (key) => (publicUrl === null ? null : `${publicUrl}/${checkKey(key).split('/').map(encodeURIComponent).join('/')}`),
    async [Symbol.asyncDispose]() {},
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
    if (found) yield { key, bytes: found.size, modifiedMs: found.mtimeMs, sha256: null }
  }
}

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
