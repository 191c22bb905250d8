/** @file Tags by words in `photo_tags`. Their sayer is `tags/<model>@<version>.<vocabulary>`; other sayers' tags stay. */
import { sql } from 'kysely'
import type { Trx } from '../../../db/client.ts'

export interface FoundTag {
  readonly tag: string
  /** 0–1 */
  readonly confidence: number
}

/**
 * Replaces what any earlier vocabulary or model said in words.
 * @returns the photos whose tags are others than before
 */
export async function replaceWordTags(trx: Trx, found: ReadonlyMap<number, readonly FoundTag[]>, modelId: string): Promise<number[]> {
  const ids = [...found.keys()]
  if (ids.length === 0) return []
  const { rows } = await sql<{ photo_id: number; tag: string }>`
    delete from photo_tags where photo_id = any (${ids}::integer[]) and said_by like 'tags/%' returning photo_id, tag`.execute(trx)
  const before = Map.groupBy(rows, ({ photo_id }) => photo_id)
  const after = [...found].flatMap(([photo_id, tags]) => tags.map(({ tag, confidence }) => ({ photo_id, tag, confidence })))
  if (after.length > 0)
    await sql`
      insert into photo_tags (photo_id, tag, said_by, confidence)
      select photo_id, tag, ${modelId}, confidence
      from jsonb_to_recordset(${JSON.stringify(after)}::jsonb) as r (photo_id integer, tag text, confidence real)`.execute(trx)
  return [...found].flatMap(([photoId, tags]) => {
    const old = new Set(before.get(photoId)?.map(({ tag }) => tag))
    return old.size === tags.length && tags.every(({ tag }) => old.has(tag)) ? [] : [photoId]
  })
}
