/** @file The spaces as rows: how full each is, which photos one still owes, what could not be embedded, and the ledger's part of a switch. */

import { type RawBuilder, sql } from 'kysely'
import type { PhotoFormat } from '../../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../../db/client.ts'
import { isKept } from '../../db/visible.ts'
import { updatePhotoStates } from '../ledger.ts'
import type { Step } from '../step.ts'

/** A photo that a model failed on this often is left out of its space. */
export const MAX_FILL_ATTEMPTS = 2

export interface SpaceRow {
  readonly id: number
  readonly name: string
  readonly model_id: string
  readonly width: number
  readonly has_text: boolean
  readonly is_indexed: boolean
  readonly paused_because: string | null
  readonly of_texts: boolean
  readonly created_at: Date
  readonly vectors: number
}

export async function listSpaceRows(db: DbOrTrx): Promise<SpaceRow[]> {
  const { rows } = await sql<SpaceRow>`
    select id, name, model_id, width, has_text, indexed_at is not null as is_indexed, paused_because, of_texts, created_at,
      (select count(*)::int from embeddings e where e.space_id = s.id) as vectors
    from spaces s order by id`.execute(db)
  return rows
}

export interface DuePhoto {
  readonly id: number
  readonly format: PhotoFormat
}

/** Which photos a space is for: all of the library, or those that lie in a store of product pictures. */
export type SpaceScope = 'library' | 'products'

/** Photos whose picture could be decoded, is there, and is neither in the space nor given up on. */
function owed(spaceId: number, scope: SpaceScope): RawBuilder<unknown> {
  const ofScope =
    scope === 'library'
      ? sql`exists (select 1 from photo_steps s where s.photo_id = p.id and s.step = 'prepare' and s.state = 'done')`
      : // the probe has decoded each of them before it was taken
        sql`exists (select 1 from product_pictures pp where pp.photo_id = p.id and pp.state <> 'trashed')`
  return sql`from photos p
    where ${ofScope} and p.format is not null and p.missing_since is null and ${isKept('p')}
      and not exists (select 1 from embeddings e where e.space_id = ${spaceId} and e.photo_id = p.id)
      and not exists (select 1 from space_failures f where f.space_id = ${spaceId} and f.photo_id = p.id and f.attempts >= ${MAX_FILL_ATTEMPTS})`
}

export async function findOwedPhotos(db: DbOrTrx, spaceId: number, scope: SpaceScope, after: number, limit: number): Promise<DuePhoto[]> {
  const { rows } = await sql<DuePhoto>`
    select p.id, p.format ${owed(spaceId, scope)} and p.id > ${after} order by p.id limit ${limit}`.execute(db)
  return rows
}

/** undefined where there is no such photo, or none with a picture */
export async function readFormat(db: DbOrTrx, photoId: number): Promise<PhotoFormat | undefined> {
  return (await db.selectFrom('photos').select('format').where('id', '=', photoId).executeTakeFirst())?.format ?? undefined
}

export async function countOwedPhotos(db: DbOrTrx, spaceId: number, scope: SpaceScope): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count ${owed(spaceId, scope)}`.execute(db)
  return rows[0]?.count ?? 0
}

/** The photo may be gone by now: then there is nothing to remember. */
export async function saveFillFailure(db: DbOrTrx, spaceId: number, photoId: number, reason: string, isFinal: boolean): Promise<void> {
  const attempts = isFinal ? MAX_FILL_ATTEMPTS : 1
  await sql`
    insert into space_failures (space_id, photo_id, attempts, reason)
    select ${spaceId}, id, ${attempts}, ${reason} from photos where id = ${photoId}
    on conflict (space_id, photo_id) do update set attempts = space_failures.attempts + ${attempts}, reason = excluded.reason`.execute(db)
}

/** What failed may be tried again: the fill was resumed by a person. */
export async function forgetFillFailures(db: DbOrTrx, spaceId: number): Promise<void> {
  await db.deleteFrom('space_failures').where('space_id', '=', spaceId).execute()
}

/** @param reason null: go on */
export async function savePause(db: DbOrTrx, spaceId: number, reason: string | null): Promise<void> {
  await db.updateTable('spaces').set({ paused_because: reason }).where('id', '=', spaceId).execute()
}

export async function isPaused(db: DbOrTrx, spaceId: number): Promise<boolean> {
  const row = await db.selectFrom('spaces').select('paused_because').where('id', '=', spaceId).executeTakeFirst()
  return row === undefined || row.paused_because !== null
}

/** Photos per transaction, so that searches get their turn between. */
const ADOPT_BATCH = 1000

/**
 * Tells the ledger that every photo with a vector in this space was embedded by its model, so that choosing the model
 * makes only the others due. Safe to repeat after a crash.
 */
export async function adoptSpace(db: Db, space: { id: number; modelId: string }, step: Pick<Step, 'name' | 'version'>): Promise<void> {
  const { rows } = await sql<{
    last: number
  }>`select coalesce(max(photo_id), 0)::int as last from embeddings where space_id = ${space.id}`.execute(db)
  for (let from = 0; from < (rows[0]?.last ?? 0); from += ADOPT_BATCH)
    await db.transaction().execute((trx) => adoptRange(trx, space, step, from, from + ADOPT_BATCH))
}

async function adoptRange(
  trx: Trx,
  space: { id: number; modelId: string },
  step: Pick<Step, 'name' | 'version'>,
  from: number,
  to: number,
): Promise<void> {
  const { rows } = await sql<{ photo_id: number }>`
    update photo_steps set state = 'done', reason = null, model_id = ${space.modelId}, version = ${step.version}
    where photo_id > ${from} and photo_id <= ${to} and step = ${step.name} and state <> 'running'
      and (model_id is distinct from ${space.modelId} or state <> 'done')
      and exists (select 1 from embeddings e where e.space_id = ${space.id} and e.photo_id = photo_steps.photo_id)
    returning photo_id`.execute(trx)
  if (rows.length > 0)
    await updatePhotoStates(
      trx,
      rows.map(({ photo_id }) => photo_id),
    )
}
