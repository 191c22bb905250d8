/** @file What decisions about the trash and about pairs of photos mean for the tables that lists and sets read: put in step in the same transaction. */

import { sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { Trx } from '../db/client.ts'
import { isInTrash, isKept } from '../db/visible.ts'
import { emptySearchDocuments } from '../document/store.ts'

/** Photos are in the trash as decided. Those that come back need their search documents written again. */
export async function applyTrash(trx: Trx, photoIds: readonly number[]): Promise<void> {
  const ids = toIntegers(photoIds)
  const { rows } = await sql<{ id: number }>`
    update photos p set trashed_at = now() where p.id = any (${ids}) and ${isKept('p')}
      and exists (select 1 from decisions d where d.photo_id = p.id and d.field = 'trash' and d.value = 'true') returning p.id`.execute(trx)
  await sql`
    update photos p set trashed_at = null where p.id = any (${ids}) and ${isInTrash('p')} and p.removed_at is null
      and not exists (select 1 from decisions d where d.photo_id = p.id and d.field = 'trash' and d.value = 'true')`.execute(trx)
  if (rows.length > 0)
    await emptySearchDocuments(
      trx,
      rows.map(({ id }) => id),
    )
}

/** What was decided of pairs stands with the pairs. */
export async function applyVerdicts(trx: Trx, photoIds: readonly number[]): Promise<void> {
  await sql`
    update duplicates p set verdict = (
      select d.value #>> '{}' from decisions d where d.photo_id = p.photo_id_1 and d.field = 'pair' and d.key = p.photo_id_2::text)
    where p.photo_id_1 = any (${toIntegers(photoIds)}) and p.verdict is distinct from (
      select d.value #>> '{}' from decisions d where d.photo_id = p.photo_id_1 and d.field = 'pair' and d.key = p.photo_id_2::text)`.execute(
    trx,
  )
}
