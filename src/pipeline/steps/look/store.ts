/** @file Saves the visual embedding of a photo in its own space, and its outline. */
import type { Trx } from '../../../db/client.ts'
import { ensureSpace, saveEmbedding } from '../../../db/vector.ts'
import { LOOK_MODEL, LOOK_SPACE, LOOK_WIDTH } from '../../../domain/likeness/look.ts'
import type { Look } from './look-at.ts'

export async function saveLook(trx: Trx, photoId: number, { vector, outline }: Look): Promise<void> {
  const spaceId = await ensureSpace(trx, { name: LOOK_SPACE, width: LOOK_WIDTH, hasText: false }, LOOK_MODEL)
  await saveEmbedding(trx, spaceId, photoId, vector)
  await trx
    .insertInto('photo_outlines')
    .values({ photo_id: photoId, luma: outline })
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet({ luma: outline }))
    .execute()
  // whatever space its look-alikes are told by
  await trx.deleteFrom('compared_photos').where('photo_id', '=', photoId).execute()
}
