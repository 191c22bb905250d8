/** @file Rows of processes (table `processes`): what a process holds is free once its row is gone or over. */
import { type RawBuilder, sql } from 'kysely'
import type { Db, DbOrTrx } from '../db/client.ts'

export interface ProcessFacts {
  readonly id: string
  readonly host: string
  readonly pid: number
  /** machine and data folder */
  readonly place: string
  readonly version: string
  readonly roles: string
}

/** @param owner the column that names a process; of no process at all, it is not alive either */
export const isAlive = (owner: string): RawBuilder<boolean> =>
  sql<boolean>`exists (select 1 from processes alive where alive.id = ${sql.ref(owner)} and alive.until > now())`

/** How long it counts as alive without a further beat; null: until another process opens the database, which only one can. */
const untilOf = (aliveMs: number | null) =>
  aliveMs === null ? sql<Date>`'infinity'` : sql<Date>`now() + ${aliveMs} * interval '1 millisecond'`

/**
 * Rows of processes that must have ended go.
 * @param aliveMs null where only one process can open the database; @param isAlone in its place
 */
export async function insertProcess(
  db: Db,
  facts: ProcessFacts,
  { aliveMs, isAlone }: { readonly aliveMs: number | null; readonly isAlone: boolean },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (aliveMs === null) await trx.deleteFrom('processes').execute()
    else if (isAlone) await trx.deleteFrom('processes').where('place', '=', facts.place).execute()
    await trx
      .insertInto('processes')
      .values({ ...facts, until: untilOf(aliveMs) })
      .execute()
  })
}

/** @returns false: its row is gone, because it was not heard of for long */
export async function beat(db: DbOrTrx, id: string, aliveMs: number, tasks: readonly unknown[] = []): Promise<boolean> {
  const row = await db
    .updateTable('processes')
    .set({ until: untilOf(aliveMs), heard_at: sql<Date>`now()`, tasks: JSON.stringify(tasks) })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Of those that were not heard of in time. @returns the processes */
export async function deleteSilentProcesses(db: DbOrTrx): Promise<Pick<ProcessFacts, 'id' | 'host' | 'pid'>[]> {
  return db.deleteFrom('processes').where('until', '<', sql<Date>`now()`).returning(['id', 'host', 'pid']).execute()
}

export async function deleteProcess(db: DbOrTrx, id: string): Promise<void> {
  await db.deleteFrom('processes').where('id', '=', id).execute()
}
