/** @file Products, and their pictures with all that is measured of them, as lists and reports need them. */
import { type RawBuilder, sql } from 'kysely'
import type { Slot } from '../contract/product-words.ts'
import type { StepName } from '../contract/words.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import { isKept, isKeptId } from '../db/visible.ts'
import type { ProductWords } from '../domain/description.ts'
import { JEWELRY_KINDS } from '../domain/product/product-profiles.ts'
import type { ShotMeasures } from '../domain/product/shot.ts'
import { findWords } from '../domain/product/vocabulary.ts'
import { CARD_COLUMNS, type PhotoCard, toPhotoCard } from '../library/photo-card.ts'
import type { PictureFacts } from './check-readiness.ts'

export interface ProductRow {
  readonly id: number
  readonly store: string
  readonly sku: string
  readonly name: string | null
  readonly kind: string | null
}

export interface PictureDetail {
  readonly id: number
  readonly card: PhotoCard
  readonly store: string
  readonly key: string
  readonly displayName: string
  readonly kind: string | null
  readonly state: 'stored' | 'held' | 'trashed'
  readonly product: { readonly id: number; readonly sku: string } | null
  readonly slot: Slot | null
  readonly colour: string | null
  readonly like: { readonly id: number; readonly kind: 'same-file' | 'same-picture' | 'similar'; readonly distance: number } | null
  readonly origin: { readonly id: number; readonly madeBy: string | null } | null
  readonly sha256: string
  readonly facts: PictureFacts
  /** what a model said of it as a product */
  readonly answer: (ProductWords & { readonly saidBy: string; readonly models: readonly string[] }) | null
}

const selectDetails = (db: DbOrTrx) =>
  db
    .selectFrom('product_pictures as pp')
    .innerJoin('photos', 'photos.id', 'pp.photo_id')
    .leftJoin('products', 'products.id', 'pp.product_id')
    .leftJoin('ocr_texts', 'ocr_texts.photo_id', 'pp.photo_id')
    .leftJoin('product_answers as pa', 'pa.picture_id', 'pp.id')
    .leftJoin('photo_metadata', 'photo_metadata.photo_id', 'pp.photo_id')
    .select(CARD_COLUMNS)
    .select([
      'pp.id as picture_id',
      'pp.store',
      'pp.key',
      'pp.display_name',
      'pp.kind',
      'pp.state as picture_state',
      'pp.slot',
      'pp.colour',
      'pp.like_id',
      'pp.like_kind',
      'pp.like_distance',
      'pp.origin_id',
      'pp.made_by',
      'pp.shot',
      'products.id as product_id',
      'products.sku',
      'products.kind as product_kind',
      'photos.bytes',
      'photos.format',
      'photos.sha256',
      'photos.trashed_at',
      'photo_metadata.colour_profile',
      'pa.name as said_name',
      'pa.description as said_description',
      'pa.attributes as said_attributes',
      'pa.colour as said_colour',
      'pa.prompt as said_prompt',
      'pa.grade as said_grade',
      'pa.said_by',
      'pa.models',
    ])
    .select([
      // a picture without any has no row
      ifDone<string>('ocr', sql`coalesce(ocr_texts.text, '')`).as('text'),
      ifDone<number>('faces', sql`select count(*)::int from faces f where f.animal is null and f.photo_id = pp.photo_id`).as('face_count'),
      ifDone<number>('objects', sql`select count(*)::int from detected_objects o where o.photo_id = pp.photo_id and o.label = 'person'`).as(
        'people_count',
      ),
      sql<number | null>`case when pp.product_id is not null
        then (select count(*)::int from product_pictures other join photos p on p.id = other.photo_id
          where other.product_id = pp.product_id and other.state = 'stored' and ${isKept('p')}) end`.as('pictures_of_product'),
    ])

/** null while the step has not run. */
const ifDone = <T>(step: StepName, found: RawBuilder<unknown>) => sql<T | null>`case when exists (
  select 1 from photo_steps s where s.photo_id = pp.photo_id and s.step = ${step} and s.state = 'done') then (${found}) end`

type DetailRow = Awaited<ReturnType<ReturnType<typeof selectDetails>['execute']>>[number]

