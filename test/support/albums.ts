/** @file An album by hand with the photos a test names. */
import type { Db } from '../../src/db/client.ts'

export async function addToAlbum(db: Db, photoIds: readonly number[]): Promise<number> {
  const { id } = await db.insertInto('albums').values({ name: 'Album', kind: 'by-hand' }).returning('id').executeTakeFirstOrThrow()
  await db
    .insertInto('album_photos')
    .values(photoIds.map((photo_id, place) => ({ album_id: id, photo_id, place })))
    .execute()
  return id
}
