/** @file A row of `photos` as the card every list, search hit and duplicate shows. */
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { render } from '../contract/messages/message.ts'
import type { PhotoCard as PhotoCardSchema } from '../contract/photo.ts'
import type { Database } from '../db/tables.ts'

export type PhotoCard = z.infer<typeof PhotoCardSchema>

/** Select exactly these for `toPhotoCard`. */
export const CARD_COLUMNS = [
  'photos.id',
  'photos.filename',
  'photos.state',
  'photos.reason',
  'photos.width',
  'photos.height',
  'photos.thumbhash',
  'photos.day',
  'photos.taken_at',
  'photos.missing_since',
] as const

export type CardRow = Pick<
  Selectable<Database['photos']>,
  'id' | 'filename' | 'state' | 'reason' | 'width' | 'height' | 'thumbhash' | 'day' | 'taken_at' | 'missing_since'
>

export function toPhotoCard(row: CardRow): PhotoCard {
  return {
    id: row.id,
    filename: row.filename,
    state: row.state,
    reason: render(row.reason),
    message: row.reason,
    width: row.width,
    height: row.height,
    thumbhash: row.thumbhash ? Buffer.from(row.thumbhash).toString('base64') : null,
    day: row.day,
    taken_at: toIso(row.taken_at),
    missing: row.missing_since !== null,
  }
}

/** An instant as ISO 8601 in UTC. */
export function toIso(at: Date): string
export function toIso(at: Date | null): string | null
export function toIso(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