function toDetail(row: DetailRow): PictureDetail {
  return {
    id: row.picture_id,
    card: toPhotoCard(row),
    store: row.store,
    key: row.key,
    displayName: row.display_name,
    kind: row.kind,
    // a photo in the library’s trash is in no store
    state: row.trashed_at === null ? row.picture_state : 'trashed',
    product: row.product_id === null || row.sku === null ? null : { id: row.product_id, sku: row.sku },
    slot: row.slot,
    colour: row.colour,
    like:
      row.like_id === null || row.like_kind === null ? null : { id: row.like_id, kind: row.like_kind, distance: row.like_distance ?? 0 },
    origin: row.origin_id === null ? null : { id: row.origin_id, madeBy: row.made_by },
    sha256: row.sha256,
    answer:
      row.said_name === null || row.said_by === null
        ? null
        : {
            name: row.said_name,
            description: row.said_description,
            attributes: row.said_attributes ?? [],
            colour: row.said_colour,
            prompt: row.said_prompt,
            grade: row.said_grade,
            saidBy: row.said_by,
            models: row.models ?? [],
          },
    facts: {
      shot: isMeasured(row.shot) ? row.shot : null,
      bytes: row.bytes,
      format: row.format,
      text: row.text,
      faces: row.face_count,
      people: row.people_count,
      colourProfile: row.colour_profile,
      isJewelry: findWords(JEWELRY_KINDS, [row.kind ?? '', row.product_kind ?? '']).length > 0,
      picturesOfProduct: row.pictures_of_product,
    },
  }
}

const isMeasured = (shot: ShotMeasures | null): shot is ShotMeasures => shot !== null && 'sharpness' in shot

export async function readDetail(db: DbOrTrx, id: number): Promise<PictureDetail | undefined> {
  const row = await selectDetails(db).where('pp.id', '=', id).executeTakeFirst()
  return row && toDetail(row)
}

/** In the order of the ids; what is gone is left out. */
export async function readDetailsByIds(db: DbOrTrx, ids: readonly number[]): Promise<PictureDetail[]> {
  if (ids.length === 0) return []
  const rows = await selectDetails(db).where('pp.id', 'in', ids).execute()
  const details = new Map(rows.map((row) => [row.picture_id, toDetail(row)]))
  return ids.flatMap((id) => details.get(id) ?? [])
}

export interface PicturePage {
  readonly store: string
  readonly state: 'stored' | 'held' | 'trashed'
  /** only pictures of no product */
  readonly loose: boolean
  readonly skip: number
  readonly limit: number
}

export async function listDetails(
  db: DbOrTrx,
  { store, state, loose, skip, limit }: PicturePage,
): Promise<{ pictures: PictureDetail[]; total: number }> {
  const rows = await selectDetails(db)
    .where('pp.store', '=', store)
    .where('pp.state', '=', state)
    .where(isKept('photos'))
    .$if(loose, (query) => query.where('pp.product_id', 'is', null))
    .orderBy('pp.id', 'desc')
    .offset(skip)
    .limit(limit)
    .execute()
  const { count } = await db
    .selectFrom('product_pictures')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('store', '=', store)
    .where('state', '=', state)
    .where(isKeptId('photo_id'))
    .$if(loose, (query) => query.where('product_id', 'is', null))
    .executeTakeFirstOrThrow()
  return { pictures: rows.map(toDetail), total: Number(count) }
}

export async function listProducts(
  db: DbOrTrx,
  store: string,
  skip: number,
  limit: number,
): Promise<{ products: ProductRow[]; total: number }> {
  const rows = await db
    .selectFrom('products')
    .select(['id', 'store', 'sku', 'name', 'kind'])
    .where('store', '=', store)
    .orderBy('sku')
    .offset(skip)
    .limit(limit)
    .execute()
  const { count } = await db
    .selectFrom('products')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('store', '=', store)
    .executeTakeFirstOrThrow()
  return { products: rows, total: Number(count) }
}

/** Stored pictures of these products, the main ones first. */
export async function readDetailsOf(db: DbOrTrx, productIds: readonly number[]): Promise<PictureDetail[]> {
  if (productIds.length === 0) return []
  const rows = await selectDetails(db)
    .where('pp.product_id', 'in', productIds)
    .where('pp.state', '=', 'stored')
    .where(isKept('photos'))
    .orderBy(sql`array_position(array['main','angle','detail','on-model','dimension','lifestyle'], pp.slot)`)
    .orderBy('pp.id')
    .execute()
  return rows.map(toDetail)
}

