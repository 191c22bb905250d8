/** @file Makes chosen steps of chosen photos due again, in batches, or counts them and says how long they would take. */
import { type SqlBool, sql } from 'kysely'
import { type Message, render } from '../contract/messages/message.ts'
import type { ReprocessReport, ReprocessRequest } from '../contract/reprocess.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { type Log, silentLog } from '../domain/log.ts'
import { isBlocked, logStates, type StateChanges, updatePhotoStates } from './ledger.ts'

/** photos per transaction, so that searches get their turn between */
const BATCH = 500

export type ReprocessChoice = Pick<ReprocessRequest, 'steps' | 'model' | 'state' | 'reason'> & {
  /** undefined: all */
  readonly ids: readonly number[] | undefined
}

type Chosen = Omit<ReprocessChoice, 'reason'> & { readonly reasons: readonly Message[] | undefined }

/** What a person searches for are words of the sentence, in whatever way it is written just now. */
async function findReasons(db: DbOrTrx, { reason: words, ...choice }: ReprocessChoice): Promise<Chosen> {
  if (words === undefined) return { ...choice, reasons: undefined }
  const { rows } = await sql<{ reason: Message }>`
    select distinct reason from photo_steps s where reason is not null and ${isChosen({ ...choice, reasons: undefined })}`.execute(db)
  const reasons = rows.map((row) => row.reason).filter((reason) => render(reason).toLowerCase().includes(words.toLowerCase()))
  return { ...choice, reasons }
}

/** @param atOnce photos worked on at the same time */
export async function countReprocess(db: DbOrTrx, asked: ReprocessChoice, atOnce: number): Promise<ReprocessReport> {
  const choice = await findReasons(db, asked)
  const { rows } = await sql<{ step: string; steps: string | number; mean_ms: number | null }>`
    select step, count(*) as steps,
      (select avg(d.duration_ms)::float8 from photo_steps d where d.step = s.step and d.state = 'done') as mean_ms
    from photo_steps s where ${isChosen(choice)} group by step`.execute(db)
  const photos = await sql<{
    photos: string | number
  }>`select count(distinct photo_id) as photos from photo_steps s where ${isChosen(choice)}`.execute(db)
  const ms = rows.reduce((sum, row) => sum + Number(row.steps) * (row.mean_ms ?? 0), 0)
  return {
    photos: Number(photos.rows[0]?.photos ?? 0),
    steps: rows.reduce((sum, row) => sum + Number(row.steps), 0),
    seconds: rows.some((row) => row.mean_ms !== null) ? Math.round(ms / atOnce / 100) / 10 : null,
    dry_run: true,
  }
}

/** Interrupted, the batches that were made due stay so; running it again makes the rest due. */
export async function reprocess(db: Db, asked: ReprocessChoice, log: Log = silentLog): Promise<void> {
  const choice = await findReasons(db, asked)
  for (let after = 0; ; ) {
    const last = await reprocessBatch(db, choice, after, log)
    if (last === null) return
    after = last
  }
}

async function reprocessBatch(db: Db, choice: Chosen, after: number, log: Log): Promise<number | null> {
  let changes: StateChanges = new Map()
  const last = await db.transaction().execute(async (trx) => {
    const found = await sql<{ photo_id: number }>`
      select distinct photo_id from photo_steps s where ${isChosen(choice)} and photo_id > ${after}
      order by photo_id limit ${sql.lit(BATCH)}`.execute(trx)
    const ids = found.rows.map((row) => row.photo_id)
    const last = ids.at(-1)
    if (last === undefined) return null
    await sql`
      update photo_steps s set state = 'due', attempts = 0, reason = null
      where photo_id in (${sql.join(ids)}) and ${isChosen(choice)}`.execute(trx)
    // what was left out because one of these had failed has its chance again
    await sql`
      update photo_steps set state = 'due', attempts = 0, reason = null
      where photo_id in (${sql.join(ids)}) and ${isBlocked} and reason->'params'->>'step' in (${sql.join(choice.steps)})`.execute(trx)
    await trx.updateTable('photos').set({ crashes: 0 }).where('id', 'in', ids).execute()
    await trx.deleteFrom('photo_leases').where('photo_id', 'in', ids).where('owner', 'is', null).execute()
    changes = await updatePhotoStates(trx, ids)
    return last
  })
  logStates(log, changes)
  return last
}

/** Over the alias `s` of `photo_steps`. What is due or running already stays as it is. */
function isChosen({ steps, model, state, reasons, ids }: Chosen) {
  return sql<SqlBool>`s.step in (${sql.join(steps)}) and s.state in (${sql.join(state === undefined ? ['done', 'failed', 'skipped'] : [state])})
    ${model === undefined ? sql`` : sql`and (s.model_id = ${model} or starts_with(s.model_id, ${`${model}@`}) or split_part(split_part(s.model_id, '/', 2), '@', 1) = ${model})`}
    ${reasons === undefined ? sql`` : sql`and s.reason in (select value from jsonb_array_elements(${JSON.stringify(reasons)}::jsonb))`}
    ${ids === undefined ? sql`` : sql`and s.photo_id in (select value::integer from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`}`
}
