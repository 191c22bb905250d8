/** @file Holds one original against what it was when it came in. It is only read. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { FileProblemKind } from '../contract/words.ts'
import { describeError } from '../domain/errors.ts'
import { hashFile } from '../ingest/hash-file.ts'
import type { BlobStore } from '../storage/blob-store.ts'
import { openInside, readBounds } from '../storage/bounds.ts'

export interface FileToCheck {
  readonly id: number
  readonly kind: 'folder' | 'upload'
  /** of the folder; null: the blob store */
  readonly root: string | null
  readonly followLinks: readonly string[]
  readonly path: string
  readonly bytes: number
  readonly modifiedMs: number
  /** what the last check found */
  readonly problem: FileProblemKind | null
}

export interface Wrong {
  readonly kind: FileProblemKind
  readonly reason: string
  readonly foundSha256: string | null
}

/** `changed`: its owner wrote it anew, and the scan will read it. `away`: its folder cannot be reached, which says nothing of the file. */
export type FileVerdict = 'right' | 'changed' | 'away' | Wrong

export interface Reading {
  readonly originals: BlobStore
  readonly signal: AbortSignal
  /** called after each piece; waited for */
  readonly pace: (bytes: number) => Promise<void> | undefined
  /** false: a look at its size is enough */
  readonly isWhole: boolean
}

export async function checkFile(file: FileToCheck, sha256: string, reading: Reading): Promise<FileVerdict> {
  if (file.root === null) return checkUpload(file, sha256, reading)
  const { root } = file
  const bounds = await readBounds({ root, followLinks: file.followLinks }).catch(() => undefined)
  if (!bounds) return 'away'
  try {
    await using held = await openInside(join(root, file.path), bounds)
    if (held === null) return wrong('missing', 'something other than a file of this folder is in its place')
    const { size, mtimeMs } = await held.handle.stat()
    if (size !== file.bytes || Math.floor(mtimeMs) !== file.modifiedMs) return 'changed'
    if (!reading.isWhole) return 'right'
    const hashed = await hashFile(held.path, reading.signal, reading.pace)
    // somebody wrote it meanwhile: the scan follows
    if (hashed === null) return 'changed'
    return hashed.sha256 === sha256 ? 'right' : otherContent(hashed.sha256)
  } catch (error) {
    reading.signal.throwIfAborted()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return wrong('missing', 'there is no file at its path')
    return wrong('unreadable', `it cannot be read: ${describeError(error)}`)
  }
}

async function checkUpload({ path, bytes }: FileToCheck, sha256: string, reading: Reading): Promise<FileVerdict> {
  const { originals, signal, pace, isWhole } = reading
  try {
    const found = await originals.stat(path)
    if (!found) return wrong('missing', 'there is no file at its path')
    if (found.bytes !== bytes) return wrong('damaged', `it has ${found.bytes} bytes instead of ${bytes}`)
    if (!isWhole) return 'right'
    const hash = createHash('sha256')
    for await (const piece of (await originals.get(path, { signal })).stream as AsyncIterable<Buffer>) {
      signal.throwIfAborted()
      hash.update(piece)
      await pace(piece.length)
    }
    const sum = hash.digest('hex')
    return sum === sha256 ? 'right' : otherContent(sum)
  } catch (error) {
    signal.throwIfAborted()
    const { code } = error as { readonly code?: string }
    if (code === 'not_found') return wrong('missing', 'there is no file at its path')
    // a store that does not answer says nothing of the file
    return code === 'unavailable' ? 'away' : wrong('unreadable', `it cannot be read: ${describeError(error)}`)
  }
}

const otherContent = (found: string): Wrong =>
  wrong('damaged', 'its contents are not what was added; the disk or its cable may be failing', found)

const wrong = (kind: FileProblemKind, reason: string, foundSha256: string | null = null): Wrong => ({ kind, reason, foundSha256 })
