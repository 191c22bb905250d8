/** @file Failures of the ledger, grouped by why, and made due again. */
import { type SqlBool, sql } from 'kysely'
import type { FailureChoice, FailureGroup, RetryReport } from '../contract/failures.ts'
import { type Message, type MessageCode, render } from '../contract/messages/message.ts'
import type { StepName } from '../contract/words.ts'
import { STEP_NAMES } from '../contract/words.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { isAllowedId, isShown, isShownId } from '../db/visible.ts'
import { type Log, silentLog } from '../domain/log.ts'
import { EVERY_PHOTO, type Visibility } from '../domain/visibility.ts'
import { countPhotoStates, isBlocked, logStates, type StateChanges, updatePhotoStates } from './ledger.ts'

/** groups told at once; a library has a handful */
const MAX_GROUPS = 200
const EXAMPLES = 6
/** photos per transaction, so that searches get their turn between */
const BATCH = 500

/** Reasons that differ only in numbers are one: a file of 12 bytes and one of 14 are both too short. `v4` and `c3` are names. */
const patternOf = (reason: ReturnType<typeof sql>) => sql<string>`jsonb_build_object('code', ${reason}->'code', 'params', coalesce((
  select jsonb_object_agg(key, case jsonb_typeof(value)
    when 'number' then '"…"'::jsonb
    when 'string' then regexp_replace(value::text, '\\m[0-9][0-9.,]*', '…', 'g')::jsonb
    else value end)
  from jsonb_each(${reason}->'params')), '{}'))`

export type FailureSummary = Omit<FailureGroup, 'examples'> & { readonly examples: readonly number[] }

/** The largest group first. */
export async function listFailures(db: DbOrTrx, sees: Visibility): Promise<{ photos: number; files: number; groups: FailureSummary[] }> {
  const { rows } = await sql<{
    step: StepName | null
    model: string | null
    reason: Message | null
    count: string | number
    examples: string
  }>`
    with failures as (
      select s.photo_id, s.step, s.model_id as model, s.reason from photo_steps s
      where s.state = 'failed' and s.step in (${sql.join([...STEP_NAMES])})
        and ${isShownId(sees, 's.photo_id')}
      union all
      select id, null, null, reason from photos where state = 'failed' and format is null and ${isShown(sees, 'photos')}
    )
    select step, model, case when min(reason::text) = max(reason::text) then min(reason::text)::jsonb when count(reason) > 0 then pattern end as reason,
           count(*) as count, (array_agg(photo_id order by photo_id desc))[1:${sql.lit(EXAMPLES)}]::text as examples
    from (select *, ${patternOf(sql`reason`)} as pattern from failures) f group by step, model, pattern
    order by count(*) desc, min(reason::text), step limit ${sql.lit(MAX_GROUPS)}`.execute(db)
  const states = await countPhotoStates(db, sees)
  return {
    photos: states.get('partial') ?? 0,
    files: states.get('failed') ?? 0,
    groups: rows.map(({ examples, count, reason, ...group }) => ({
      ...group,
      reason: render(reason) ?? '',
      message: reason,
      count: Number(count),
      // without `prepare` nothing of it can be read
      of: group.step === null || group.step === 'prepare' ? 'files' : 'photos',
      can_retry: group.step !== null,
      examples: examples.replace(/[{}]/g, '').split(',').map(Number),
    })),
  }
}

/** Makes the chosen failures due with fresh attempts, and what was skipped because of a failure with them. */
export async function retryFailures(
  db: Db,
  sees: Visibility,
  choice: FailureChoice,
  isDryRun: boolean,
  log: Log = silentLog,
): Promise<RetryReport> {
  if (isDryRun) {
    const { rows } = await sql<{ photos: string | number; steps: string | number }>`
      select count(distinct photo_id) as photos, count(*) as steps from photo_steps s where ${isChosen(sees, choice)}`.execute(db)
    return { photos: Number(rows[0]?.photos ?? 0), steps: Number(rows[0]?.steps ?? 0), dry_run: true }
  }
  let [photos, steps, after] = [0, 0, 0]
  for (;;) {
    const batch = await retryBatch(db, sees, choice, after)
    if (batch.ids.length === 0) return { photos, steps, dry_run: false }
    logStates(log, batch.changes)
    photos += batch.ids.length
    steps += batch.steps
    after = batch.ids.at(-1) as number
  }
}

async function retryBatch(
  db: Db,
  sees: Visibility,
  choice: FailureChoice,
  after: number,
): Promise<{ ids: number[]; steps: number; changes: StateChanges }> {
  return await db.transaction().execute(async (trx) => {
    const found = await sql<{ photo_id: number }>`
      select distinct photo_id from photo_steps s where ${isChosen(sees, choice)} and photo_id > ${after}
      order by photo_id limit ${sql.lit(BATCH)}`.execute(trx)
    const ids = found.rows.map((row) => row.photo_id)
    if (ids.length === 0) return { ids, steps: 0, changes: new Map() }
    const failed = await sql`
      update photo_steps s set state = 'due', attempts = 0, reason = null
      where photo_id in (${sql.join(ids)}) and ${isChosen(sees, choice)} returning step`.execute(trx)
    await sql`
      update photo_steps set state = 'due', attempts = 0, reason = null
      where photo_id in (${sql.join(ids)}) and ${isBlocked}`.execute(trx)
    await trx.updateTable('photos').set({ crashes: 0 }).where('id', 'in', ids).execute()
    await trx.deleteFrom('photo_leases').where('photo_id', 'in', ids).where('owner', 'is', null).execute()
    return { ids, steps: failed.rows.length, changes: await updatePhotoStates(trx, ids) }
  })
}

/** Makes due again what failed for an outage. @returns photos */
export async function retryOutageFailures(db: Db, log: Log): Promise<number> {
  const { rows } = await sql<{ photo_id: number }>`
    select distinct photo_id from photo_steps
    where step in (${sql.join([...STEP_NAMES])}) and state = 'failed'
      and reason->>'code' = ${'step.outage' satisfies MessageCode}`.execute(db)
  const ids = rows.map((row) => row.photo_id)
  for (let from = 0; from < ids.length; from += BATCH)
    await retryFailures(
      db,
      EVERY_PHOTO,
      { step: undefined, model: undefined, message: undefined, ids: ids.slice(from, from + BATCH) },
      false,
      log,
    )
  return ids.length
}

/** Over the alias `s` of `photo_steps`. The reason of a group and the reasons in it have the same pattern. */
function isChosen(sees: Visibility, { step, model, message, ids }: FailureChoice) {
  return sql<SqlBool>`s.state = 'failed' and s.step in (${sql.join(step === undefined ? [...STEP_NAMES] : [step])})
    ${model === undefined ? sql`` : sql`and s.model_id is not distinct from ${model}::text`}
    ${message === undefined ? sql`` : sql`and ${patternOf(sql`s.reason`)} = ${patternOf(sql`${message && JSON.stringify(message)}::jsonb`)}`}
    ${ids === undefined ? sql`` : sql`and s.photo_id in (select value::integer from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`} and ${isAllowedId(sees, 's.photo_id')}`
}
