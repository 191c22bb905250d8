/** @file Reads lists of photos: pages, days, cards by id. */
import type { DbOrTrx } from '../db/client.ts'
import { CARD_COLUMNS, type PhotoCard, toPhotoCard } from './photo-card.ts'

export interface PhotoPage {
  readonly day?: string | undefined
  readonly skip: number
  readonly limit: number
}

/** Photos, newest first. Reads `photos_by_time` or `photos_by_day`; never more than `limit` rows of the table itself. */
export async function listPhotos(db: DbOrTrx, page: PhotoPage): Promise<{ photos: PhotoCard[]; total: number }> {
  const { day } = page
  const rows = await db
    .selectFrom('photos')
    .select(CARD_COLUMNS)
    .$if(day !== undefined, (query) => query.where('day', '=', day as string))
    .orderBy('sort_at', 'desc')
    .orderBy('id', 'desc')
    .offset(page.skip)
    .limit(page.limit)
    .execute()
  return { photos: rows.map(toPhotoCard), total: await countPhotos(db, day) }
}

async function countPhotos(db: DbOrTrx, day?: string): Promise<number> {
  const row = await db
    .selectFrom('photos')
    .select((eb) => eb.fn.countAll<string | number>().as('count'))
    .$if(day !== undefined, (query) => query.where('day', '=', day as string))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

export async function listDays(db: DbOrTrx): Promise<{ day: string; count: number }[]> {
  const rows = await db
    .selectFrom('photos')
    .select((eb) => ['day', eb.fn.countAll<string | number>().as('count')])
    .groupBy('day')
    .orderBy('day', 'desc')
    .execute()
  return rows.map((row) => ({ day: row.day, count: Number(row.count) }))
}

/** Cards in the order of `ids`; ids that are gone are left out. */
export async function readPhotoCards(db: DbOrTrx, ids: readonly number[]): Promise<PhotoCard[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('photos').select(CARD_COLUMNS).where('id', 'in', ids).execute()
  const cards = new Map(rows.map((row) => [row.id, toPhotoCard(row)]))
  return ids.flatMap((id) => cards.get(id) ?? [])
}
