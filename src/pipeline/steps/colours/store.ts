/** @file Saves the palette of a photo, in the order of shares. */
import type { Trx } from '../../../db/client.ts'
import type { PaletteColour } from '../../../domain/colour/palette.ts'

export async function saveColours(trx: Trx, photoId: number, colours: readonly PaletteColour[]): Promise<void> {
  await trx.deleteFrom('photo_colours').where('photo_id', '=', photoId).execute()
  if (colours.length === 0) return
  const rows = colours.map(({ name, hex, share }, position) => ({ photo_id: photoId, position, name, hex, share }))
  await trx.insertInto('photo_colours').values(rows).execute()
}
