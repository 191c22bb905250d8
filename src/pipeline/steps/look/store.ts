/** @file Saves the visual embedding of a photo in its own space. */
import type { Trx } from '../../../db/client.ts'
import { ensureSpace, saveEmbedding } from '../../../db/vector.ts'
import { LOOK_MODEL, LOOK_SPACE, LOOK_WIDTH } from '../../../domain/look.ts'

export async function saveLook(trx: Trx, photoId: number, vector: Float32Array): Promise<void> {
  const spaceId = await ensureSpace(trx, { name: LOOK_SPACE, width: LOOK_WIDTH, hasText: false }, LOOK_MODEL)
  await saveEmbedding(trx, spaceId, photoId, vector)
}
