/** @file Which photos owe a description: chosen by filters, made due, taken back. */

import { type SqlBool, sql } from 'kysely'
import type { SearchFilters } from '../contract/search-filters.ts'
import type { DescribeWhich } from '../contract/words.ts'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import { updatePhotoStates } from '../pipeline/ledger.ts'
import { description } from '../pipeline/steps/description/step.ts'
import { demand } from '../search/filters/filter.ts'
import { composeFilters } from '../search/filters.ts'

export interface Selection {
  readonly which: DescribeWhich
  readonly filters: SearchFilters
}

/** Photos that could be described at all: their preview is there. */
const isPrepared: Predicate = (photo) =>
  sql<SqlBool>`exists (select 1 from photo_steps s where s.photo_id = ${sql.ref(`${photo}.id`)} and s.step = 'prepare' and s.state = 'done')`

const WHICH: Readonly<Record<DescribeWhich, (modelId: string) => Predicate | null>> = {
  all: () => null,
  undescribed: () => (photo) => sql<SqlBool>`not exists (select 1 from descriptions d where d.photo_id = ${sql.ref(`${photo}.id`)})`,
  'not by this': (modelId) => (photo) =>
    sql<SqlBool>`not exists (
    select 1 from photo_steps s where s.photo_id = ${sql.ref(`${photo}.id`)} and s.step = 'description' and s.state = 'done' and s.model_id = ${modelId})`,
  failed: () => (photo) =>
    sql<SqlBool>`exists (
    select 1 from photo_steps s where s.photo_id = ${sql.ref(`${photo}.id`)} and s.step = 'description' and s.state = 'failed')`,
}

const isNotOwed: Predicate = (photo) => sql<SqlBool>`not exists (
  select 1 from photo_steps s where s.photo_id = ${sql.ref(`${photo}.id`)} and s.step = 'description' and s.state in ('due', 'running'))`

/** Newest first. @param modelId what the ledger calls the describer in use */
export async function selectPhotos(
  db: DbOrTrx,
  sees: Visibility,
  { which, filters }: Selection,
  modelId: string,
  limit: number | null,
): Promise<number[]> {
  const own = [isPrepared, isNotOwed, WHICH[which](modelId)].filter((predicate) => predicate !== null)
  const { rows } = await sql<{ id: number }>`
    select photos.id from photos where ${demand(composeFilters(sees, filters, own))}
    order by photos.sort_at desc, photos.id desc ${limit === null ? sql`` : sql`limit ${limit}`}`.execute(db)
  return rows.map((row) => row.id)
}

/** A sample spread over the whole selection, the same for the same library. */
export async function samplePhotos(db: DbOrTrx, sees: Visibility, filters: SearchFilters, size: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select photos.id from photos where ${demand(composeFilters(sees, filters, [isPrepared]))} order by md5(photos.id::text) limit ${size}`.execute(
    db,
  )
  return rows.map((row) => row.id).sort((a, b) => a - b)
}

/** Makes descriptions due, whatever stands in the ledger. */
export async function oweDescriptions(trx: Trx, photoIds: readonly number[]): Promise<void> {
  if (photoIds.length === 0) return
  await sql`
    insert into photo_steps (photo_id, step, version, lane)
    select id, ${description.name}, ${description.version}, ${description.lane} from photos where id in (${sql.join(photoIds)})
    on conflict (photo_id, step) do update set state = 'due', attempts = 0, reason = null where photo_steps.state <> 'running'`.execute(trx)
  await trx.deleteFrom('photo_leases').where('photo_id', 'in', photoIds).where('lane', '=', 'describe').where('owner', 'is', null).execute()
  await updatePhotoStates(trx, photoIds)
}

/**
 * What waits to be described is not owed any more: back to what stands there from before, or nothing.
 * @param photoIds only these
 * @returns how many
 */
export async function forgetOwed(trx: Trx, photoIds?: readonly number[]): Promise<number> {
  const only = photoIds === undefined ? sql`true` : sql`s.photo_id = any (${toIntegers(photoIds)})`
  const isWaiting = sql`s.step = 'description' and s.state = 'due' and ${only}`
  const restored = await sql`
    update photo_steps s set state = 'done', reason = null where ${isWaiting}
      and exists (select 1 from descriptions d where d.photo_id = s.photo_id) returning s.photo_id`.execute(trx)
  const removed = await sql`delete from photo_steps s where ${isWaiting} returning s.photo_id`.execute(trx)
  return restored.rows.length + removed.rows.length
}

/** How many photos have a description, and how many of them by this describer and prompt. */
export async function countDescribed(db: DbOrTrx, modelId: string | null): Promise<{ any: number; current: number }> {
  const { rows } = await sql<{ any: string | number; current: string | number }>`
    select count(*) as any, count(*) filter (where model_id = ${modelId}::text) as current from photo_steps
    where step = 'description' and state = 'done'`.execute(db)
  return { any: Number(rows[0]?.any ?? 0), current: Number(rows[0]?.current ?? 0) }
}
