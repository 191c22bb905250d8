/** @file Where the renditions of a photo lie in the data folder, and what they are called. */
import { join } from 'node:path'

const THUMBNAIL_FILE = 'thumbnail.webp'
const PREVIEW_FILE = 'preview.webp'

/** Folder of one photo: `<data>/renditions/ab/cd/<sha256>`; two levels keep each folder small at a million photos. */
export function renditionDir(dataDir: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError(`not a SHA-256 in lower-case hexadecimal: ${JSON.stringify(sha256)}`)
  return join(dataDir, 'renditions', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

export const thumbnailPath = (dir: string): string => join(dir, THUMBNAIL_FILE)
export const previewPath = (dir: string): string => join(dir, PREVIEW_FILE)
