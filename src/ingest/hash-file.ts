/** @file SHA-256 of a file by stream, sure that the file was the same all the while. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** Small enough that hashing a piece (about .15 ms) never holds the event loop. */
const PIECE_BYTES = 256 * 1024

export interface HashedFile {
  readonly sha256: string
  readonly bytes: number
  readonly modifiedMs: number
}

/**
 * @param pace called after each piece with its length; waited for
 * @returns null when the file changed while it was read: somebody is writing it
 */
export async function hashFile(
  path: string,
  signal: AbortSignal,
  pace?: (bytes: number) => Promise<void> | undefined,
): Promise<HashedFile | null> {
  const file = await open(path, 'r')
  try {
    const before = await file.stat()
    const hash = createHash('sha256')
    const piece = Buffer.allocUnsafe(PIECE_BYTES)
    let bytes = 0
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, null)
      if (bytesRead === 0) break
      hash.update(piece.subarray(0, bytesRead))
      bytes += bytesRead
      await pace?.(bytesRead)
    }
    const after = await file.stat()
    if (after.size !== bytes || after.size !== before.size || after.mtimeMs !== before.mtimeMs) return null
    return { sha256: hash.digest('hex'), bytes, modifiedMs: Math.floor(after.mtimeMs) }
  } finally {
    await file.close()
  }
}
