/** @file Holds one original against what it was when it came in. It is only read. */
import { join } from 'node:path'
import type { FileProblemKind } from '../contract/words.ts'
import { describeError } from '../domain/errors.ts'
import { hashFile } from '../ingest/hash-file.ts'
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
  readonly uploadDir: string
  readonly signal: AbortSignal
  /** called after each piece; waited for */
  readonly pace: (bytes: number) => Promise<void> | undefined
  /** false: a look at its size is enough */
  readonly isWhole: boolean
}

export async function checkFile(file: FileToCheck, sha256: string, reading: Reading): Promise<FileVerdict> {
  const root = file.root ?? reading.uploadDir
  const bounds = await readBounds({ root, followLinks: file.followLinks }).catch(() => undefined)
  if (!bounds) return 'away'
  try {
    await using held = await openInside(join(root, file.path), bounds)
    if (held === null) return wrong('missing', 'something other than a file of this folder is in its place')
    const { size, mtimeMs } = await held.handle.stat()
    const isOwners = file.kind === 'folder'
    if (isOwners && (size !== file.bytes || Math.floor(mtimeMs) !== file.modifiedMs)) return 'changed'
    if (size !== file.bytes) return wrong('damaged', `it has ${size} bytes instead of ${file.bytes}`)
    if (!reading.isWhole) return 'right'
    const hashed = await hashFile(held.path, reading.signal, reading.pace)
    // somebody wrote it meanwhile: in a folder the scan follows, and the blob store only ever puts right bytes in place
    if (hashed === null) return 'changed'
    if (hashed.sha256 === sha256) return 'right'
    return wrong('damaged', 'its contents are not what was added; the disk or its cable may be failing', hashed.sha256)
  } catch (error) {
    reading.signal.throwIfAborted()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return wrong('missing', 'there is no file at its path')
    return wrong('unreadable', `it cannot be read: ${describeError(error)}`)
  }
}

const wrong = (kind: FileProblemKind, reason: string, foundSha256: string | null = null): Wrong => ({ kind, reason, foundSha256 })
