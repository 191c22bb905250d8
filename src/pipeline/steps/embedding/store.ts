/** @file Stores a photo's vector in its space. Vectors of other spaces stay: the old space serves until the new one is full. */
import type { Trx } from '../../../db/client.ts'
import { ensureSpace, saveEmbedding } from '../../../db/vector.ts'
import type { Space } from '../../../models/ports/capability.ts'

export interface PhotoEmbedding {
  readonly space: Space
  /** [space.width] float32 of unit length */
  readonly vector: Float32Array
}

export async function replaceEmbedding(
  trx: Trx,
  photoId: number,
  { space, vector }: PhotoEmbedding,
  modelId: string | null,
): Promise<void> {
  // a space is named `<model id>/<width>`
  const spaceId = await ensureSpace(trx, space, modelId ?? space.name.slice(0, space.name.lastIndexOf('/')))
  await saveEmbedding(trx, spaceId, photoId, vector)
}
