/** @file Saves what `prepare` found onto the photo. */
import type { Trx } from '../../../db/client.ts'

export interface Prepared {
  /** upright size of the original in pixels */
  readonly width: number
  readonly height: number
  readonly thumbhash: Uint8Array
}

export async function savePrepared(trx: Trx, photoId: number, { width, height, thumbhash }: Prepared): Promise<void> {
  await trx.updateTable('photos').set({ width, height, thumbhash }).where('id', '=', photoId).execute()
}
