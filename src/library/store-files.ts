/** @file What sending the bytes of a photo needs to know of it. */
import type { PhotoFormat } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'

export interface PhotoFile {
  readonly filename: string
  readonly format: PhotoFormat | null
}

export async function readPhotoFile(db: DbOrTrx, id: number): Promise<PhotoFile | undefined> {
  return db.selectFrom('photos').select(['filename', 'format']).where('id', '=', id).executeTakeFirst()
}

export async function readSha256(db: DbOrTrx, id: number): Promise<string | undefined> {
  const row = await db.selectFrom('photos').select('sha256').where('id', '=', id).executeTakeFirst()
  return row?.sha256
}
