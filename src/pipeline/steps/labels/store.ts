/** @file Tags of a brought-along tagger in `photo_tags`; other sayers' tags stay. */
import type { Trx } from '../../../db/client.ts'
import type { FoundLabel } from '../../../models/ports/capability.ts'

/** Replaces what the tagger of the step's last run said, whichever it was: the ledger still names it. */
export async function replaceLabels(trx: Trx, photoId: number, found: readonly FoundLabel[], modelId: string): Promise<void> {
  const before = await trx
    .selectFrom('photo_steps')
    .select('model_id')
    .where('photo_id', '=', photoId)
    .where('step', '=', 'labels')
    .executeTakeFirst()
  const sayers = [...new Set([modelId, ...(before?.model_id ? [before.model_id] : [])])]
  await trx.deleteFrom('photo_tags').where('photo_id', '=', photoId).where('said_by', 'in', sayers).execute()
  // two classes may go by one name
  const best = new Map<string, number>()
  for (const { tag, confidence } of found) best.set(tag, Math.max(confidence, best.get(tag) ?? 0))
  if (best.size === 0) return
  await trx
    .insertInto('photo_tags')
    .values([...best].map(([tag, confidence]) => ({ photo_id: photoId, tag, said_by: modelId, confidence })))
    .execute()
}
