/** @file The record of a photo: a small JSON file named by the photo’s bytes. It holds what cannot be found out again by looking at them. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { COLLECTIONS } from '../contract/words.ts'
import { recordPath } from '../domain/record-path.ts'

const Decision = z.object({
  field: z.enum(['tag', 'category', 'trash', 'title', 'caption', 'alt_text', 'rating', 'favourite']),
  /** the tag, or the category’s name */
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  decided_at: z.string(),
})

const Face = z.object({
  name: z.string(),
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
})

export const PhotoRecord = z.object({
  format: z.literal('fototeca photo record 1'),
  sha256: z.string(),
  filename: z.string(),
  /** records of versions before 0069 have none */
  collection: z.enum(COLLECTIONS).default('photos'),
  added_at: z.string(),
  decisions: z.array(Decision),
  faces: z.array(Face),
})
export type PhotoRecord = z.infer<typeof PhotoRecord>

/** @returns null where there is none; `broken` where there is no reading it */
export async function readRecord(dataDir: string, sha256: string): Promise<PhotoRecord | 'broken' | null> {
  const text = await readFile(recordPath(dataDir, sha256), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  try {
    return PhotoRecord.parse(JSON.parse(text))
  } catch {
    return 'broken'
  }
}
