/** @file The things found in a photo (table `detected_objects`) and the tags they give it (`photo_tags`). */
import type { Trx } from '../../../db/client.ts'
import type { FoundObject } from '../../../models/ports/capability.ts'
import { findAnimalFaces } from '../faces/store.ts'

/** Replaces what any earlier model found; other sayers' tags stay. */
export async function replaceObjects(trx: Trx, photoId: number, found: readonly FoundObject[], modelId: string): Promise<void> {
  const before = await trx.deleteFrom('detected_objects').where('photo_id', '=', photoId).returning('model_id').execute()
  const sayers = [...new Set([modelId, ...before.map((row) => row.model_id)])]
  await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', 'in', sayers).execute()
  if (found.length > 0) await insertObjects(trx, photoId, found, modelId)
  await findAnimalFaces(trx, photoId)
}

async function insertObjects(trx: Trx, photoId: number, found: readonly FoundObject[], modelId: string): Promise<void> {
  await trx
    .insertInto('detected_objects')
    .values(
      found.map(({ label, confidence, box }) => ({
        photo_id: photoId,
        label,
        confidence,
        x: box.x,
        y: box.y,
        width: box.width,
        height: box.height,
        model_id: modelId,
      })),
    )
    .execute()
  const best = new Map<string, number>()
  for (const { label, confidence } of found) best.set(label, Math.max(confidence, best.get(label) ?? 0))
  await trx
    .insertInto('photo_tags')
    .values([...best].map(([tag, confidence]) => ({ photo_id: photoId, tag, said_by: modelId, confidence })))
    .execute()
}
