/** @file Saves the hashes of a photo. */
import type { Trx } from '../../../db/client.ts'
import type { PdqHash } from '../../../domain/likeness/pdq.ts'

export async function saveHash(trx: Trx, photoId: number, { pdq, quality, dihedral }: PdqHash): Promise<void> {
  const row = { pdq, quality, dihedral }
  await trx
    .insertInto('photo_hashes')
    .values({ photo_id: photoId, ...row })
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet(row))
    .execute()
}