export async function ensureProduct(
  trx: Trx,
  store: string,
  sku: string,
  more: { name?: string | null; kind?: string | null } = {},
): Promise<number> {
  const set = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined && value !== null && value !== ''))
  const { id } = await trx
    .insertInto('products')
    .values({ store, sku, name: null, kind: null, ...set })
    .onConflict((conflict) => conflict.columns(['store', 'sku']).doUpdateSet({ sku, ...set }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export interface PictureChange {
  readonly product_id?: number | null
  readonly slot?: Slot | null
  readonly kind?: string | null
}

export async function changePicture(trx: Trx, id: number, change: PictureChange): Promise<void> {
  await trx
    .updateTable('product_pictures')
    .set({ ...change, changed_at: new Date() })
    .where('id', '=', id)
    .execute()
}

/** A product that nobody named and that has no picture any more was only a group. */
export async function deleteEmptyProducts(trx: Trx): Promise<void> {
  await trx
    .deleteFrom('products')
    .where('name', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('product_pictures').select('id').whereRef('product_pictures.product_id', '=', 'products.id'))),
    )
    .execute()
}

/** Pictures of a store that are stored and of no product, a page after `afterId`. */
export async function listLoose(
  db: DbOrTrx,
  store: string,
  afterId: number,
  limit: number,
): Promise<{ id: number; photoId: number; filename: string }[]> {
  return db
    .selectFrom('product_pictures')
    .innerJoin('photos', 'photos.id', 'product_pictures.photo_id')
    .select(['product_pictures.id', 'photos.id as photoId', 'photos.filename'])
    .where('product_pictures.store', '=', store)
    .where('product_pictures.state', '=', 'stored')
    .where(isKept('photos'))
    .where('product_pictures.product_id', 'is', null)
    .where('product_pictures.id', '>', afterId)
    .orderBy('product_pictures.id')
    .limit(limit)
    .execute()
}

/** Where these photos lie in folders of the library, below the folder that is indexed; the first place of several. */
export async function readFolderPaths(db: DbOrTrx, photoIds: readonly number[]): Promise<Map<number, string>> {
  if (photoIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('photo_files')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .select(['photo_files.photo_id', 'photo_files.path'])
    .where('sources.kind', '=', 'folder')
    .where('photo_files.photo_id', 'in', photoIds)
    .orderBy('photo_files.id', 'desc')
    .execute()
  return new Map(rows.map(({ photo_id, path }) => [photo_id, path]))
}

/** The stored picture of a store that goes by this name: its name in the store, its file’s, or as it is shown. The newest of several. */
export async function findByName(db: DbOrTrx, store: string, name: string): Promise<{ id: number } | undefined> {
  return db
    .selectFrom('product_pictures')
    .innerJoin('photos', 'photos.id', 'product_pictures.photo_id')
    .select('product_pictures.id')
    .where('product_pictures.store', '=', store)
    .where('product_pictures.state', '=', 'stored')
    .where(isKept('photos'))
    .where((e) =>
      e.or([e('product_pictures.key', '=', name), e('photos.filename', '=', name), e('product_pictures.display_name', '=', name)]),
    )
    .orderBy('product_pictures.id', 'desc')
    .executeTakeFirst()
}

export async function countStates(db: DbOrTrx): Promise<{ store: string; state: string; count: number }[]> {
  const rows = await db
    .selectFrom('product_pictures')
    .select(['store', 'state', (e) => e.fn.countAll<number>().as('count')])
    .where(isKeptId('photo_id'))
    .groupBy(['store', 'state'])
    .execute()
  return rows.map((row) => ({ ...row, count: Number(row.count) }))
}

/** Names and contents that a store must hold, a page after a key. */
export async function listStoredKeys(
  db: DbOrTrx,
  store: string,
  afterKey: string,
  limit: number,
): Promise<{ id: number; key: string; sha256: string; bytes: number }[]> {
  return db
    .selectFrom('product_pictures')
    .innerJoin('photos', 'photos.id', 'product_pictures.photo_id')
    .select(['product_pictures.id', 'product_pictures.key', 'photos.sha256', 'photos.bytes'])
    .where('product_pictures.store', '=', store)
    .where('product_pictures.state', '=', 'stored')
    .where(isKept('photos'))
    .where('product_pictures.key', '>', afterKey)
    .orderBy('product_pictures.key')
    .limit(limit)
    .execute()
}

/** What was said of photos, for the texts of an export. */
export async function readAltTexts(db: DbOrTrx, photoIds: readonly number[]): Promise<Map<number, string>> {
  if (photoIds.length === 0) return new Map()
  const rows = await db.selectFrom('effective_facts').select(['photo_id', 'alt_text']).where('photo_id', 'in', photoIds).execute()
  return new Map(rows.flatMap(({ photo_id, alt_text }) => (photo_id === null || alt_text === null ? [] : [[photo_id, alt_text]])))
}
