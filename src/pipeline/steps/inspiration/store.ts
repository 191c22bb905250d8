/** @file What the describer of a purpose said of a photo (table `purpose_texts`), beside what the description says of it. */
import { type SqlBool, sql } from 'kysely'
import type { Purpose } from '../../../contract/words.ts'
import type { Trx } from '../../../db/client.ts'
import type { SaidDescription } from '../description/store.ts'

/** Replaces what any describer said for it before. Without a text nothing changes. */
export async function replaceText(trx: Trx, photoId: number, purpose: Purpose, text: string | null, said: SaidDescription): Promise<void> {
  if (text === null) return
  const { saidBy, result } = said
  const values = {
    text,
    said_by: saidBy,
    models: [...result.models],
    prompt_version: result.promptVersion,
    fallback_used: result.fallbackUsed,
    fallback_reason: result.fallbackReason,
    input_tokens: result.usage.inputTokens,
    output_tokens: result.usage.outputTokens,
    cost: result.usage.cost?.amount ?? null,
    currency: result.usage.cost?.currency ?? null,
    cost_estimated: result.usage.cost?.isEstimated ?? false,
    duration_ms: result.durationMs,
    created_at: sql<Date>`now()`,
  }
  await trx
    .insertInto('purpose_texts')
    .values({ photo_id: photoId, purpose, ...values })
    .onConflict((conflict) => conflict.columns(['photo_id', 'purpose']).doUpdateSet(values))
    .execute()
}

/** One describer does both again: what it says now goes for this purpose too. */
export async function giveToDescription(trx: Trx, photoId: number): Promise<void> {
  const hasPrompt = sql<SqlBool>`exists (select 1 from descriptions d where d.photo_id = ${photoId} and d.inspiration_prompt is not null)`
  const own = trx.deleteFrom('purpose_texts').where('photo_id', '=', photoId).where('purpose', '=', 'inspiration').where(hasPrompt)
  const { numDeletedRows } = await own.executeTakeFirst()
  if (numDeletedRows > 0n) await trx.deleteFrom('photo_steps').where('photo_id', '=', photoId).where('step', '=', 'inspiration').execute()
}
