/** @file Made pictures on their way into the store of their run. */
import { sql } from 'kysely'
import type { Db } from '../db/client.ts'
import { isKept } from '../db/visible.ts'

/** Made, let pass, and not yet in the store of their run. */
export async function listToStore(db: Db) {
  return db
    .selectFrom('generated_images as i')
    .innerJoin('generations as g', 'g.id', 'i.generation_id')
    .innerJoin('photos as p', 'p.id', 'i.photo_id')
    .select(['i.id', 'i.photo_id', 'i.source_id', 'i.image_type', 'i.model_id', 'i.cutter_id', 'g.store', 'g.product_type', 'p.filename'])
    .where('g.store', 'is not', null)
    .where('i.state', '=', 'done')
    .where('i.review', 'in', ['open', 'approved'])
    .where('i.stored_at', 'is', null)
    .where(isKept('p'))
    .orderBy('i.id')
    .limit(200)
    .execute()
}

export async function saveStored(db: Db, id: number, picture: number): Promise<void> {
  await db
    .updateTable('generated_images')
    .set({ store_picture_id: picture, stored_at: sql<Date>`now()`, reason: null })
    .where('id', '=', id)
    .execute()
}

export async function saveNotStored(db: Db, id: number, reason: string): Promise<void> {
  await db.updateTable('generated_images').set({ reason }).where('id', '=', id).execute()
}
