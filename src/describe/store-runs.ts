/** @file Runs: photos a person asked to have described at once, each run with its own budget and its own count. */

import { sql } from 'kysely'
import type { DescribeRun } from '../contract/describe.ts'
import type { Purpose, RunState } from '../contract/words.ts'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import type { Usage } from '../models/ports/usage.ts'
import { forgetOwed } from './store-owed.ts'

export interface NewRun {
  readonly purpose: Purpose
  readonly describer: string
  readonly maxTokens: number | null
  readonly maxCost: number | null
}

export async function insertRun(trx: Trx, run: NewRun): Promise<number> {
  const { id } = await trx
    .insertInto('describe_runs')
    .values({ purpose: run.purpose, describer: run.describer, max_tokens: run.maxTokens, max_cost: run.maxCost })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function addToRun(trx: Trx, runId: number, photoIds: readonly number[]): Promise<void> {
  await sql`
    insert into describe_run_photos (run_id, photo_id)
    select ${runId}::integer, p.id from photos p where p.id = any (${toIntegers(photoIds)})
    on conflict do nothing`.execute(trx)
}

/** A photo ended: what it cost counts for the runs that asked for it. A run whose budget is spent takes back what still waits. */
export async function countForRuns(
  trx: Trx,
  purpose: Purpose,
  photoId: number,
  end: 'done' | 'failed',
  usage: Usage | null,
): Promise<void> {
  const cost = usage?.cost ?? null
  const counted = await trx
    .updateTable('describe_run_photos')
    .set((eb) => ({
      state: end,
      tokens: sql<number>`coalesce(tokens, 0) + ${(usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)}::integer`,
      cost: cost === null ? eb.ref('cost') : sql<number>`coalesce(cost, 0) + ${cost.amount}::float8`,
      cost_estimated: sql<boolean>`cost_estimated or ${cost?.isEstimated ?? false}::boolean`,
    }))
    .where('photo_id', '=', photoId)
    .where('state', '=', 'due')
    .where('run_id', 'in', runsFor(trx, purpose))
    .returning('run_id')
    .execute()
  for (const { run_id } of counted) await endIfOver(trx, run_id)
}

/** A call for it that brought nothing counts for the runs that wait for the photo. */
export async function chargeRuns(
  trx: Trx,
  purpose: Purpose,
  photoId: number,
  { tokens, cost }: { readonly tokens: number; readonly cost: number },
): Promise<void> {
  await trx
    .updateTable('describe_run_photos')
    .set({
      tokens: sql<number>`coalesce(tokens, 0) + ${tokens}::integer`,
      cost: sql<number>`coalesce(cost, 0) + ${cost}::float8`,
      cost_estimated: true,
    })
    .where('photo_id', '=', photoId)
    .where('state', '=', 'due')
    .where('run_id', 'in', runsFor(trx, purpose))
    .execute()
}

const runsFor = (db: DbOrTrx, purpose: Purpose) => db.selectFrom('describe_runs').select('id').where('purpose', '=', purpose)

async function endIfOver(trx: Trx, runId: number): Promise<void> {
  const { rows } = await sql<{ purpose: Purpose; is_spent: boolean; due: string | number }>`
    select r.purpose, (sum(p.tokens) >= r.max_tokens or sum(p.cost) >= r.max_cost) is true as is_spent, count(*) filter (where p.state = 'due') as due
    from describe_runs r join describe_run_photos p on p.run_id = r.id where r.id = ${runId} and r.state = 'running' group by r.id`.execute(
    trx,
  )
  const [run] = rows
  if (!run) return
  if (Number(run.due) === 0) await endRun(trx, runId, run.purpose, 'done')
  else if (run.is_spent) await endRun(trx, runId, run.purpose, 'budget')
}

/** Ends a run; photos that still wait for it alone are not owed any more. @returns how many those were */
async function endRun(trx: Trx, runId: number, purpose: Purpose, state: Exclude<RunState, 'running'>): Promise<number> {
  const waiting = await trx
    .updateTable('describe_run_photos')
    .set({ state: 'cancelled' })
    .where('run_id', '=', runId)
    .where('state', '=', 'due')
    .returning('photo_id')
    .execute()
  await trx
    .updateTable('describe_runs')
    .set({ state, ended_at: sql<Date>`now()` })
    .where('id', '=', runId)
    .where('state', '=', 'running')
    .execute()
  if (waiting.length === 0) return 0
  const others = await trx
    .selectFrom('describe_run_photos')
    .select('photo_id')
    .where('state', '=', 'due')
    .where('run_id', 'in', runsFor(trx, purpose))
    .execute()
  const kept = new Set(others.map((row) => row.photo_id))
  return await forgetOwed(
    trx,
    purpose,
    waiting.map((row) => row.photo_id).filter((id) => !kept.has(id)),
  )
}

export async function endAllRuns(trx: Trx, purpose: Purpose): Promise<void> {
  const runs = await runsFor(trx, purpose).where('state', '=', 'running').execute()
  for (const { id } of runs) await endRun(trx, id, purpose, 'cancelled')
}

/** The newest run; null before the first. */
export async function readLastRun(db: DbOrTrx, purpose: Purpose): Promise<DescribeRun | null> {
  const { rows } = await sql<
    Record<string, string | number | boolean | null> & { state: RunState; cost_estimated: boolean; created_at: Date; ended_at: Date | null }
  >`
    select r.id, r.describer, r.state, r.max_tokens, r.max_cost, r.created_at, r.ended_at, count(*) as photos,
      count(*) filter (where p.state = 'done') as done, count(*) filter (where p.state = 'failed') as failed,
      coalesce(sum(p.tokens), 0) as tokens, coalesce(sum(p.cost), 0) as cost, coalesce(bool_or(p.cost_estimated), false) as cost_estimated
    from (select * from describe_runs where purpose = ${purpose} order by id desc limit 1) r left join describe_run_photos p on p.run_id = r.id
    group by r.id, r.describer, r.state, r.max_tokens, r.max_cost, r.created_at, r.ended_at`.execute(db)
  const [row] = rows
  if (!row) return null
  const orNull = (value: string | number | boolean | null | undefined) => (value == null ? null : Number(value))
  return {
    id: Number(row.id),
    describer: String(row.describer),
    state: row.state,
    photos: Number(row.photos),
    done: Number(row.done),
    failed: Number(row.failed),
    tokens: Number(row.tokens),
    cost: Number(row.cost),
    cost_estimated: row.cost_estimated,
    max_tokens: orNull(row.max_tokens),
    max_cost: orNull(row.max_cost),
    started_at: row.created_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
  }
}
