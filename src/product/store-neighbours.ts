/** @file What is near a picture among the pictures of one store, in one embedding space. */

import { type Expression, type SqlBool, sql } from 'kysely'
import type { Db, DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'
import type { IdSet } from '../domain/search/id-set.ts'
import type { Predicate } from '../domain/visibility.ts'
import { type FindNear, findByVector, readSpace, readVector, type SpaceRow } from '../search/store-vector.ts'

const isInStore =
  (store: string): Predicate =>
  (photo) =>
    sql<SqlBool>`exists (select 1 from product_pictures p where p.photo_id = ${sql.ref(`${photo}.id`)} and p.store = ${store} and p.state <> 'trashed')` as Expression<SqlBool>

/** Photos of all pictures of a store that are not in its trash. */
export async function readMembers(db: DbOrTrx, store: string): Promise<Int32Array> {
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select ${packIds('photo_id')} as ids from product_pictures where store = ${store} and state <> 'trashed'`.execute(db)
  return unpackIds(rows[0]?.ids)
}

export interface Neighbour {
  readonly photoId: number
  /** 1 − inner product, 0–2 */
  readonly distance: number
}

export interface NeighbourDeps {
  readonly db: Db
  /** vectors in memory and what is known of who lies in a store; null: the database alone answers (a PostgreSQL server) */
  readonly inMemory: { readonly findNear: FindNear; readonly membersOf: (store: string) => Promise<IdSet> } | null
}

/** Photos of the store, nearest first, at most 200; empty while the space holds nothing. */
export async function findNearest(deps: NeighbourDeps, store: string, spaceName: string, vector: Float32Array): Promise<Neighbour[]> {
  const space = await readSpaceByName(deps.db, spaceName)
  if (!space) return []
  const question = { space, vector, demands: [isInStore(store)], maxPhotoId: 2_147_483_647, exceptId: null }
  const { inMemory } = deps
  const found = inMemory
    ? await findByVector(deps.db, { ...question, kept: await inMemory.membersOf(store) }, inMemory.findNear)
    : await findByVector(deps.db, { ...question, kept: null })
  return found.map(({ id, distance }) => ({ photoId: id, distance: Math.min(2, Math.max(0, distance ?? 0)) }))
}

/** Photos of the store near one of its photos, itself left out, in the first of these spaces that holds it. */
export async function findNearPhoto(deps: NeighbourDeps, store: string, spaces: readonly string[], photoId: number): Promise<Neighbour[]> {
  for (const name of spaces) {
    const space = await readSpaceByName(deps.db, name)
    const vector = space && (await readVector(deps.db, space.id, photoId))
    if (vector) return (await findNearest(deps, store, name, vector)).filter((near) => near.photoId !== photoId)
  }
  return []
}

/** Null where the photo has no vector in the space. */
export async function readDistance(db: DbOrTrx, spaceName: string, photoId: number, vector: Float32Array): Promise<number | null> {
  const space = await readSpaceByName(db, spaceName)
  const other = space && (await readVector(db, space.id, photoId))
  if (!other) return null
  const product = vector.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)
  return Math.min(2, Math.max(0, 1 - product))
}

export async function findSpaceId(db: DbOrTrx, name: string): Promise<number | undefined> {
  return (await db.selectFrom('spaces').select('id').where('name', '=', name).executeTakeFirst())?.id
}

async function readSpaceByName(db: DbOrTrx, name: string): Promise<SpaceRow | undefined> {
  const id = await findSpaceId(db, name)
  return id === undefined ? undefined : readSpace(db, { id })
}
