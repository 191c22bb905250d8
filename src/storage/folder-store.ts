/** @file A store in a folder of this machine. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, opendir, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { FototecaError } from '../domain/errors.ts'
import { INCOMING, publish, removeLeft, syncFolder, temporaryName, writeTemporary } from './durable-write.ts'
import { type BlobSource, checkKey, noBlob, type PictureStore, type StoredBlob } from './picture-store.ts'

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
export async function openFolderStore({ name, folder, publicUrl, isReadOnly = false }: FolderStoreOptions): Promise<PictureStore> {
  const isPublic = publicUrl !== null
  if (!isReadOnly) {
    await makeFolder(folder, isPublic)
    await removeLeft(join(folder, INCOMING))
    await mkdir(join(folder, INCOMING), { recursive: true })
  }
  const place = (key: string) => join(folder, checkKey(key))

  const head = async (key: string): Promise<StoredBlob | null> => {
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
    async get(key) {
      const found = await head(key)
      if (!found) throw noBlob(name, key)
      return { bytes: found.bytes, stream: createReadStream(place(key)) }
    },
    head,
    async delete(key) {
      const target = place(key)
      await rm(target, { force: true })
      await syncFolder(dirname(target)).catch(absent)
    },
    list: (prefix = '') => listFolder(folder, prefix),
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

async function* readChecked(source: BlobSource, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of source.open() as AsyncIterable<Buffer>) {
    signal?.throwIfAborted()
    bytes += chunk.length
    hash.update(chunk)
    yield chunk
  }
  if (bytes !== source.bytes || hash.digest('hex') !== source.sha256)
    throw new FototecaError('checksum_mismatch', `the picture changed while it was stored (${bytes} of ${source.bytes} bytes); try again`)
}

async function* listFolder(folder: string, prefix: string): AsyncGenerator<StoredBlob> {
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const entries = []
    for await (const entry of await opendir(at)) if (!entry.name.startsWith('.')) entries.push(entry)
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    const folders: string[] = []
    for (const entry of entries) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) folders.unshift(path)
      const key = relative(folder, path).split(sep).join('/')
      if (!entry.isFile() || !key.startsWith(prefix)) continue
      const found = await stat(path).catch(absent)
      if (found) yield { key, bytes: found.size, modifiedMs: found.mtimeMs, sha256: null }
    }
    waiting.push(...folders)
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
