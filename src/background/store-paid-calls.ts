/** @file Calls to models outside (tables `paid_calls`, `paid_models`). */
import { sql } from 'kysely'
import type { DescribeLane } from '../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import type { BreakerState } from './breaker.ts'
import { isAlive } from './store-processes.ts'

/** the queue they are made for */
export type PaidKind = DescribeLane | 'generate'

/** Of one call; null while nothing is known. */
export interface Means {
  readonly tokens: number | null
  readonly cost: number | null
}

export interface PaidModel extends Means {
  /** once: what its answers do not tell of their cost, they never tell */
  readonly answered: boolean
  readonly breaker: Partial<BreakerState>
  /** how often a person wanted it tried at once */
  readonly resets: number
}

export interface PaidCall extends Means {
  readonly id: string
  readonly subject: string
  readonly model: string
  readonly is_paid: boolean
  readonly sent_at: Date
}

/** of the advisory lock: any number that nothing else takes */
const PAID_CALLS = 640_064

/** Until the transaction ends no other process reserves or settles a call. */
export async function lockPaidCalls(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${PAID_CALLS}::bigint)`.execute(trx)
}

export const NEW_MODEL: PaidModel = { breaker: {}, tokens: null, cost: null, answered: false, resets: 0 }

export async function readPaidModel(db: DbOrTrx, model: string): Promise<PaidModel> {
  const row = await db
    .selectFrom('paid_models')
    .select(['breaker', 'tokens', 'cost', 'answered', 'resets'])
    .where('model', '=', model)
    .executeTakeFirst()
  return row ?? NEW_MODEL
}

export async function savePaidModel(trx: Trx, model: string, { breaker, ...rest }: PaidModel): Promise<void> {
  const values = { ...rest, breaker: JSON.stringify(breaker) }
  await trx
    .insertInto('paid_models')
    .values({ model, ...values })
    .onConflict((conflict) => conflict.column('model').doUpdateSet(values))
    .execute()
}

/** Calls of a model begin evenly spread, those of all processes together. @returns how long to wait before this one */
export async function takeTurn(db: Db, model: string, everyMs: number, concurrency: number): Promise<number> {
  // as many calls as run at once wait for a turn: a later one was computed by a clock that was set back since
  const { rows } = await sql<{ wait: number }>`
    insert into paid_models as m (model, next_start) values (${model}, now() + ${everyMs}::float8 * interval '1 millisecond')
    on conflict (model) do update set next_start = ${sql`interval '1 millisecond'`} * ${everyMs}::float8 + greatest(now(), least(m.next_start,
      now() + ${everyMs * concurrency}::float8 * interval '1 millisecond' * (select greatest(1, count(*)) from processes where until > now())))
    returning extract(epoch from next_start - now())::float8 * 1000 - ${everyMs}::float8 as wait`.execute(db)
  return Math.max(0, Math.round(rows[0]?.wait ?? 0))
}

export async function insertPaidCall(
  trx: Trx,
  call: Omit<PaidCall, 'sent_at'> & { readonly kind: PaidKind; readonly process: string; readonly sent_at: Date },
): Promise<void> {
  await trx.insertInto('paid_calls').values(call).execute()
}

/** A paid call for it is under way, was lost, or was answered and nothing of the answer is saved. */
export async function isAskedFor(trx: Trx, subject: string): Promise<boolean> {
  const row = await trx.selectFrom('paid_calls').select('id').where('subject', '=', subject).where('is_paid', '=', true).executeTakeFirst()
  return row !== undefined
}

/** Calls under way. @param since of this model alone, sent since then */
export async function countSent(trx: Trx, kind: PaidKind, since?: { readonly model: string; readonly at: Date }): Promise<number> {
  let query = trx
    .selectFrom('paid_calls')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('kind', '=', kind)
    .where('state', '=', 'sent')
  if (since) query = query.where('model', '=', since.model).where('sent_at', '>=', since.at)
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/**
 * Calls of processes that are gone, and of this one that it does not wait for: how they ended is never told.
 * @param self id of this process @param open its calls that are under way
 */
export async function takeLost(trx: Trx, kind: PaidKind, self: string, open: readonly string[]): Promise<PaidCall[]> {
  const { rows } = await sql<PaidCall>`
    update paid_calls set state = 'unknown' where kind = ${kind} and state = 'sent'
      and case when process = ${self} then not id = any (${[...open]}::text[]) else not ${isAlive('paid_calls.process')} end
    returning id, subject, model, is_paid, tokens, cost, sent_at`.execute(trx)
  return rows
}

/** It was answered, and must not be asked for again before something of it is saved. @returns false: it counts as lost already */
export async function setAnswered(trx: Trx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('paid_calls')
    .set({ state: 'answered' })
    .where('id', '=', id)
    .where('state', '=', 'sent')
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}

/** How it ended is known. @returns false: it counts as lost already */
export async function deletePaidCall(trx: Trx, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('paid_calls').where('id', '=', id).where('state', '=', 'sent').executeTakeFirst()
  return Number(numDeletedRows) > 0
}

/** What came of it is saved, or a person knows that it was lost: it may be asked for again. */
export async function concludeCalls(db: DbOrTrx, subject: string): Promise<void> {
  await db.deleteFrom('paid_calls').where('subject', '=', subject).execute()
}
