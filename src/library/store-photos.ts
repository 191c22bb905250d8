/** @file Reads lists of photos: pages, days, cards by id. */
import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Collection } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isAllowed, isPersonal, isReadable, isShown } from '../db/visible.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Visibility } from '../domain/visibility.ts'
import { CARD_COLUMNS, type PhotoCard, toPhotoCard } from './photo-card.ts'

export interface PhotoPage {
  readonly day?: string | undefined
  /** these photos alone, wherever they stand; `day` and `cursor` do not go with it */
  readonly ids?: readonly number[] | undefined
  readonly skip: number
  readonly limit: number
  readonly cursor?: string | undefined
  /** default: photos of a person */
  readonly collections?: readonly Collection[] | undefined
}

/** Shown, and not failed; of these collections, or a photo of a person. */
export const isInTimeline = (sees: Visibility, collections: readonly Collection[] = []) =>
  sql<SqlBool>`${isShown(sees, 'photos')} and ${isReadable('photos')} and ${
    collections.length === 0 ? isPersonal('photos') : sql<SqlBool>`photos.collection in (${sql.join(collections)})`
  }`

/**
 * Photos of the timeline, newest first. Reads `photos_by_time` or `photos_by_day`; never more than `limit` rows of the table itself.
 * @throws FototecaError `bad_request` for a cursor that is none
 */
export async function listPhotos(
  db: DbOrTrx,
  sees: Visibility,
  page: PhotoPage,
): Promise<{ photos: PhotoCard[]; total: number; next: string | null }> {
  const { day, ids, collections } = page
  if (ids !== undefined) {
    const photos = await readPhotoCards(db, sees, ids)
    return { photos: photos.slice(page.skip, page.skip + page.limit), total: photos.length, next: null }
  }
  const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor)
  const rows = await db
    .selectFrom('photos')
    .select(CARD_COLUMNS)
    .select(sql<string>`to_char(sort_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`.as('sort_text'))
    .where(isInTimeline(sees, collections))
    .$if(day !== undefined, (query) => query.where('day', '=', day as string))
    .$if(after !== undefined, (query) =>
      query.where(sql<SqlBool>`(sort_at, id) < (${after?.[0]}::timestamp at time zone 'UTC', ${after?.[1]}::integer)`),
    )
    .orderBy('sort_at', 'desc')
    .orderBy('id', 'desc')
    .offset(page.skip)
    .limit(page.limit)
    .execute()
  const last = rows.length === page.limit ? rows.at(-1) : undefined
  const next = last ? Buffer.from(JSON.stringify([last.sort_text, last.id] satisfies Cursor)).toString('base64url') : null
  return { photos: rows.map(toPhotoCard), total: await countPhotos(db, sees, day, collections), next }
}

/** `sort_at` (UTC, to the microsecond) and id of the last photo of a page */
const Cursor = z.tuple([z.string().regex(/^\d{4,5}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/), z.number().int().min(0).max(2_147_483_647)])
type Cursor = z.infer<typeof Cursor>

function decodeCursor(text: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (error) {
    throw new FototecaError('bad_request', 'cursor: take `next` of the page before, or leave it out', { cause: error })
  }
}

async function countPhotos(db: DbOrTrx, sees: Visibility, day?: string, collections?: readonly Collection[]): Promise<number> {
  const row = await db
    .selectFrom('photos')
    .select((eb) => eb.fn.countAll<string | number>().as('count'))
    .where(isInTimeline(sees, collections))
    .$if(day !== undefined, (query) => query.where('day', '=', day as string))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function listDays(db: DbOrTrx, sees: Visibility): Promise<{ day: string; count: number }[]> {
  const rows = await db
    .selectFrom('photos')
    .select((eb) => ['day', eb.fn.countAll<string | number>().as('count')])
    .where(isInTimeline(sees))
    .groupBy('day')
    .orderBy('day', 'desc')
    .execute()
  return rows.map((row) => ({ day: row.day, count: Number(row.count) }))
}

/** Cards in the order of `ids`; ids that are gone are left out, also what lies in the trash has one. */
export async function readPhotoCards(db: DbOrTrx, sees: Visibility, ids: readonly number[]): Promise<PhotoCard[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('photos').select(CARD_COLUMNS).where('id', 'in', ids).where(isAllowed(sees, 'photos')).execute()
  const cards = new Map(rows.map((row) => [row.id, toPhotoCard(row)]))
  return ids.flatMap((id) => cards.get(id) ?? [])
}
