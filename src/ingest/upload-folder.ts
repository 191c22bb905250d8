/**
 * @file The folder of uploaded originals, addressed by their SHA-256. A file lasts before its row is written (by the caller), and the row before
 * the answer. So a row never names bytes that are not on the disk; bytes without a row are swept later.
 */
import { createHash } from 'node:crypto'
import { statSync, unlinkSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { message } from '../contract/messages/message.ts'
import { FototecaError } from '../domain/errors.ts'
import { findSystemCode, kindOfCode } from '../domain/outage.ts'
import { INCOMING, publish, removeLeft, syncFolder, temporaryName, writeTemporary } from '../storage/durable-write.ts'
import { originalKey } from '../storage/keys.ts'

/** An upload whose process died stays at most this long; longer than any upload takes. */
const ORPHAN_AGE_MS = 24 * 60 * 60 * 1000
/** Files that no row names, asked for once more before they are removed. */
const SWEPT_TOGETHER = 500

export interface ReceivedBlob {
  /** absolute path of the temporary file */
  readonly temporary: string
  readonly sha256: string
  readonly bytes: number
}

export class UploadFolder {
  readonly folder: string
  /** contents between rename and row: the sweep leaves them alone */
  readonly #arriving = new Map<string, number>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** Makes the folder and removes what dead processes left half-written. */
  async prepare(): Promise<void> {
    await removeLeft(join(this.folder, INCOMING))
    await mkdir(join(this.folder, INCOMING), { recursive: true })
    await syncFolder(dirname(this.folder))
  }

  /**
   * Writes the stream to a temporary file that is on the disk when this returns. `discard` or `keep` it then.
   * @throws FototecaError `too_large` or `disk_full`, or the stream’s own error; nothing is left behind
   */
  async receive(stream: Readable, maxBytes: number): Promise<ReceivedBlob> {
    const temporary = join(this.folder, INCOMING, temporaryName())
    const hash = createHash('sha256')
    let bytes = 0
    async function* readMeasured(): AsyncGenerator<Buffer> {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        bytes += chunk.length
        if (bytes > maxBytes) throw new FototecaError('too_large', message('file.larger-than-limit', { limit: maxBytes }))
        hash.update(chunk)
        yield chunk
      }
    }
    try {
      await writeTemporary(temporary, readMeasured())
      return { temporary, sha256: hash.digest('hex'), bytes }
    } catch (error) {
      throw explainWriteError(error)
    }
  }

  async discard(blob: ReceivedBlob): Promise<void> {
    await rm(blob.temporary, { force: true })
  }

  /**
   * Puts the blob under its address, durably, and runs `commit` (the row) before the blob may count as an orphan.
   * An existing blob is replaced by the same bytes, which mends a damaged one.
   */
  async keep<T>(blob: ReceivedBlob, commit: (path: string) => Promise<T>): Promise<T> {
    const path = originalKey(blob.sha256)
    const target = join(this.folder, path)
    this.#arriving.set(path, (this.#arriving.get(path) ?? 0) + 1)
    try {
      await publish(blob.temporary, target, this.folder)
      return await commit(path)
    } catch (error) {
      await rm(blob.temporary, { force: true })
      throw explainWriteError(error)
    } finally {
      const open = (this.#arriving.get(path) ?? 1) - 1
      if (open === 0) this.#arriving.delete(path)
      else this.#arriving.set(path, open)
    }
  }

  /**
   * Removes blobs older than a day that no row names. Where most are so, nothing is removed: it is the database that was lost then.
   * @param filterOwned which of these paths a row names, or must stay for another reason
   * @returns how many were removed, or were kept because they are most
   */
  async sweepOrphans(
    filterOwned: (paths: readonly string[]) => Promise<ReadonlySet<string>>,
    signal: AbortSignal,
  ): Promise<{ readonly removed: number; readonly kept: number }> {
    const orphans: string[] = []
    let total = 0
    for await (const paths of this.list()) {
      signal.throwIfAborted()
      const owned = await filterOwned(paths)
      total += paths.length
      orphans.push(...paths.filter((path) => !owned.has(path)))
    }
    if (orphans.length > total - orphans.length) return { removed: 0, kept: orphans.length }
    let removed = 0
    for (let from = 0; from < orphans.length; from += SWEPT_TOGETHER) {
      signal.throwIfAborted()
      const some = orphans.slice(from, from + SWEPT_TOGETHER)
      // asked again: a rebuild may have made photos of them since
      const owned = await filterOwned(some)
      for (const path of some) if (!owned.has(path) && this.#removeIfOrphan(path)) removed += 1
    }
    return { removed, kept: 0 }
  }

  /** The paths of all blobs, some thousandths of them at a time. */
  async *list(): AsyncGenerator<string[]> {
    for (const first of await listFolder(this.folder)) {
      if (!/^[0-9a-f]{2}$/.test(first)) continue
      const paths: string[] = []
      for (const second of await listFolder(join(this.folder, first)))
        for (const name of await listFolder(join(this.folder, first, second))) paths.push(`${first}/${second}/${name}`)
      yield paths
    }
  }

  /** Removes a blob that no photo holds any more, unless the same bytes are arriving or arrived since `sinceMs`. */
  removeUnowned(path: string, sinceMs: number): void {
    const absolute = join(this.folder, path)
    if (this.#arriving.has(path)) return
    const found = statSync(absolute, { throwIfNoEntry: false })
    if (found?.isFile() && found.ctimeMs < sinceMs) unlinkSync(absolute)
  }

  /** Without a pause between look and removal: an upload of the same bytes may be arriving. */
  #removeIfOrphan(path: string): boolean {
    const absolute = join(this.folder, path)
    if (this.#arriving.has(path)) return false
    const found = statSync(absolute, { throwIfNoEntry: false })
    if (!found?.isFile() || Date.now() - found.ctimeMs < ORPHAN_AGE_MS) return false
    unlinkSync(absolute)
    return true
  }
}

async function listFolder(path: string): Promise<string[]> {
  return readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
}

function explainWriteError(error: unknown): unknown {
  const code = findSystemCode(error)
  const kind = kindOfCode(code)
  if (kind === null || error instanceof FototecaError) return error
  if (kind !== 'disk_full')
    return new FototecaError(
      'unavailable',
      `the data folder cannot be written (${code}); nothing of this file was kept. Send it again later`,
      {
        cause: error,
      },
    )
  return new FototecaError('disk_full', 'the disk of the data folder is full; nothing of this file was kept. Make room and send it again', {
    cause: error,
  })
}
