/** @file What sending the bytes of a photo needs to know of it. */
import type { PhotoFormat, RenditionKind } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isAllowed } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'

export interface PhotoFile {
  readonly filename: string
  readonly format: PhotoFormat | null
}

export async function readPhotoFile(db: DbOrTrx, sees: Visibility, id: number): Promise<PhotoFile | undefined> {
  return db.selectFrom('photos').select(['filename', 'format']).where('id', '=', id).where(isAllowed(sees, 'photos')).executeTakeFirst()
}

export async function readSha256(db: DbOrTrx, id: number): Promise<string | undefined> {
  const row = await db.selectFrom('photos').select('sha256').where('id', '=', id).executeTakeFirst()
  return row?.sha256
}

export type RenditionSizes = Partial<Readonly<Record<RenditionKind, number>>>

/** undefined where none was noted: not made yet, or by an earlier version and not checked yet */
export async function readRenditionSizes(db: DbOrTrx, id: number): Promise<RenditionSizes | undefined> {
  const rows = await db.selectFrom('photo_renditions').select(['kind', 'bytes']).where('photo_id', '=', id).execute()
  return rows.length === 0 ? undefined : Object.fromEntries(rows.map(({ kind, bytes }) => [kind, bytes]))
}
