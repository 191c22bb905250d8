/** @file A transaction that is done again when a server ended it in favour of another. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, Trx } from './client.ts'

/** SQLSTATE of a deadlock that was broken, and of transactions that cannot be put in an order. The loser is to be repeated. */
const LOST = new Set(['40P01', '40001'])
const TRIES = 4

/** @param work all of it is done again after a loss: nothing outside the database may rest on a first try */
export async function transact<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (tries === TRIES || !LOST.has((error as { code?: string }).code ?? '')) throw error
      await sleep(tries * 20)
    }
  }
}
