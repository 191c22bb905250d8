/** @file Saves what `prepare` found onto the photo. */
import type { Trx } from '../../../db/client.ts'
import type { Rendition, RenditionFacts } from '../../../media/renditions.ts'

export interface Prepared {
  /** upright size of the original in pixels */
  readonly width: number
  readonly height: number
  readonly thumbhash: Uint8Array
  /** with their content until they are put where renditions lie */
  readonly renditions: readonly (RenditionFacts | Rendition)[]
}

export async function savePrepared(trx: Trx, photoId: number, { width, height, thumbhash, renditions }: Prepared): Promise<void> {
  await trx.updateTable('photos').set({ width, height, thumbhash }).where('id', '=', photoId).execute()
  await trx
    .insertInto('photo_renditions')
    .values(renditions.map(({ kind, bytes, sha256 }) => ({ photo_id: photoId, kind, bytes, sha256 })))
    .onConflict((conflict) =>
      conflict.columns(['photo_id', 'kind']).doUpdateSet((e) => ({ bytes: e.ref('excluded.bytes'), sha256: e.ref('excluded.sha256') })),
    )
    .execute()
}
