/**
 * @file A library of which half is hidden, and one that never held that half: the same photos under the same ids, so that answers can be compared.
 * Each photo that is seen has a hidden twin with the same facts; hidden ones have words, people, and groups of their own besides.
 */
import { sql } from 'kysely'
import type { Db } from '../../src/db/client.ts'
import { emptySearchDocuments } from '../../src/document/store.ts'
import type { Visibility } from '../../src/domain/visibility.ts'
import { addPhoto } from './library.ts'
import { addVectors, unit } from './search.ts'

/** Hidden photos are the newest by id, and lie between the others by day. */
export const HIDDEN = 9000
export const SEEN = 24

export const HALF: Visibility = { key: 'half', allowed: (photo) => sql`${sql.ref(`${photo}.id`)} < ${sql.lit(HIDDEN)}` }

const isAway = (i: number) => i >= 13 && i <= 17

async function nextId(db: Db, table: string, id: number): Promise<void> {
  await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${id}, false)`.execute(db)
}

/** @param isWhole with the half that is hidden */
export async function fillLibrary(db: Db, isWhole: boolean): Promise<void> {
  const numbers = Array.from({ length: SEEN }, (_, i) => i + 1)
  const all = isWhole ? [...numbers, ...numbers.map((i) => HIDDEN + i)] : numbers
  const held = (ids: readonly number[]) => ids.filter((id) => all.includes(id))
  await sql`insert into sources (id, kind, path) overriding system value values (50, 'folder', '/photos'), (51, 'folder', '/more')`.execute(
    db,
  )
  await sql`insert into people (id, name) overriding system value values (1, 'Anna Berg'), (2, 'Bo')`.execute(db)
  if (isWhole) await sql`insert into people (id, name) overriding system value values (901, 'Harry Hidden'), (902, null)`.execute(db)
  await sql`insert into people (id, name) overriding system value values (3, null)`.execute(db)
  await sql`insert into categories (id, name) overriding system value values (70, 'Pets'), (71, 'Night')`.execute(db)
  await sql`insert into tag_category_mappings (tag, category_id) values ('dog', 70), ('lamp', 71)`.execute(db)
  for (const id of all) {
    const i = id % HIDDEN
    const isHidden = id >= HIDDEN
    await nextId(db, 'photos', id)
    await nextId(db, 'faces', id * 10)
    await addPhoto(db, {
      filename: `${i % 3 === 0 ? 'harbour' : 'garden'}-${id}.jpg`,
      // five days away, which are a trip
      day: isAway(i) ? `2024-08-0${i - 10}` : `2024-0${1 + (i % 6)}-1${i % 10}`,
      tags: [
        ...(i % 3 === 0 ? ['dog', 'beach'] : ['flower']),
        ...(i % 4 === 0 ? ['lamp'] : []),
        ...(isHidden ? ['submarine', 'zeppelin'] : []),
      ],
      ...(i % 5 === 0 ? { text: isHidden ? 'receipt total smuggled' : 'receipt total' } : {}),
      people: [...(i % 2 === 0 ? ['Anna Berg'] : []), ...(isHidden && i % 4 === 1 ? ['Harry Hidden'] : [])],
      colours: i % 2 === 0 ? ['blue'] : ['green'],
      metadata: {
        camera_model: isHidden && i % 2 === 0 ? 'SpyCam' : 'NIKON Z 6',
        city: isHidden && i % 3 === 1 ? 'Area' : 'Oslo',
        country: 'Norway',
        latitude: isAway(i) ? 41.9 : 59.9,
        longitude: isAway(i) ? 12.5 : 10.7,
        rating: (i % 5) + 1,
      },
      format: isHidden && i % 2 === 1 ? 'heic' : 'jpeg',
      state: i === 20 ? 'failed' : i === 19 ? 'partial' : 'completed',
    })
    await sql`update photos set sha256 = ${String(id).padStart(64, '0')}, created_at = '2026-01-01', taken_at = sort_at,
      taken_local = sort_at at time zone 'UTC', trashed_at = ${i >= 22 ? '2026-02-01' : null}::timestamptz where id = ${id}`.execute(db)
    await sql`insert into photo_files (id, photo_id, source_id, path, filename, bytes, modified_ms) overriding system value
      values (${id}, ${id}, ${i % 2 === 0 ? 50 : 51}, ${`p/${id}.jpg`}, ${`${id}.jpg`}, 1000, 1)`.execute(db)
    if (i % 8 === 0)
      // the same bytes twice
      await sql`insert into photo_files (id, photo_id, source_id, path, filename, bytes, modified_ms) overriding system value
        values (${id + 20_000}, ${id}, 51, ${`copy/${id}.jpg`}, 'copy.jpg', 1000, 1)`.execute(db)
    await sql`insert into photo_steps (photo_id, step, version, lane, state, finished_at, duration_ms, reason) values
      (${id}, 'prepare', 1, 'analyse', ${i === 20 ? 'failed' : 'done'}, '2026-01-01', 5, ${i === 20 ? '{"code":"text","params":{"text":"broken"}}' : null}),
      (${id}, 'ocr', 1, 'analyse', ${i === 19 ? 'failed' : 'done'}, '2026-01-01', 7, ${i === 19 ? '{"code":"text","params":{"text":"no ink"}}' : null})`.execute(
      db,
    )
    await sql`insert into cluster_photos (photo_id, cluster_id, similarity) values (${id}, null, 0.5)`.execute(db)
  }
  await sql`insert into file_problems (file_id, kind, reason) select f.id, 'damaged', 'its bytes differ' from photo_files f
    where f.photo_id % 1000 in (11, 12)`.execute(db)
  await sql`update file_problems set found_at = '2026-01-01', checked_at = '2026-01-01'`.execute(db)
  await sql`insert into descriptions (photo_id, said_by, models, description, primary_category, scene_type, cluster_name, tags, created_at)
    select id, 'fake/d@1', array['d'], 'A quiet garden', 'nature', 'outdoor', 'Gardens', array['garden'], '2026-01-01' from photos
    where id % 1000 in (1, 2)`.execute(db)

  await db.transaction().execute((trx) =>
    emptySearchDocuments(
      trx,
      all.filter((id) => id % HIDDEN >= 22),
    ),
  )

  // a person of whom only hidden photos tell, one whose best face is hidden, and questions about both
  await sql`update faces set quality = 0.99 where photo_id > ${HIDDEN}`.execute(db)
  await sql`update faces set person_id = 3 where id in (40, 80) or (photo_id = ${HIDDEN + 4} and person_id = 1)`.execute(db)
  await sql`update faces set person_id = 902 where photo_id = ${HIDDEN + 8}`.execute(db)
  await sql`update people set cover_face_id = (select max(id) from faces where person_id = 1 and photo_id > ${HIDDEN}) where id = 1`.execute(
    db,
  )
  await sql`update faces set person_id = null where id = 120 or photo_id = ${HIDDEN + 12}`.execute(db)
  await sql`insert into people_questions (id, face_id, other_id, person_id, distance, usefulness) overriding system value
    values (5, 120, null, 1, 0.4, 1), (6, null, 3, 1, 0.3, 0.9)`.execute(db)
  if (isWhole)
    await sql`insert into people_questions (id, face_id, other_id, person_id, distance, usefulness) overriding system value
      select 905, min(id), null::integer, 1, 0.4, 2 from faces where photo_id = ${HIDDEN + 12}
      union all select 906, 120, null, 901, 0.2, 3`.execute(db)

  // albums: the chosen cover is hidden; one of hidden photos alone; a saved search
  await sql`insert into albums (id, name, kind, search, made_at, changed_at, cover_photo_id) overriding system value values
    (1, 'Mixed', 'by-hand', null, '2026-01-01', '2026-01-01', ${isWhole ? HIDDEN + 2 : null}::integer),
    (2, 'Elsewhere', 'by-hand', null, '2026-01-01', '2026-01-01', null),
    (3, 'Dogs', 'by-search', '{"q":"","mode":"hybrid","all":false,"tag":["dog"]}', '2026-01-01', '2026-01-01', null)`.execute(db)
  const put = async (album: number, ids: readonly number[]) => {
    for (const [place, id] of held(ids).entries())
      await sql`insert into album_photos (album_id, photo_id, place) values (${album}, ${id}, ${id >= HIDDEN ? (id % 1000) - 0.5 : place})`.execute(
        db,
      )
  }
  await put(1, [1, 2, 3, 4, HIDDEN + 1, HIDDEN + 2, HIDDEN + 3])
  await put(2, [HIDDEN + 5, HIDDEN + 6])
  await put(
    3,
    all.filter((id) => (id % HIDDEN) % 3 === 0 && id % HIDDEN < 22),
  )
  await sql`update album_photos set place = 0 where album_id = 3`.execute(db)

  await sql`insert into clusters (id, name, said_by, made_at) overriding system value values (1, 'Gardens', 'facts', '2026-01-01'), (2, 'Harbour', 'facts', '2026-01-01')`.execute(
    db,
  )
  if (isWhole)
    await sql`insert into clusters (id, name, said_by, is_kept) overriding system value values (901, 'Bunkers', 'person', true)`.execute(db)
  await sql`update cluster_photos set cluster_id = 1, similarity = 0.9 - photo_id % 1000 / 100.0 where photo_id % 1000 between 1 and 8`.execute(
    db,
  )
  await sql`update cluster_photos set cluster_id = 2, similarity = 0.9 - photo_id % 1000 / 100.0 where photo_id in (9, 10, 11)`.execute(db)
  await sql`update cluster_photos set cluster_id = 901 where photo_id in (${sql.join([HIDDEN + 9, HIDDEN + 10])})`.execute(db)

  // pairs: both seen, one hidden, both hidden; a set that the hidden photo stands for shows none of the others
  const pair = async (a: number, b: number) => {
    if (held([a, b]).length === 2)
      await sql`insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance) values (${a}, ${b}, 'same-picture', 3)`.execute(db)
  }
  for (const [a, b] of [
    [1, 3],
    [3, 5],
    [2, HIDDEN + 2],
    [7, HIDDEN + 7],
    [9, HIDDEN + 9],
    [HIDDEN + 10, HIDDEN + 12],
  ] as const)
    await pair(a, b)
  const set = async (id: number, representative: number, members: readonly number[]) => {
    if (held([representative]).length === 0 || held(members).length === 0) return
    await sql`insert into duplicate_sets (id, kind, representative_id) overriding system value values (${id}, 'same-picture', ${representative})`.execute(
      db,
    )
    for (const member of held(members)) await sql`insert into duplicate_members (set_id, photo_id) values (${id}, ${member})`.execute(db)
  }
  await set(1, 3, [1, 5])
  await set(2, 2, [HIDDEN + 2])
  await set(3, HIDDEN + 7, [7])
  await set(4, HIDDEN + 10, [HIDDEN + 12])

  await addVectors(
    db,
    'builtin/look@1',
    all.map((id) => [id, unit(1, (id % HIDDEN) / 10, id >= HIDDEN ? 0.01 : 0)] as const),
  )
}
