/** @file Which process does what only one may do (table `task_leases`). */
import { sql } from 'kysely'
import type { Db } from '../db/client.ts'
import { isAlive } from './store-processes.ts'

/** @returns its token; null while another process does it */
export async function claimLease(db: Db, name: string, owner: string): Promise<number | null> {
  const { rows } = await sql<{ token: number; is_own: boolean; is_held: boolean }>`
    select token, owner = ${owner} as is_own, ${isAlive('task_leases.owner')} as is_held from task_leases where name = ${name}`.execute(db)
  const [found] = rows
  if (found?.is_own) return Number(found.token)
  if (found?.is_held) return null
  // of two that see it free, the row lets one through
  const taken = await sql<{ token: number }>`
    insert into task_leases (name, owner) values (${name}, ${owner})
    on conflict (name) do update set owner = excluded.owner, token = task_leases.token + 1 where not ${isAlive('task_leases.owner')}
    returning token`.execute(db)
  return taken.rows[0] ? Number(taken.rows[0].token) : null
}

/** Of what has an end: somebody else may do it next, though this process goes on. */
export async function releaseLease(db: Db, name: string, owner: string): Promise<void> {
  await db.deleteFrom('task_leases').where('name', '=', name).where('owner', '=', owner).execute()
}

export interface LeaseState {
  readonly name: string
  readonly owner: string
  readonly isHeld: boolean
}

export async function listLeases(db: Db): Promise<LeaseState[]> {
  return db
    .selectFrom('task_leases')
    .select(['name', 'owner', isAlive('task_leases.owner').as('isHeld')])
    .orderBy('name')
    .execute()
}
