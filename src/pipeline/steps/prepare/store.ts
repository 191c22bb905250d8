/** @file Saves what `prepare` found onto the photo. */
import type { Trx } from '../../../db/client.ts'
import type { WrittenRendition } from '../../../media/renditions.ts'

export interface Prepared {
  /** upright size of the original in pixels */
  readonly width: number
  readonly height: number
  readonly thumbhash: Uint8Array
  readonly renditions: readonly WrittenRendition[]
}

export async function savePrepared(trx: Trx, photoId: number, { width, height, thumbhash, renditions }: Prepared): Promise<void> {
  await trx.updateTable('photos').set({ width, height, thumbhash }).where('id', '=', photoId).execute()
  await trx
    .insertInto('photo_renditions')
    .values(renditions.map((rendition) => ({ photo_id: photoId, ...rendition })))
    .onConflict((conflict) =>
      conflict.columns(['photo_id', 'kind']).doUpdateSet((e) => ({ bytes: e.ref('excluded.bytes'), sha256: e.ref('excluded.sha256') })),
    )
    .execute()
}
