/** @file Product pictures in the database: rows, and what is on its way to a store. */
import { isAlive } from '../background/store-processes.ts'
import type { PhotoFormat } from '../contract/words.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import { isInTrash, isKept } from '../db/visible.ts'
import type { ShotMeasures } from '../domain/product/shot.ts'

export interface PictureRow {
  readonly id: number
  readonly photoId: number
  readonly store: string
  readonly key: string
  readonly displayName: string
  readonly kind: string | null
  readonly state: 'stored' | 'held' | 'trashed'
  /** its photo lies in the library’s trash: then it is in no store and in no list, whatever its state */
  readonly isGone: boolean
  readonly sha256: string
  readonly bytes: number
  readonly format: PhotoFormat | null
}

export interface NewPicture {
  readonly photoId: number
  readonly store: string
  readonly key: string
  readonly displayName: string
  readonly kind: string | null
  readonly state: 'stored' | 'held'
  readonly like: { readonly id: number; readonly kind: 'same-file' | 'same-picture' | 'similar'; readonly distance: number } | null
  readonly originId: number | null
  readonly madeBy: string | null
  readonly shot: ShotMeasures
}

export async function insertPicture(trx: Trx, picture: NewPicture): Promise<number> {
  const { id } = await trx
    .insertInto('product_pictures')
    .values({
      photo_id: picture.photoId,
      store: picture.store,
      key: picture.key,
      display_name: picture.displayName,
      kind: picture.kind,
      state: picture.state,
      like_id: picture.like?.id ?? null,
      like_kind: picture.like?.kind ?? null,
      like_distance: picture.like?.distance ?? null,
      origin_id: picture.originId,
      made_by: picture.madeBy,
      shot: JSON.stringify(picture.shot),
      colour: picture.shot.colour,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const PICTURE_COLUMNS = [
  'product_pictures.id',
  'product_pictures.photo_id as photoId',
  'product_pictures.store',
  'product_pictures.key',
  'product_pictures.display_name as displayName',
  'product_pictures.kind',
  'product_pictures.state',
  'photos.sha256',
  'photos.bytes',
  'photos.format',
] as const

const selectPictures = (db: DbOrTrx) =>
  db
    .selectFrom('product_pictures')
    .innerJoin('photos', 'photos.id', 'product_pictures.photo_id')
    .select(PICTURE_COLUMNS)
    .select(isInTrash('photos').as('isGone'))

export async function readPicture(
  db: DbOrTrx,
  where: { readonly id: number } | { readonly store: string; readonly key: string },
): Promise<PictureRow | undefined> {
  return selectPictures(db)
    .$if('id' in where, (query) => query.where('product_pictures.id', '=', 'id' in where ? where.id : 0))
    .$if('key' in where, (query) =>
      query
        .where('product_pictures.store', '=', 'key' in where ? where.store : '')
        .where('product_pictures.key', '=', 'key' in where ? where.key : ''),
    )
    .executeTakeFirst()
}

/** The oldest picture of the store with exactly these bytes, unless it or its photo is in the trash. */
export async function findSameFile(db: DbOrTrx, store: string, sha256: string): Promise<PictureRow | undefined> {
  return selectPictures(db)
    .where('photos.sha256', '=', sha256)
    .where('product_pictures.store', '=', store)
    .where('product_pictures.state', '<>', 'trashed')
    .where(isKept('photos'))
    .orderBy('product_pictures.id')
    .executeTakeFirst()
}

/** The oldest picture of the photo below a folder of the store, whatever became of it. */
export async function findByPrefix(db: DbOrTrx, store: string, prefix: string, photoId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom('product_pictures')
    .select('id')
    .where('photo_id', '=', photoId)
    .where('store', '=', store)
    .where('key', 'like', `${prefix}%`)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** Of these photos those that are in the store, each by its oldest picture there. */
export async function readPicturesOf(db: DbOrTrx, store: string, photoIds: readonly number[]): Promise<PictureRow[]> {
  if (photoIds.length === 0) return []
  const rows = await selectPictures(db)
    .where('product_pictures.photo_id', 'in', photoIds)
    .where('product_pictures.store', '=', store)
    .where('product_pictures.state', '<>', 'trashed')
    .where(isKept('photos'))
    .orderBy('product_pictures.id')
    .execute()
  return [...new Map(rows.toReversed().map((row) => [row.photoId, row])).values()]
}

export async function insertIntent(db: DbOrTrx, owner: string, store: string, key: string): Promise<number> {
  return (await db.insertInto('store_intents').values({ owner, store, key }).returning('id').executeTakeFirstOrThrow()).id
}

export async function deleteIntent(db: DbOrTrx, id: number): Promise<void> {
  await db.deleteFrom('store_intents').where('id', '=', id).execute()
}

export interface Intent {
  readonly id: number
  readonly store: string
  readonly key: string
}

export const INTENTS_AT_ONCE = 500

/** Intents of this process, of processes that are gone, and of the database itself (photos moved to the trash, restored, deleted); a page in order. */
export async function listIntents(db: DbOrTrx, owner: string, afterId: number): Promise<Intent[]> {
  return db
    .selectFrom('store_intents')
    .select(['id', 'store', 'key'])
    .where((e) => e.or([e('owner', '=', owner), e.not(isAlive('store_intents.owner'))]))
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(INTENTS_AT_ONCE)
    .execute()
}

/** The photo of these bytes lies in the library’s trash, or was deleted from there. */
export async function isThrownAway(db: DbOrTrx, sha256: string): Promise<boolean> {
  const row = await db.selectFrom('photos').select('id').where('sha256', '=', sha256).where(isInTrash('photos')).executeTakeFirst()
  return row !== undefined
}

export async function setPictureState(trx: Trx, id: number, state: 'stored' | 'held' | 'trashed'): Promise<void> {
  await trx.updateTable('product_pictures').set({ state, changed_at: new Date() }).where('id', '=', id).execute()
}
