/** @file Where a generated picture comes from, and what was generated from a photo. */
import type { PhotoDetail } from '../contract/photo.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isShown } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { CARD_COLUMNS, toPhotoCard } from '../library/photo-card.ts'
import { typeName } from './types.ts'

/** Shown in the page of a photo; the runs tell of all. */
const MAX_MADE = 60

export async function readMade(db: DbOrTrx, sees: Visibility, id: number): Promise<Pick<PhotoDetail, 'made_from' | 'made_of_it'>> {
  const [made_from, made_of_it] = await Promise.all([readMadeFrom(db, sees, id), readMadeOfIt(db, sees, id)])
  return { made_from, made_of_it }
}

/** The same bytes may come of several tries: the latest says it. */
async function readMadeFrom(db: DbOrTrx, sees: Visibility, id: number): Promise<PhotoDetail['made_from']> {
  const image = await db
    .selectFrom('generated_images')
    .select(['source_id', 'generation_id', 'image_type', 'model_id', 'prompt'])
    .where('photo_id', '=', id)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (!image) return null
  const { source_id: source } = image
  const card =
    source === null
      ? undefined
      : await db.selectFrom('photos').select(CARD_COLUMNS).where('id', '=', source).where(isShown(sees, 'photos')).executeTakeFirst()
  return {
    photo: card ? toPhotoCard(card) : null,
    how: typeName(image.image_type),
    run: image.generation_id,
    model: image.model_id,
    prompt: image.prompt,
  }
}

async function readMadeOfIt(db: DbOrTrx, sees: Visibility, id: number): Promise<PhotoDetail['made_of_it']> {
  const rows = await db
    .selectFrom('generated_images as made')
    .innerJoin('photos', 'photos.id', 'made.photo_id')
    .select([...CARD_COLUMNS, 'made.image_type', 'made.generation_id'])
    .where('made.source_id', '=', id)
    .where('made.review', 'in', ['open', 'approved'])
    .where(isShown(sees, 'photos'))
    .orderBy('made.id', 'desc')
    .limit(MAX_MADE)
    .execute()
  return [
    ...new Map(rows.map((row) => [row.id, { photo: toPhotoCard(row), how: typeName(row.image_type), run: row.generation_id }])).values(),
  ]
}
