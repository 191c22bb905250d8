/** @file Which photos are still to be described for a purpose: chosen by filters, made due, taken back. */

import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { SearchFilters } from '../contract/search-filters.ts'
import { type DescribeWhich, PURPOSES, type Purpose } from '../contract/words.ts'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import { updatePhotoStates } from '../pipeline/ledger.ts'
import { description } from '../pipeline/steps/description/step.ts'
import { inspiration } from '../pipeline/steps/inspiration/step.ts'
import { demand } from '../search/filters/filter.ts'
import { composeFilters } from '../search/filters.ts'

export const STEP_OF = { facts: description, inspiration } as const satisfies Record<Purpose, object>

export interface Selection {
  readonly purpose: Purpose
  readonly which: DescribeWhich
  readonly filters: SearchFilters
}

/** Photos that could be described at all: their preview is there. */
const isPrepared: Predicate = (photo) =>
  sql<SqlBool>`exists (select 1 from photo_steps s where s.photo_id = ${sql.ref(`${photo}.id`)} and s.step = 'prepare' and s.state = 'done')`

/** Something was said for the purpose. @param photoId its name in the query */
const isSaid = (purpose: Purpose, photoId: string) =>
  purpose === 'facts'
    ? sql<SqlBool>`exists (select 1 from descriptions d where d.photo_id = ${sql.ref(photoId)})`
    : sql<SqlBool>`exists (select 1 from purpose_texts d where d.photo_id = ${sql.ref(photoId)} and d.purpose = ${purpose})`

/** A row of the ledger says so of the purpose. */
const isStep = (purpose: Purpose, photo: string, where: RawBuilder<unknown>) => sql<SqlBool>`exists (
    select 1 from photo_steps s where s.photo_id = ${sql.ref(`${photo}.id`)} and s.step = ${PURPOSES[purpose].step} and ${where})`

const WHICH: Readonly<Record<DescribeWhich, (purpose: Purpose, modelId: string) => Predicate | null>> = {
  all: () => null,
  undescribed: (purpose) => (photo) => sql<SqlBool>`not ${isSaid(purpose, `${photo}.id`)}`,
  'not by this': (purpose, modelId) => (photo) =>
    sql<SqlBool>`not ${isStep(purpose, photo, sql`s.state = 'done' and s.model_id = ${modelId}`)}`,
  failed: (purpose) => (photo) => isStep(purpose, photo, sql`s.state = 'failed'`),
}

/** Newest first. @param modelId what the ledger calls the describer in use */
export async function selectPhotos(
  db: DbOrTrx,
  sees: Visibility,
  { purpose, which, filters }: Selection,
  modelId: string,
  limit: number | null,
): Promise<number[]> {
  const isNotOwed: Predicate = (photo) => sql<SqlBool>`not ${isStep(purpose, photo, sql`s.state in ('due', 'running')`)}`
  const own = [isPrepared, isNotOwed, WHICH[which](purpose, modelId)].filter((predicate) => predicate !== null)
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

/** Makes it due, whatever stands in the ledger. */
export async function oweDescriptions(trx: Trx, photoIds: readonly number[], purpose: Purpose = 'facts'): Promise<void> {
  if (photoIds.length === 0) return
  const step = STEP_OF[purpose]
  await sql`
    insert into photo_steps (photo_id, step, version, lane)
    select id, ${step.name}, ${step.version}, ${step.lane} from photos where id in (${sql.join(photoIds)})
    on conflict (photo_id, step) do update set state = 'due', attempts = 0, reason = null where photo_steps.state <> 'running'`.execute(trx)
  await trx.deleteFrom('photo_leases').where('photo_id', 'in', photoIds).where('lane', '=', step.lane).where('owner', 'is', null).execute()
  await updatePhotoStates(trx, photoIds)
}

/**
 * What waits to be described is not owed any more: back to what stands there from before, or nothing.
 * @param photoIds only these
 * @returns how many
 */
export async function forgetOwed(trx: Trx, purpose: Purpose, photoIds?: readonly number[]): Promise<number> {
  const only = photoIds === undefined ? sql`true` : sql`s.photo_id = any (${toIntegers(photoIds)})`
  const isWaiting = sql`s.step = ${PURPOSES[purpose].step} and s.state = 'due' and ${only}`
  const restored = await sql`
    update photo_steps s set state = 'done', reason = null where ${isWaiting}
      and ${isSaid(purpose, 's.photo_id')} returning s.photo_id`.execute(trx)
  const removed = await sql`delete from photo_steps s where ${isWaiting} returning s.photo_id`.execute(trx)
  return restored.rows.length + removed.rows.length
}

/** How many photos are described for the purpose, and how many of them by this describer and prompt. */
export async function countDescribed(db: DbOrTrx, purpose: Purpose, modelId: string | null): Promise<{ any: number; current: number }> {
  const { rows } = await sql<{ any: string | number; current: string | number }>`
    select count(*) as any, count(*) filter (where model_id = ${modelId}::text) as current from photo_steps
    where step = ${PURPOSES[purpose].step} and state = 'done'`.execute(db)
  return { any: Number(rows[0]?.any ?? 0), current: Number(rows[0]?.current ?? 0) }
}
