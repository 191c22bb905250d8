/** @file Accounts in the database. Those that were removed stay as rows, for history, and are found by nothing here. */
import { type Selectable, sql } from 'kysely'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import type { AccessTables } from '../db/tables/access.ts'

export type AccountRow = Selectable<AccessTables['accounts']>

export const selectAccounts = (db: DbOrTrx) => db.selectFrom('accounts').selectAll().where('deleted_at', 'is', null)

/** Upper and lower case are the same. */
export const findByName = (db: DbOrTrx, name: string): Promise<AccountRow | undefined> =>
  selectAccounts(db).where(sql`lower(name)`, '=', name.trim().toLowerCase()).executeTakeFirst()

/** Also one that was removed counts: whoever has to sign in today has to tomorrow. */
export const anyAccount = async (db: Db): Promise<boolean> =>
  (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined

export const isOnlyAccount = async (trx: Trx): Promise<boolean> =>
  (await trx.selectFrom('accounts').select('id').limit(2).execute()).length === 1

/** Nobody else changes accounts until the transaction ends, in any process: two owners could remove each other. */
export async function lockAccounts(trx: Trx): Promise<void> {
  await sql`lock table accounts in share row exclusive mode`.execute(trx)
}
