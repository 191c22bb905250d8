/** @file Reads and writes what actions on people change, row by row, and the journal their undo reads. */

import { sql } from 'kysely'
import { toIntegers } from '../../db/arrays.ts'
import type { DbOrTrx, Trx } from '../../db/client.ts'
import type { FaceLink, FaceNamer, PeopleChange, PersonState } from '../../db/tables/groups.ts'

export interface LinkedFace extends FaceLink {
  readonly id: number
  readonly photo: number
}

const toArray = (ids: readonly number[]) => toIntegers(ids)

/** Those of these faces that exist, held until the transaction ends. */
export async function readLinks(trx: Trx, ids: readonly number[]): Promise<LinkedFace[]> {
  const { rows } = await sql<{ id: number; photo: number; person: number | null; namedBy: FaceNamer | null }>`
    select id, photo_id as photo, person_id as person, named_by as "namedBy" from faces where id = any (${toArray(ids)}) order by id for update`.execute(
    trx,
  )
  return rows
}

/** A face that is nobody’s any more is looked at again by the clustering. */
export async function writeLink(trx: Trx, ids: readonly number[], { person, namedBy }: FaceLink): Promise<void> {
  await sql`update faces set person_id = ${person}, named_by = ${namedBy}, is_placed = ${person !== null}
    where id = any (${toArray(ids)})`.execute(trx)
}

export async function readFaceIds(trx: Trx, person: number): Promise<number[]> {
  const rows = await trx.selectFrom('faces').select('id').where('person_id', '=', person).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

export async function readPhotoIds(trx: DbOrTrx, person: number): Promise<number[]> {
  const rows = await trx.selectFrom('faces').select('photo_id').distinct().where('person_id', '=', person).execute()
  return rows.map(({ photo_id }) => photo_id)
}

/** Held until the transaction ends; ask for several in one call, so that two actions never wait for each other. */
export async function readPersons(trx: Trx, ids: readonly number[]): Promise<Map<number, PersonState>> {
  const { rows } = await sql<PersonState & { id: number }>`
    select id, name, is_hidden as "isHidden", is_kept as "isKept", merged_into as "mergedInto", cover_face_id as cover
    from people where id = any (${toArray(ids)}) order by id for update`.execute(trx)
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}

export async function writePerson(trx: Trx, id: number, state: Partial<PersonState>): Promise<void> {
  const columns = {
    ...(state.name === undefined ? {} : { name: state.name }),
    ...(state.isHidden === undefined ? {} : { is_hidden: state.isHidden }),
    ...(state.isKept === undefined ? {} : { is_kept: state.isKept }),
    ...(state.mergedInto === undefined ? {} : { merged_into: state.mergedInto }),
    ...(state.cover === undefined ? {} : { cover_face_id: state.cover }),
  }
  await trx.updateTable('people').set(columns).where('id', '=', id).execute()
}

export interface Namesake {
  readonly id: number
  readonly mergedInto: number | null
}

/** Everybody of this name, however it is capitalised, also those that were merged. */
export async function findNamesakes(trx: Trx, name: string): Promise<Namesake[]> {
  const { rows } = await sql<Namesake>`
    select id, merged_into as "mergedInto" from people where lower(name) = lower(${name}) order by merged_into nulls first, id for update`.execute(
    trx,
  )
  return rows
}

export async function addPerson(trx: Trx, name: string | null, mergedInto: number | null = null): Promise<number> {
  const { id } = await trx
    .insertInto('people')
    .values({ name, merged_into: mergedInto, is_kept: true })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** People merged into this one. */
export async function readMergedInto(trx: Trx, person: number): Promise<number[]> {
  const rows = await trx.selectFrom('people').select('id').where('merged_into', '=', person).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

/** @returns whether that is another word than before */
export async function writeRejection(trx: Trx, face: number, person: number, isRejected: boolean): Promise<boolean> {
  const { rows } = isRejected
    ? await sql`insert into face_rejections (face_id, person_id) values (${face}, ${person}) on conflict do nothing returning 1`.execute(
        trx,
      )
    : await sql`delete from face_rejections where face_id = ${face} and person_id = ${person} returning 1`.execute(trx)
  return rows.length > 0
}

export async function readRejecting(trx: Trx, person: number): Promise<number[]> {
  const rows = await trx.selectFrom('face_rejections').select('face_id').where('person_id', '=', person).orderBy('face_id').execute()
  return rows.map(({ face_id }) => face_id)
}

/** @returns whether that is another word than before */
export async function writeApart(trx: Trx, [a, b]: readonly [number, number], isApart: boolean): Promise<boolean> {
  const [one, two] = a < b ? [a, b] : [b, a]
  const { rows } = isApart
    ? await sql`insert into people_apart values (${one}, ${two}) on conflict do nothing returning 1`.execute(trx)
    : await sql`delete from people_apart where person_id_1 = ${one} and person_id_2 = ${two} returning 1`.execute(trx)
  return rows.length > 0
}

/** Who is not the same as this person. */
export async function readApart(trx: Trx, person: number): Promise<number[]> {
  const { rows } = await sql<{ other: number }>`
    select person_id_2 as other from people_apart where person_id_1 = ${person}
    union select person_id_1 from people_apart where person_id_2 = ${person} order by 1`.execute(trx)
  return rows.map(({ other }) => other)
}

export async function writeJournal(trx: Trx, editId: number, changes: readonly PeopleChange[]): Promise<void> {
  const rows = changes.map((change, position) => ({ position, change }))
  await sql`insert into people_changes (edit_id, position, change)
    select ${editId}::integer, position, change from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (position integer, change jsonb)`.execute(
    trx,
  )
}

/** In the order they were made. */
export async function readJournal(trx: DbOrTrx, editId: number): Promise<PeopleChange[]> {
  const rows = await trx.selectFrom('people_changes').select('change').where('edit_id', '=', editId).orderBy('position').execute()
  return rows.map(({ change }) => change)
}
