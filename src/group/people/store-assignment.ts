/** @file What the clustering reads and writes: faces by model in pages, whose they are now, the questions that are left. */

import { type SqlBool, sql } from 'kysely'
import { toIntegers } from '../../db/arrays.ts'
import type { Db, Trx } from '../../db/client.ts'
import { readSetting, saveSetting } from '../../db/settings.ts'
import { markDocumentsStale } from '../../document/store.ts'
import type { FacePage } from './worker.ts'

const LAST_KEY = 'people.last'
const ANEW_KEY = 'people.anew'

/** Of a person, or said to be one by a person or the file. */
const isPersons = sql<SqlBool>`(animal is null or named_by in ('person', 'file'))`

export interface ModelToPlace {
  readonly modelId: string
  readonly faces: number
  /** faces the clustering has not looked at */
  readonly due: number
}

export async function countFaces(db: Db): Promise<ModelToPlace[]> {
  const { rows } = await sql<ModelToPlace>`
    select model_id as "modelId", count(*)::int as faces, count(*) filter (where not is_placed)::int as due
    from faces where ${isPersons} group by model_id order by model_id`.execute(db)
  return rows
}

/** Photos with a face that is to be looked at. */
export async function countDuePhotos(db: Db): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(distinct photo_id)::int as count from faces where not is_placed and ${isPersons}`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * The next faces of this model in order of their ids, with the last of those ids. The page is cut before anything is joined: without
 * statistics the planner joins and sorts all faces that follow, once per page.
 */
export async function readFacePage(
  db: Db,
  modelId: string,
  after: number,
  limit: number,
): Promise<{ page: FacePage; last: number } | null> {
  const { rows } = await sql<{
    id: number
    photo_id: number
    person_id: number | null
    quality: number
    is_fixed: boolean
    is_placed: boolean
    vector: string
    rejected: number[] | null
  }>`
    with page as materialized (
      select id, photo_id, person_id, quality, is_placed, named_by, vector from faces
      where model_id = ${modelId} and id > ${after} and ${isPersons} order by model_id, id limit ${limit})
    select f.id, f.photo_id, f.person_id, f.quality, f.is_placed,
      f.person_id is not null and (f.named_by in ('person', 'file') or p.name is not null or p.is_kept or p.is_hidden) as is_fixed,
      translate(encode(vector_send(f.vector), 'base64'), e'\n', '') as vector,
      (select array_agg(r.person_id) from face_rejections r where r.face_id = f.id) as rejected
    from page f left join people p on p.id = f.person_id order by f.id`.execute(db)
  const last = rows.at(-1)
  if (!last) return null
  return {
    last: last.id,
    page: {
      ids: rows.map(({ id }) => id),
      photos: rows.map(({ photo_id }) => photo_id),
      persons: rows.map(({ person_id }) => person_id ?? 0),
      qualities: rows.map(({ quality }) => quality),
      isFixed: rows.map(({ is_fixed }) => is_fixed),
      isPlaced: rows.map(({ is_placed }) => is_placed),
      vectors: rows.map(({ vector }) => vector),
      rejected: rows.flatMap(({ id, rejected }) => (rejected ?? []).map((person) => [id, person] as const)),
    },
  }
}

export async function readNamedPeople(db: Db): Promise<number[]> {
  const rows = await db.selectFrom('people').select('id').where('name', 'is not', null).where('merged_into', 'is', null).execute()
  return rows.map(({ id }) => id)
}

/** People without a name, for new clusters. @returns their ids */
export async function addClusters(trx: Trx, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows } = await sql<{ id: number }>`
    insert into people (name) select null from generate_series(1, ${sql.lit(count)}) returning id`.execute(trx)
  return rows.map(({ id }) => id)
}

export interface MovedFace {
  readonly face: number
  /** 0: nobody */
  readonly was: number
  readonly person: number
}

/**
 * Whose these faces are. What a person or a file said since the faces were read stands: such faces are left alone.
 * Photos in which somebody with a name comes or goes get their documents again.
 */
export async function saveMoved(trx: Trx, moved: readonly MovedFace[]): Promise<void> {
  const { rows } = await sql<{ photo_id: number }>`
    with wanted as (
      select face, nullif(was, 0) as was, nullif(person, 0) as person
      from jsonb_to_recordset(${JSON.stringify(moved)}::jsonb) as r (face integer, was integer, person integer)),
    done as (
      update faces f set person_id = w.person, named_by = case when w.person is null then null else 'cluster' end
      from wanted w
      where f.id = w.face and f.person_id is not distinct from w.was and f.named_by is distinct from 'person'
        and f.named_by is distinct from 'file'
        and (w.person is null or exists (select 1 from people p where p.id = w.person and p.merged_into is null))
        and not exists (select 1 from face_rejections r where r.face_id = f.id and r.person_id = w.person)
      returning f.photo_id, w.was, w.person)
    select distinct done.photo_id from done
    where exists (select 1 from people p where p.id in (done.was, done.person) and p.name is not null)`.execute(trx)
  if (rows.length > 0)
    await markDocumentsStale(
      trx,
      rows.map(({ photo_id }) => photo_id),
    )
}

export async function markPlaced(trx: Trx, modelId: string, faces: readonly number[]): Promise<void> {
  await sql`update faces set is_placed = true
    where id = any (${toIntegers(faces)}) and model_id = ${modelId} and not is_placed`.execute(trx)
}

/** Clusters without faces that nobody said anything about. */
export async function removeEmptyClusters(db: Db): Promise<void> {
  await sql`delete from people p where p.name is null and not p.is_kept and not p.is_hidden and p.merged_into is null
    and not exists (select 1 from faces f where f.person_id = p.id)`.execute(db)
}

export interface NewQuestion {
  readonly face: number | null
  readonly other: number | null
  readonly person: number
  readonly distance: number
  readonly usefulness: number
}

/** Adds to the questions, or replaces those that were not put off. What was answered is asked no more. */
export async function saveQuestions(trx: Trx, questions: readonly NewQuestion[], isAnew: boolean): Promise<void> {
  if (isAnew) await trx.deleteFrom('people_questions').where('skipped_at', 'is', null).execute()
  await sql`
    insert into people_questions (face_id, other_id, person_id, distance, usefulness)
    select q.face, q.other, q.person, q.distance, q.usefulness
    from jsonb_to_recordset(${JSON.stringify(questions)}::jsonb)
      as q (face integer, other integer, person integer, distance real, usefulness real)
    join people p on p.id = q.person and p.merged_into is null
    left join people o on o.id = q.other
    where (q.face is null or exists (select 1 from faces f where f.id = q.face and f.person_id is null))
      and (q.other is null or (o.id is not null and o.merged_into is null))
      and not exists (select 1 from face_rejections r where r.face_id = q.face and r.person_id = q.person)
      and not exists (select 1 from people_apart a
        where a.person_id_1 = least(q.other, q.person) and a.person_id_2 = greatest(q.other, q.person))
    on conflict (face_id, other_id, person_id) do update set distance = excluded.distance, usefulness = excluded.usefulness`.execute(trx)
}

/** How many faces of each model there were when all were clustered anew. */
export async function readLast(db: Db): Promise<Readonly<Record<string, number>>> {
  return ((await readSetting(db, LAST_KEY)) as Record<string, number> | undefined) ?? {}
}

export async function saveLast(db: Db, last: Readonly<Record<string, number>>): Promise<void> {
  await saveSetting(db, LAST_KEY, last)
}

/** A person asked for all to be clustered anew; kept until it is done. */
export async function isAnewWanted(db: Db): Promise<boolean> {
  return (await readSetting(db, ANEW_KEY)) !== undefined
}

export async function setAnewWanted(db: Db, isWanted: boolean): Promise<void> {
  if (isWanted) await saveSetting(db, ANEW_KEY, true)
  else await db.deleteFrom('settings').where('key', '=', ANEW_KEY).execute()
}
