/** @file Photos as system A tells them: tags, caption, embedding. Three reads for any number of photos. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { PhotoA as PhotoASchema } from '../contract/described.ts'
import type { Collection, PhotoState, StepName } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isAllowed } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { toIso } from './photo-card.ts'
import { isInTimeline } from './store-photos.ts'

export type PhotoA = z.infer<typeof PhotoASchema>

/** What A’s upload and search answers say of a photo. */
export interface BriefA {
  readonly id: number
  readonly filename: string
  /** surest first, each once, whoever said it */
  readonly tags: string[]
  /** else the title */
  readonly caption: string | null
  readonly created_at: string
}

export interface Standing {
  readonly state: PhotoState
  /** steps that are due or running, also those that photos of state `completed` may still wait for: tags by words, the description */
  readonly open: readonly StepName[]
}

export async function readStanding(db: DbOrTrx, sees: Visibility, id: number): Promise<Standing | undefined> {
  const photo = await db.selectFrom('photos').select('state').where('id', '=', id).where(isAllowed(sees, 'photos')).executeTakeFirst()
  if (!photo) return undefined
  const steps = await db
    .selectFrom('photo_steps')
    .select('step')
    .where('photo_id', '=', id)
    .where('state', 'in', ['due', 'running'])
    .execute()
  return { state: photo.state, open: steps.map(({ step }) => step) }
}

/** In the order of `ids`; ids that are gone are left out. */
export async function readBriefsA(db: DbOrTrx, sees: Visibility, ids: readonly number[]): Promise<BriefA[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('photos')
    .innerJoin('effective_facts', 'effective_facts.photo_id', 'photos.id')
    .select(['photos.id', 'photos.filename', 'photos.created_at', 'effective_facts.caption', 'effective_facts.title'])
    .where('photos.id', 'in', ids)
    .where(isAllowed(sees, 'photos'))
    // said of the view too, or it would be worked out for every photo
    .where('effective_facts.photo_id', 'in', ids)
    .execute()
  const tagRows = await db
    .selectFrom('effective_tags')
    .select((eb) => ['photo_id', 'tag', eb.fn.max('confidence').as('confidence')])
    .where('photo_id', 'in', ids)
    .groupBy(['photo_id', 'tag'])
    .orderBy('confidence', 'desc')
    .orderBy('tag')
    .execute()
  const tags = Map.groupBy(tagRows, (row) => row.photo_id)
  const briefs = new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        filename: row.filename,
        tags: (tags.get(row.id) ?? []).flatMap((tag) => tag.tag ?? []),
        caption: row.caption ?? row.title,
        created_at: toIso(row.created_at),
      },
    ]),
  )
  return ids.flatMap((id) => briefs.get(id) ?? [])
}

/**
 * With each photo’s vector: of `space` where given and there, else of the newest model’s space, else of `look`.
 * @param space name of the space search uses now
 */
export async function readPhotosA(db: DbOrTrx, sees: Visibility, ids: readonly number[], space: string | null): Promise<PhotoA[]> {
  const briefs = await readBriefsA(db, sees, ids)
  if (briefs.length === 0) return []
  const { rows } = await sql<{ photo_id: number; embedding: string }>`
    select distinct on (embeddings.photo_id) embeddings.photo_id, embeddings.embedding::text as embedding
    from embeddings join spaces on spaces.id = embeddings.space_id
    where embeddings.photo_id in (${sql.join(ids)})
    order by embeddings.photo_id, (spaces.name = ${space ?? ''}) desc, spaces.has_text desc, spaces.id desc`.execute(db)
  const vectors = new Map(rows.map((row) => [row.photo_id, JSON.parse(row.embedding) as number[]]))
  return briefs.map((brief) => ({ ...brief, embedding: vectors.get(brief.id) ?? null }))
}

/** Ids of a page, newest day first and there newest first: the order of the gallery. An index alone answers. */
export async function listPhotoIds(
  db: DbOrTrx,
  sees: Visibility,
  skip: number,
  limit: number,
  collections?: readonly Collection[],
): Promise<number[]> {
  const rows = await db
    .selectFrom('photos')
    .select('id')
    .where(isInTimeline(sees, collections))
    .orderBy('day', 'desc')
    .orderBy('sort_at', 'desc')
    .orderBy('id', 'desc')
    .offset(skip)
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
