/**
 * @file Uploaded originals, addressed by their SHA-256. A blob lasts before its row is written (by the caller), and the row before the
 * answer. So a row never names bytes that are not there; bytes without a row are swept later.
 */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { message } from '../contract/messages/message.ts'
import { FototecaError } from '../domain/errors.ts'
import { findSystemCode, kindOfCode } from '../domain/outage.ts'
import type { BlobStore, StoredBlob } from '../storage/blob-store.ts'
import { writeTemporary } from '../storage/durable-write.ts'
import { originalKey } from '../storage/keys.ts'

/** An upload whose process died stays at most this long; longer than any upload takes. */
const ORPHAN_AGE_MS = 24 * 60 * 60 * 1000
/** Blobs that are looked at together, and asked for once more before they are removed. */
const LISTED_TOGETHER = 1000
/** bytes named by their sum; nothing hands them out from where they lie */
const TYPE = 'application/octet-stream'

export interface ReceivedBlob {
  /** absolute path of the temporary file */
  readonly temporary: string
  readonly sha256: string
  readonly bytes: number
}

/** Of blobs and the rows that name them. */
export interface Owners {
  /** Which of these a row names, or must stay for another reason. */
  filterOwned(paths: readonly string[]): Promise<ReadonlySet<string>>
  /**
   * Runs `act` while no other process can name the blob or remove it.
   * @param act is told whether a row names it
   */
  alone(path: string, act: (isOwned: boolean) => Promise<void>): Promise<void>
}

export class Uploads {
  readonly store: BlobStore
  /** contents between put and row: the sweep leaves them alone */
  readonly #arriving = new Map<string, number>()

  constructor(store: BlobStore) {
    this.store = store
  }

  /**
   * Writes the stream to a temporary file that is on the disk when this returns. `discard` or `keep` it then.
   * @throws FototecaError `too_large` or `disk_full`, or the stream’s own error; nothing is left behind
   */
  async receive(stream: Readable, maxBytes: number): Promise<ReceivedBlob> {
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
      const temporary = await this.store.temporary()
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
   * @param commit makes the row in the transaction in which `checkThere` is called
   */
  async keep<T>(blob: ReceivedBlob, commit: (path: string, checkThere: () => Promise<void>) => Promise<T>): Promise<T> {
    const { temporary, sha256, bytes } = blob
    const path = originalKey(sha256)
    this.#arriving.set(path, (this.#arriving.get(path) ?? 0) + 1)
    try {
      await this.store.putFile(path, temporary, { sha256, bytes, contentType: TYPE })
      return await commit(path, async () => {
        if ((await this.store.stat(path))?.bytes !== bytes)
          throw new FototecaError('unavailable', 'the same picture was deleted in this very moment; send it again')
      })
    } catch (error) {
      await rm(temporary, { force: true })
      throw explainWriteError(error)
    } finally {
      const open = (this.#arriving.get(path) ?? 1) - 1
      if (open === 0) this.#arriving.delete(path)
      else this.#arriving.set(path, open)
    }
  }

  /**
   * Removes blobs older than a day that no row names. Where most are so, nothing is removed: it is the database that was lost then.
   * @returns how many were removed, or were kept because they are most
   */
  async sweepOrphans(owners: Owners, signal: AbortSignal): Promise<{ readonly removed: number; readonly kept: number }> {
    const orphans: StoredBlob[] = []
    let total = 0
    for await (const blobs of this.#listTogether()) {
      signal.throwIfAborted()
      const owned = await owners.filterOwned(blobs.map(({ key }) => key))
      total += blobs.length
      orphans.push(...blobs.filter(({ key }) => !owned.has(key)))
    }
    if (orphans.length > total - orphans.length) return { removed: 0, kept: orphans.length }
    let removed = 0
    const old = orphans.filter(({ arrivedMs }) => Date.now() - arrivedMs >= ORPHAN_AGE_MS)
    for (let from = 0; from < old.length; from += LISTED_TOGETHER) {
      signal.throwIfAborted()
      const some = old.slice(from, from + LISTED_TOGETHER).map(({ key }) => key)
      // asked again: a rebuild may have made photos of them since
      const owned = await owners.filterOwned(some)
      for (const path of some) if (!owned.has(path) && (await this.removeUnowned(path, owners))) removed += 1
    }
    return { removed, kept: 0 }
  }

  /** The paths of all blobs, some at a time. */
  async *list(): AsyncGenerator<string[]> {
    for await (const blobs of this.#listTogether()) yield blobs.map(({ key }) => key)
  }

  /** Removes a blob that no photo holds any more, unless the same bytes are arriving. @returns whether it did */
  async removeUnowned(path: string, owners: Owners): Promise<boolean> {
    // one that does not answer keeps no transaction waiting
    if ((await this.store.stat(path)) === null) return false
    let isRemoved = false
    await owners.alone(path, async (isOwned) => {
      if (isOwned || this.#arriving.has(path)) return
      await this.store.delete(path)
      isRemoved = true
    })
    return isRemoved
  }

  async *#listTogether(): AsyncGenerator<StoredBlob[]> {
    let some: StoredBlob[] = []
    for await (const blob of this.store.list()) {
      if (!/^[0-9a-f]{2}\/[0-9a-f]{2}\/[^/]+$/.test(blob.key)) continue
      some.push(blob)
      if (some.length < LISTED_TOGETHER) continue
      yield some
      some = []
    }
    if (some.length > 0) yield some
  }
}

function explainWriteError(error: unknown): unknown {
  const code = findSystemCode(error)
  const kind = kindOfCode(code)
  if (kind === null) return error
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
