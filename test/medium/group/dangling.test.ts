/** @file A photo that is deleted leaves nothing behind that speaks of it: no face, set, pair, cover, representative, vector or question, whatever table may come. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { toVectorText } from '../../../src/db/vector.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { addPhoto } from '../../support/library.ts'
import { addVectors, unit } from '../../support/search.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

/** Tables that speak of photos, faces, people, clusters, sets or albums that may be gone, and why that is right. */
const MAY_OUTLIVE: Readonly<Record<string, string>> = {
  'deleted_photos.photo_id': 'it is the list of those that are gone',
}
/** Columns that a trigger keeps right instead (ADR 20); whether it does is looked at below. */
const BY_TRIGGER = ['photo_categories.photo_id', 'stale_documents.photo_id']

interface Column {
  readonly table_name: string
  readonly column_name: string
}

it('every column that names a photo, a face, a person, a cluster, a set or an album is a foreign key, or kept by a trigger', async () => {
  const { rows } = await sql<Column>`
    select c.table_name, c.column_name from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
    where c.table_schema = 'public' and c.data_type in ('integer', 'bigint')
      and c.column_name ~ '(^|_)(photo|face|person|cluster|set|album|representative|other)_id(_[12])?$'
      and not exists (
        select 1 from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
        where k.contype = 'f' and k.conrelid = to_regclass(quote_ident(c.table_name)) and a.attname = c.column_name)
    order by 1, 2`.execute(database.db)
  expect(rows.map((row) => `${row.table_name}.${row.column_name}`).filter((name) => !(name in MAY_OUTLIVE))).toEqual(BY_TRIGGER)
})

it('a photo that is a cover, a representative and half of a pair goes with all of it, and the groups stay whole', async () => {
  const { db } = database
  const [gone, kept, other] = [await addPhoto(db, {}), await addPhoto(db, {}), await addPhoto(db, {})] as const
  await addVectors(
    db,
    'm1',
    [gone, kept, other].map((id, at) => [id, unit(1, at * 0.1)] as const),
  )
  const insertFace = (photo_id: number, person_id: number) =>
    db
      .insertInto('faces')
      .values({
        photo_id,
        person_id,
        named_by: 'person',
        x: 0,
        y: 0,
        width: 0.1,
        height: 0.1,
        landmarks: '[]',
        confidence: 1,
        quality: 1,
        vector: toVectorText(unit(1, 0)),
        model_id: 'm',
      })
      .returning('id')
      .executeTakeFirstOrThrow()
  const person = await db.insertInto('people').values({ name: 'Ada' }).returning('id').executeTakeFirstOrThrow()
  const face = await insertFace(gone, person.id)
  await insertFace(kept, person.id)
  await db.updateTable('people').set({ cover_face_id: face.id }).execute()
  await db.insertInto('people_questions').values({ face_id: face.id, person_id: person.id, distance: 0.5, usefulness: 1 }).execute()
  await db.insertInto('face_rejections').values({ face_id: face.id, person_id: person.id }).execute()
  await db
    .insertInto('duplicates')
    .values([
      { photo_id_1: gone, photo_id_2: kept, kind: 'edited', hamming_distance: 20 },
      { photo_id_1: kept, photo_id_2: other, kind: 'edited', hamming_distance: 20 },
    ])
    .execute()
  const sets = await db
    .insertInto('duplicate_sets')
    .values([
      { kind: 'edited', representative_id: gone },
      { kind: 'edited', representative_id: kept },
    ])
    .returning('id')
    .execute()
  await db
    .insertInto('duplicate_members')
    .values([
      { set_id: sets[0]?.id ?? 0, photo_id: kept },
      { set_id: sets[1]?.id ?? 0, photo_id: gone },
      { set_id: sets[1]?.id ?? 0, photo_id: other },
    ])
    .execute()
  const cluster = await db.insertInto('clusters').defaultValues().returning('id').executeTakeFirstOrThrow()
  await db
    .insertInto('cluster_photos')
    .values([gone, kept].map((photo_id) => ({ photo_id, cluster_id: cluster.id, similarity: 1 })))
    .execute()
  const album = await db
    .insertInto('albums')
    .values({ name: 'Trip', kind: 'by-hand', cover_photo_id: gone })
    .returning('id')
    .executeTakeFirstOrThrow()
  const [category] = await db.selectFrom('categories').select('id').limit(1).execute()
  for (const photo_id of [gone, kept]) {
    await db
      .insertInto('photo_categories')
      .values({ photo_id, category_id: category?.id ?? 0 })
      .execute()
    await db
      .insertInto('stale_documents')
      .values({ photo_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  await db.deleteFrom('photos').where('id', '=', gone).execute()

  const { rows } = await sql<Column & { target: string; key: string }>`
    select k.conrelid::regclass::text as table_name, a.attname as column_name, k.confrelid::regclass::text as target, f.attname as key
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    join pg_attribute f on f.attrelid = k.confrelid and f.attnum = k.confkey[1] where k.contype = 'f'`.execute(db)
  for (const { table_name, column_name, target, key } of rows) {
    const { rows: dangling } = await sql`
      select 1 from ${sql.raw(table_name)} t where t.${sql.ref(column_name)} is not null
        and not exists (select 1 from ${sql.raw(target)} o where o.${sql.ref(key)} = t.${sql.ref(column_name)})`.execute(db)
    expect([table_name, column_name, dangling.length]).toEqual([table_name, column_name, 0])
  }
  expect(await db.selectFrom('people').select(['name', 'cover_face_id']).execute()).toEqual([{ name: 'Ada', cover_face_id: null }])
  expect((await db.selectFrom('faces').select('photo_id').execute()).map((row) => row.photo_id)).toEqual([kept])
  expect(await db.selectFrom('people_questions').selectAll().execute()).toEqual([])
  expect(await db.selectFrom('duplicates').select(['photo_id_1', 'photo_id_2']).execute()).toEqual([
    { photo_id_1: kept, photo_id_2: other },
  ])
  expect(await db.selectFrom('duplicate_sets').select('representative_id').execute()).toEqual([{ representative_id: kept }])
  expect(await db.selectFrom('duplicate_members').select('photo_id').execute()).toEqual([{ photo_id: other }])
  expect((await db.selectFrom('cluster_photos').select('photo_id').execute()).map((row) => row.photo_id)).toEqual([kept])
  for (const table of ['photo_categories', 'stale_documents'] as const)
    expect(
      (await db.selectFrom(table).select('photo_id').where('photo_id', 'in', [gone, kept]).execute()).map((row) => row.photo_id),
    ).toEqual([kept])
  expect((await db.selectFrom('embeddings').select('photo_id').orderBy('photo_id').execute()).map((row) => row.photo_id)).toEqual([
    kept,
    other,
  ])
  expect(await db.selectFrom('albums').select(['id', 'cover_photo_id']).execute()).toEqual([{ id: album.id, cover_photo_id: null }])
})
