/** @file Two describers over the same photos: what is still to be asked, what each said (tables `comparisons`, `comparison_answers`). */

import { sql } from 'kysely'
import { concludeCalls } from '../background/store-paid-calls.ts'
import type { ComparisonSide, ComparisonState } from '../contract/words.ts'
import { toIntegers } from '../db/arrays.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import type { Description } from '../domain/description.ts'
import type { DescribeResult } from '../models/ports/describer.ts'

export interface ComparisonRow {
  readonly id: number
  readonly left_describer: string
  readonly right_describer: string
  readonly state: ComparisonState
  readonly created_at: Date
  readonly ended_at: Date | null
}

export interface AnswerRow {
  readonly photo_id: number
  readonly side: ComparisonSide
  readonly state: 'due' | 'done' | 'failed'
  readonly reason: string | null
  readonly description: Description | null
  readonly fallback_used: boolean
  readonly tokens: number | null
  readonly cost: number | null
  readonly currency: string | null
  readonly cost_estimated: boolean
  readonly duration_ms: number | null
}

export async function insertComparison(db: Db, left: string, right: string, photoIds: readonly number[]): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('comparisons')
      .values({ left_describer: left, right_describer: right })
      .returning('id')
      .executeTakeFirstOrThrow()
    await sql`
      insert into comparison_answers (comparison_id, photo_id, side)
      select ${id}::integer, p.id, side from photos p, unnest(array['left', 'right']) side
      where p.id = any (${toIntegers(photoIds)})`.execute(trx)
    return id
  })
}

/** Newest first. */
export async function listComparisons(db: DbOrTrx, limit: number): Promise<ComparisonRow[]> {
  return await db.selectFrom('comparisons').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

export async function readComparison(db: DbOrTrx, id: number): Promise<ComparisonRow | undefined> {
  return await db.selectFrom('comparisons').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The oldest that still runs. */
export async function readRunning(db: DbOrTrx): Promise<ComparisonRow | undefined> {
  return await db.selectFrom('comparisons').selectAll().where('state', '=', 'running').orderBy('id').limit(1).executeTakeFirst()
}

export async function readAnswers(db: DbOrTrx, comparisonId: number): Promise<AnswerRow[]> {
  const { rows } = await sql<AnswerRow>`
    select photo_id, side, state, reason, description, fallback_used, input_tokens + output_tokens as tokens, cost, currency, cost_estimated, duration_ms
    from comparison_answers where comparison_id = ${comparisonId} order by photo_id, side`.execute(db)
  return rows
}

export interface DueAnswer {
  readonly photo_id: number
  readonly sha256: string
}

export async function listDueAnswers(db: DbOrTrx, comparisonId: number, side: ComparisonSide): Promise<DueAnswer[]> {
  return await db
    .selectFrom('comparison_answers')
    .innerJoin('photos', 'photos.id', 'comparison_answers.photo_id')
    .select(['comparison_answers.photo_id', 'photos.sha256'])
    .where('comparison_id', '=', comparisonId)
    .where('side', '=', side)
    .where('comparison_answers.state', '=', 'due')
    .orderBy('photo_id')
    .execute()
}

export interface AnswerKey {
  readonly comparisonId: number
  readonly photoId: number
  readonly side: ComparisonSide
  readonly saidBy: string
}

export async function saveAnswer(db: Db, key: AnswerKey, said: DescribeResult | { readonly reason: string }): Promise<void> {
  const values =
    'reason' in said
      ? { state: 'failed' as const, reason: said.reason }
      : {
          state: 'done' as const,
          reason: null,
          description: JSON.stringify(said.description),
          prompt_version: said.promptVersion,
          fallback_used: said.fallbackUsed,
          fallback_reason: said.fallbackReason,
          input_tokens: said.usage.inputTokens,
          output_tokens: said.usage.outputTokens,
          cost: said.usage.cost?.amount ?? null,
          currency: said.usage.cost?.currency ?? null,
          cost_estimated: said.usage.cost?.isEstimated ?? false,
          duration_ms: said.durationMs,
        }
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('comparison_answers')
      .set({ ...values, said_by: key.saidBy, attempts: sql<number>`attempts + 1` })
      .where('comparison_id', '=', key.comparisonId)
      .where('photo_id', '=', key.photoId)
      .where('side', '=', key.side)
      .where('state', '=', 'due')
      .execute()
    await concludeCalls(trx, subjectOf(key))
  })
}

/** What the call for it is named. */
export const subjectOf = ({ comparisonId, photoId, side }: Omit<AnswerKey, 'saidBy'>): string =>
  `compare ${comparisonId} ${photoId} ${side}`

/** Ends it if it still runs. */
export async function endComparison(db: DbOrTrx, id: number, state: Exclude<ComparisonState, 'running'>): Promise<void> {
  await db
    .updateTable('comparisons')
    .set({ state, ended_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}
