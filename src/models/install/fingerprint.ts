/** @file A short name for the exact content of a model: different weights never share a space. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

export interface HashedFile {
  readonly path: string
  readonly sha256: string
}

/** First 8 hex digits over paths and digests; the order in which files are listed does not matter. */
export function fingerprint(files: readonly HashedFile[]): string {
  const lines = files.map(({ path, sha256 }) => `${path} ${sha256}\n`).sort()
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 8)
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
