/** @file Reads people for the outside: lists with counts and a face to show, one person, their faces with photos, the questions. */

import { type RawBuilder, sql } from 'kysely'
import type { PeopleAnswer, PeopleQuery, PeopleQuestion, PersonFace, PersonReport, QuestionsAnswer } from '../../contract/people.ts'
import { toIntegers } from '../../db/arrays.ts'
import type { Db, DbOrTrx } from '../../db/client.ts'
import type { FaceNamer } from '../../db/tables/groups.ts'
import { isAllowed, isAllowedId, isShown, isShownId } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { CARD_COLUMNS, type CardRow, toPhotoCard } from '../../library/photo-card.ts'

/** Faces shown of what a question is about. */
const SAMPLES = 6

/** Faces of photos in the trash are not counted; they come back with their photo. */
const isFaceShown = (sees: Visibility) => isShownId(sees, 'f.photo_id')

/** People are found by looking at photos: of those that are not seen none may show. `and …` over `people p`. */
const ofSeen = (sees: Visibility) =>
  sees.allowed === null
    ? sql``
    : sql`and (exists (select 1 from faces o where o.person_id = p.id and ${isAllowedId(sees, 'o.photo_id')})
        or not exists (select 1 from faces o where o.person_id = p.id))`

/** A person’s columns in a query that groups `people p left join faces f`. */
const report = sql`p.id, p.name, p.is_hidden, count(distinct f.photo_id)::int as count, count(f.id)::int as faces,
  coalesce(max(f.id) filter (where f.id = p.cover_face_id), (array_agg(f.id order by f.quality desc, f.id))[1]) as cover_face_id`

const KEEPS: Readonly<Record<PeopleQuery['show'], RawBuilder<unknown>>> = {
  named: sql`p.name is not null and not p.is_hidden`,
  unnamed: sql`p.name is null and not p.is_hidden`,
  hidden: sql`p.is_hidden`,
}

export async function listPeople(db: Db, sees: Visibility, { show, min_faces, skip, limit }: PeopleQuery): Promise<PeopleAnswer> {
  const { rows } = await sql<PersonReport & { total: number }>`
    select *, count(*) over ()::int as total from (
      select ${report} from people p left join faces f on f.person_id = p.id and ${isFaceShown(sees)}
      where p.merged_into is null and ${KEEPS[show]} ${ofSeen(sees)} group by p.id
      ${show === 'unnamed' ? sql`having count(f.id) >= ${min_faces}` : sql``}) people
    order by count desc, name nulls last, id offset ${skip} limit ${limit}`.execute(db)
  return { people: rows.map(({ total: _, ...person }) => person), total: rows[0]?.total ?? 0 }
}

/** By id, those that exist; of people that were merged, the one they were merged into, under the id that was asked for. */
export async function readPeople(db: DbOrTrx, sees: Visibility, ids: readonly number[]): Promise<Map<number, PersonReport>> {
  const { rows } = await sql<PersonReport & { asked: number }>`
    select a.id as asked, ${report} from people a join people p on p.id = coalesce(a.merged_into, a.id) left join faces f on f.person_id = p.id and ${isFaceShown(sees)}
    where a.id = any (${toIntegers(ids)}) ${ofSeen(sees)} group by a.id, p.id`.execute(db)
  return new Map(rows.map(({ asked, ...person }) => [asked, person]))
}

