/** @file Sessions in the database. */
import type { Selectable } from 'kysely'
import type { Db } from '../db/client.ts'
import type { AccessTables } from '../db/tables/access.ts'

export type StoredSession = Selectable<AccessTables['sessions']>

/** Those of the token; the others, and those not used since `usedAfter`, are deleted. */
export async function readSessions(db: Db, tokenHash: Uint8Array, usedAfter: Date): Promise<StoredSession[]> {
  await db
    .deleteFrom('sessions')
    .where((eb) => eb.or([eb('token_hash', '!=', tokenHash), eb('last_used_at', '<', usedAfter)]))
    .execute()
  return await db.selectFrom('sessions').selectAll().execute()
}

export async function insertSession(db: Db, session: Omit<StoredSession, 'id'>): Promise<number> {
  const { id } = await db.insertInto('sessions').values(session).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function saveLastUse(db: Db, id: number, at: Date): Promise<void> {
  await db.updateTable('sessions').set({ last_used_at: at }).where('id', '=', id).execute()
}

export async function deleteSession(db: Db, id: number): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', id).execute()
}
