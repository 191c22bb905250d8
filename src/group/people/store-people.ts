/** @file Reads people for the outside: lists with counts and a face to show, one person, their faces with photos, the questions. */
import { type RawBuilder, sql } from 'kysely'
import type { PeopleAnswer, PeopleQuery, PeopleQuestion, PersonFace, PersonReport, QuestionsAnswer } from '../../contract/people.ts'
import type { Db, DbOrTrx } from '../../db/client.ts'
import type { FaceNamer } from '../../db/tables/groups.ts'
import { CARD_COLUMNS, type CardRow, toPhotoCard } from '../../library/photo-card.ts'

/** Faces shown of what a question is about. */
const SAMPLES = 6

/** Faces of photos in the trash are not counted; they come back with their photo. */
const isShown = sql`f.photo_id not in (select id from photos where trashed_at is not null)`

/** A person’s columns in a query that groups `people p left join faces f`. */
const report = sql`p.id, p.name, p.is_hidden, count(distinct f.photo_id)::int as count, count(f.id)::int as faces,
  coalesce(max(f.id) filter (where f.id = p.cover_face_id), (array_agg(f.id order by f.quality desc, f.id))[1]) as cover_face_id`

const KEEPS: Readonly<Record<PeopleQuery['show'], RawBuilder<unknown>>> = {
  named: sql`p.name is not null and not p.is_hidden`,
  unnamed: sql`p.name is null and not p.is_hidden`,
  hidden: sql`p.is_hidden`,
}

export async function listPeople(db: Db, { show, min_faces, skip, limit }: PeopleQuery): Promise<PeopleAnswer> {
  const { rows } = await sql<PersonReport & { total: number }>`
    select *, count(*) over ()::int as total from (
      select ${report} from people p left join faces f on f.person_id = p.id and ${isShown}
      where p.merged_into is null and ${KEEPS[show]} group by p.id
      ${show === 'unnamed' ? sql`having count(f.id) >= ${min_faces}` : sql``}) people
    order by count desc, name nulls last, id offset ${skip} limit ${limit}`.execute(db)
  return { people: rows.map(({ total: _, ...person }) => person), total: rows[0]?.total ?? 0 }
}

/** By id, those that exist; of people that were merged, the one they were merged into, under the id that was asked for. */
export async function readPeople(db: DbOrTrx, ids: readonly number[]): Promise<Map<number, PersonReport>> {
  const { rows } = await sql<PersonReport & { asked: number }>`
    select a.id as asked, ${report} from people a join people p on p.id = coalesce(a.merged_into, a.id) left join faces f on f.person_id = p.id and ${isShown}
    where a.id = any (${`{${ids.join(',')}}`}::integer[]) group by a.id, p.id`.execute(db)
  return new Map(rows.map(({ asked, ...person }) => [asked, person]))
}

export async function listFaces(db: Db, person: number, skip: number, limit: number): Promise<{ faces: PersonFace[]; total: number }> {
  const rows = await selectFaces(db)
    .where('faces.person_id', '=', person)
    .where('photos.trashed_at', 'is', null)
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
    .where('photos.trashed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return { faces: rows.map(toPersonFace), total: Number(count) }
}

export interface PlacedFace {
  readonly sha256: string
  readonly box: PersonFace['box']
}

export async function readFacePlace(db: Db, id: number): Promise<PlacedFace | undefined> {
  const row = await db
    .selectFrom('faces')
    .innerJoin('photos', 'photos.id', 'faces.photo_id')
    .select(['photos.sha256', 'faces.x', 'faces.y', 'faces.width', 'faces.height'])
    .where('faces.id', '=', id)
    .executeTakeFirst()
  return row && { sha256: row.sha256, box: { x: row.x, y: row.y, width: row.width, height: row.height } }
}

/** Only what still is a question: somebody may have answered it by another way. */
const isOpen = sql`p.merged_into is null and not p.is_hidden
  and (q.face_id is null or exists (select 1 from faces f where f.id = q.face_id and f.person_id is null))
  and (q.other_id is null or exists (select 1 from people o where o.id = q.other_id and o.merged_into is null and o.name is null and not o.is_hidden
    and exists (select 1 from faces f where f.person_id = o.id)))
  and not exists (select 1 from face_rejections r where r.face_id = q.face_id and r.person_id = q.person_id)
  and not exists (select 1 from people_apart a
    where a.person_id_1 = least(q.other_id, q.person_id) and a.person_id_2 = greatest(q.other_id, q.person_id))`

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
export async function listOpenQuestions(db: Db, limit: number, person?: number): Promise<QuestionsAnswer> {
  const { rows } = await sql<StoredQuestion & { total: number }>`
    select q.id, q.face_id as face, q.other_id as other, q.person_id as person, q.distance, q.skipped_at is not null as "isSkipped",
      count(*) over ()::int as total,
      case when q.face_id is null then array(
        select f.id from faces f where f.person_id = q.other_id order by f.quality desc, f.id limit ${sql.lit(SAMPLES)}) else array[q.face_id] end as samples
    from people_questions q join people p on p.id = q.person_id
    where ${isOpen} ${person === undefined ? sql`` : sql`and ${person} in (q.person_id, q.other_id)`}
    order by q.skipped_at nulls first, q.usefulness desc, q.id limit ${limit}`.execute(db)
  const people = await readPeople(db, [...new Set(rows.flatMap((row) => [row.person, row.other ?? row.person]))])
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
  id: number,
): Promise<{ face: number | null; other: number | null; person: number } | undefined> {
  return db
    .selectFrom('people_questions')
    .select(['face_id as face', 'other_id as other', 'person_id as person'])
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function skipQuestion(db: Db, id: number): Promise<void> {
  await db.updateTable('people_questions').set({ skipped_at: new Date() }).where('id', '=', id).execute()
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