export async function listFaces(
  db: Db,
  sees: Visibility,
  person: number,
  skip: number,
  limit: number,
): Promise<{ faces: PersonFace[]; total: number }> {
  const rows = await selectFaces(db)
    .where('faces.person_id', '=', person)
    .where(isShown(sees, 'photos'))
    .orderBy('photos.sort_at', 'desc')
    .orderBy('faces.id', 'desc')
    .offset(skip)
    .limit(limit)
    .execute()
  const { count } = await db
    .selectFrom('faces')
    .innerJoin('photos', 'photos.id', 'faces.photo_id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('faces.person_id', '=', person)
    .where(isShown(sees, 'photos'))
    .executeTakeFirstOrThrow()
  return { faces: rows.map(toPersonFace), total: Number(count) }
}

export interface PlacedFace {
  readonly sha256: string
  readonly box: PersonFace['box']
}

export async function readFacePlace(db: Db, sees: Visibility, id: number): Promise<PlacedFace | undefined> {
  const row = await db
    .selectFrom('faces')
    .innerJoin('photos', 'photos.id', 'faces.photo_id')
    .select(['photos.sha256', 'faces.x', 'faces.y', 'faces.width', 'faces.height'])
    .where('faces.id', '=', id)
    .where(isAllowed(sees, 'photos'))
    .executeTakeFirst()
  return row && { sha256: row.sha256, box: { x: row.x, y: row.y, width: row.width, height: row.height } }
}

/** Only what still is a question: somebody may have answered it by another way. Faces of photos that are not seen ask none. */
const isOpen = (sees: Visibility) => sql`p.merged_into is null and not p.is_hidden
  and (q.face_id is null or exists (select 1 from faces f where f.id = q.face_id and f.person_id is null))
  and (q.other_id is null or exists (select 1 from people o where o.id = q.other_id and o.merged_into is null and o.name is null and not o.is_hidden
    and exists (select 1 from faces f where f.person_id = o.id)))
  and not exists (select 1 from face_rejections r where r.face_id = q.face_id and r.person_id = q.person_id)
  and not exists (select 1 from people_apart a
    where a.person_id_1 = least(q.other_id, q.person_id) and a.person_id_2 = greatest(q.other_id, q.person_id))
  ${ofSeen(sees)} ${
    sees.allowed === null
      ? sql``
      : sql`and (q.face_id is null or exists (
    select 1 from faces f where f.id = q.face_id and ${isAllowedId(sees, 'f.photo_id')}))
  and (q.other_id is null or exists (select 1 from faces f where f.person_id = q.other_id and ${isAllowedId(sees, 'f.photo_id')}))`
  }`

export interface StoredQuestion {
  readonly id: number
  readonly face: number | null
  readonly other: number | null
  readonly person: number
  readonly distance: number
  readonly isSkipped: boolean
  readonly samples: number[]
}

/** Those put off come last. */
export async function listOpenQuestions(db: Db, sees: Visibility, limit: number, person?: number): Promise<QuestionsAnswer> {
  const { rows } = await sql<StoredQuestion & { total: number }>`
    select q.id, q.face_id as face, q.other_id as other, q.person_id as person, q.distance, q.skipped_at is not null as "isSkipped",
      count(*) over ()::int as total,
      case when q.face_id is null then array(
        select f.id from faces f where f.person_id = q.other_id and ${isAllowedId(sees, 'f.photo_id')} order by f.quality desc, f.id limit ${sql.lit(SAMPLES)}) else array[q.face_id] end as samples
    from people_questions q join people p on p.id = q.person_id
    where ${isOpen(sees)} ${person === undefined ? sql`` : sql`and ${person} in (q.person_id, q.other_id)`}
    order by q.skipped_at nulls first, q.usefulness desc, q.id limit ${limit}`.execute(db)
  const people = await readPeople(db, sees, [...new Set(rows.flatMap((row) => [row.person, row.other ?? row.person]))])
  const ids = rows.flatMap(({ face }) => (face === null ? [] : [face]))
  const found = ids.length === 0 ? [] : await selectFaces(db).where('faces.id', 'in', ids).execute()
  const faces = new Map(found.map((row) => [row.face_id, toPersonFace(row)]))
  const questions = rows.flatMap((row): PeopleQuestion[] => {
    const asked = people.get(row.person)
    if (!asked) return []
    return [
      {
        id: row.id,
        person: asked,
        face: row.face === null ? null : (faces.get(row.face) ?? null),
        other: row.other === null ? null : (people.get(row.other) ?? null),
        samples: row.samples,
        distance: row.distance,
        is_skipped: row.isSkipped,
      },
    ]
  })
  return { questions, total: rows[0]?.total ?? 0 }
}

export async function readQuestion(
  db: DbOrTrx,
  sees: Visibility,
  id: number,
): Promise<{ face: number | null; other: number | null; person: number } | undefined> {
  const { rows } = await sql<{ face: number | null; other: number | null; person: number }>`
    select q.face_id as face, q.other_id as other, q.person_id as person from people_questions q join people p on p.id = q.person_id
    where q.id = ${id} ${sees.allowed === null ? sql`` : sql`and ${isOpen(sees)}`}`.execute(db)
  return rows[0]
}

export async function skipQuestion(db: Db, id: number): Promise<void> {
  await db.updateTable('people_questions').set({ skipped_at: new Date() }).where('id', '=', id).execute()
}

/** Of these, the faces on photos that exist for whoever asks: the others are treated as faces that never were. */
export async function onlySeenFaces(db: DbOrTrx, sees: Visibility, ids: readonly number[]): Promise<readonly number[]> {
  if (sees.allowed === null) return ids
  const rows = await db
    .selectFrom('faces')
    .select('id')
    .where('id', 'in', [...ids, 0])
    .where(isAllowedId(sees, 'photo_id'))
    .execute()
  const seen = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => seen.has(id))
}

function selectFaces(db: DbOrTrx) {
  return db
    .selectFrom('faces')
    .innerJoin('photos', 'photos.id', 'faces.photo_id')
    .select([...CARD_COLUMNS, 'faces.id as face_id', 'faces.x', 'faces.y', 'faces.width as face_width', 'faces.height as face_height'])
    .select(['faces.quality', 'faces.named_by'])
}

type FaceRow = CardRow & {
  face_id: number
  x: number
  y: number
  face_width: number
  face_height: number
  quality: number
  named_by: FaceNamer | null
}

function toPersonFace(row: FaceRow): PersonFace {
  return {
    id: row.face_id,
    photo: toPhotoCard(row),
    box: { x: row.x, y: row.y, width: row.face_width, height: row.face_height },
    quality: row.quality,
    named_by: row.named_by,
  }
}
