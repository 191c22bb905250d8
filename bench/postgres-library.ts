/** @file A library of very many photos on a PostgreSQL server: some made one by one, the others copies of them with other ids and vectors. */
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Db, openDatabase } from '../src/db/client.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { ensureSpace, ensureVectorIndex, toVectorText } from '../src/db/vector.ts'
import { applySearchLanguage } from '../src/document/store.ts'
import { makeRandom } from './random.ts'
import { type AskedLibrary, BUILD, JITTER, readRealVectors } from './search-library.ts'
import { addRows, makeNames } from './search-rows.ts'
import { type RealVectors, WIDTH } from './standin-vectors.ts'

/** Photos made one by one; what is in their documents follows the same laws as in the embedded bench. */
const BASE = 10_000
/** Vectors of noise; two of them go into each vector, so no two photos are alike. */
const NOISES = 2000
/** Rows per statement; whole copies of the base, or ids between two statements would be missing. */
const CHUNK = 12 * BASE
/** Statements at the same time: Postgres neither inserts nor builds an index of words with several workers. */
const LANES = 2

export interface PostgresLibrary extends AskedLibrary, AsyncDisposable {
  readonly base: number
  /** deletes it for good; it must be closed */
  readonly drop: () => Promise<void>
  /** seconds of each part of the build */
  readonly built: readonly (readonly [string, number])[]
}

/** @param withIndex builds the database’s own index of vectors too: a quarter of an hour for a million */
export async function openPostgresLibrary(
  url: string,
  count: number,
  withIndex: boolean,
  log: (line: string) => void,
): Promise<PostgresLibrary> {
  const root = join(tmpdir(), `fototeca-bench-search-${BUILD}`)
  await mkdir(root, { recursive: true })
  const real = await readRealVectors(join(root, 'real.json'))
  const name = `fototeca_bench_${BUILD}_${count}${withIndex ? '_indexed' : ''}`
  const built = await makeOnce(url, name, (db) => build(db, count, withIndex, real, log))
  const open = await openDatabase({ dataDir: root, databaseUrl: nameDatabase(url, name) })
  await migrateToLatest(open.db)
  const { id: spaceId } = await open.db.selectFrom('spaces').select('id').executeTakeFirstOrThrow()
  return {
    ...{ db: open.db, real, spaceId, built, base: Math.min(BASE, count), ...makeNames() },
    drop: async () => {
      await using server = await openDatabase({ dataDir: tmpdir(), databaseUrl: url })
      await sql`drop database ${sql.ref(name)} with (force)`.execute(server.db)
    },
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  }
}

/** A database gets its name when it is whole. */
async function makeOnce(url: string, name: string, make: (db: Db) => Promise<[string, number][]>): Promise<[string, number][]> {
  await using server = await openDatabase({ dataDir: tmpdir(), databaseUrl: url })
  const { rows } = await sql`select 1 from pg_database where datname = ${name}`.execute(server.db)
  if (rows.length > 0) return []
  await sql`drop database if exists ${sql.ref(`${name}_new`)} with (force)`.execute(server.db)
  await sql`create database ${sql.ref(`${name}_new`)}`.execute(server.db)
  const built = await (async () => {
    await using open = await openDatabase({ dataDir: tmpdir(), databaseUrl: nameDatabase(url, `${name}_new`) })
    return await make(open.db)
  })()
  await sql`alter database ${sql.ref(`${name}_new`)} rename to ${sql.ref(name)}`.execute(server.db)
  return built
}

function nameDatabase(url: string, name: string): string {
  const named = new URL(url)
  named.pathname = `/${name}`
  return named.href
}

async function build(
  db: Db,
  count: number,
  withIndex: boolean,
  real: RealVectors,
  log: (line: string) => void,
): Promise<[string, number][]> {
  const times: [string, number][] = []
  const timed = async (label: string, work: () => Promise<unknown>) => {
    const started = performance.now()
    await work()
    const seconds = (performance.now() - started) / 1000
    times.push([label, seconds])
    log(`${label}: ${Math.round(seconds)} s`)
  }
  const base = Math.min(BASE, count)
  await migrateToLatest(db)
  await applySearchLanguage(db, 'english')
  await timed('photos made one by one', () => addRows(db, base, makeNames(), () => {}))
  const indexes = await dropIndexes(db)
  await timed('copies', () => copyRows(db, base, count))
  const spaceId = await ensureSpace(db, { name: `bench/${WIDTH}`, width: WIDTH, hasText: true }, 'bench')
  await timed('vectors', () => addVectors(db, spaceId, count, real))
  await timed('other indexes', () => inLanes(indexes.map((index) => () => makeIndex(db, index))))
  if (withIndex) await timed('index of vectors', () => ensureVectorIndex(db, spaceId))
  // the vectors in memory are asked of a space that has its index
  else await db.updateTable('spaces').set({ indexed_at: new Date() }).where('id', '=', spaceId).execute()
  await timed('statistics', () => sql`vacuum analyze`.execute(db))
  return times
}

/** Tables whose rows are copied, and the column that holds the id of the photo. */
const COPIED = [
  ['photos', 'id'],
  ['photo_files', 'photo_id'],
  ['photo_colours', 'photo_id'],
  ['photo_tags', 'photo_id'],
  ['ocr_texts', 'photo_id'],
  ['photo_metadata', 'photo_id'],
  ['faces', 'photo_id'],
  ['photo_categories', 'photo_id'],
  ['document_facts', 'photo_id'],
  ['search_documents', 'photo_id'],
] as const
/** Columns of copies that must differ; `n` is what is added to the id. */
const CHANGED: Readonly<Record<string, string>> = {
  'photos.sha256': "encode(sha256((t.id + n)::text::bytea), 'hex')",
  'photos.sort_at': 't.sort_at + make_interval(secs => n::float8 / 1000)',
  'photo_files.path': "n || '/' || t.path",
  'document_facts.facts': "jsonb_set(t.facts::jsonb, '{id}', to_jsonb(t.photo_id + n))::json",
}

async function copyRows(db: Db, base: number, count: number): Promise<void> {
  await inLanes(
    COPIED.map(
      ([table, key]) =>
        () =>
          copyTable(db, table, key, base, count),
    ),
  )
  await sql`insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance)
    select id - 1, id, 'same-picture', 2 from photos where id > ${base} and id % 30 = 0`.execute(db)
  await sql`select setval(pg_get_serial_sequence('photos', 'id'), (select max(id) from photos))`.execute(db)
}

async function copyTable(db: Db, table: string, key: string, base: number, count: number): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns where table_name = ${table} and table_schema = 'public'
    and is_generated = 'NEVER' and not (column_name = 'id' and ${table} <> 'photos') order by ordinal_position`.execute(db)
  const values = rows.map(({ name }) => (name === key ? `t.${name} + n` : (CHANGED[`${table}.${name}`] ?? `t.${name}`)))
  for (let from = base; from < count; from += CHUNK)
    await db.transaction().execute(async (trx) => {
      // keys are right by the way they are made: looking each up would take most of the time
      await sql`set local session_replication_role = replica`.execute(trx)
      // copy after copy, so that keys grow: in any other order pages of the index would be read and written again and again
      await sql`insert into ${sql.ref(table)} (${sql.join(rows.map(({ name }) => sql.ref(name)))}) overriding system value
        select ${sql.raw(values.join(', '))}
        from generate_series(${from}::integer, ${Math.min(count, from + CHUNK) - base}::integer, ${base}::integer) n,
          lateral (select * from ${sql.ref(table)} where ${sql.ref(key)} <= ${base} and n is not null order by ${sql.ref(key)}) t`.execute(
        trx,
      )
    })
}

/** Indexes of the tables that are filled, but for those that keep keys. @returns how they are made */
async function dropIndexes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string; made: string }>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as made
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid::regclass::text in (${sql.join([...COPIED.map(([table]) => table), 'embeddings'])})
      and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`.execute(db)
  for (const { name } of rows) await sql`drop index ${sql.ref(name)}`.execute(db)
  // that of words takes longest, and is built by one worker: it goes first
  return rows.map(({ made }) => made).sort((a, b) => Number(b.includes('USING gin')) - Number(a.includes('USING gin')))
}

async function makeIndex(db: Db, made: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`set local maintenance_work_mem = '1GB'`.execute(trx)
    await sql.raw(made).execute(trx)
  })
}

async function inLanes(jobs: readonly (() => Promise<unknown>)[]): Promise<void> {
  const waiting = [...jobs]
  const lane = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job()
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** Between two real pictures, off the line by noise; unit length. The server makes them, so that none travels. */
async function addVectors(db: Db, spaceId: number, count: number, { images }: RealVectors): Promise<void> {
  const random = makeRandom(11)
  const noises = Array.from({ length: NOISES }, () =>
    Float32Array.from({ length: WIDTH }, () => (random.normal() * JITTER) / Math.sqrt(2 * WIDTH)),
  )
  for (const [table, vectors] of [
    ['bench_real', images],
    ['bench_noise', noises],
  ] as const) {
    await sql`create table ${sql.ref(table)} (i integer primary key, v vector)`.execute(db)
    await sql`insert into ${sql.ref(table)} select i - 1, v::vector
      from jsonb_array_elements_text(${JSON.stringify(vectors.map(toVectorText))}::jsonb) with ordinality as r (v, i)`.execute(db)
  }
  const times = (share: string) => sql.raw(`array_fill(${share}, array[${WIDTH}])::vector`)
  const chunk = (from: number) => sql`
    insert into embeddings (space_id, photo_id, embedding)
    select ${spaceId}, d.id, l2_normalize(a.v * ${times('1 - d.t')} + b.v * ${times('d.t')} + m.v + n.v)
    from (select id, floor(random() * ${images.length})::int as a, floor(random() * ${images.length})::int as b,
      floor(random() * ${NOISES})::int as m, floor(random() * ${NOISES})::int as n, (random() ^ 2 * 0.5)::real as t
      from generate_series(${from}::integer, ${Math.min(count, from + CHUNK - 1)}::integer) id offset 0) d
    join bench_real a on a.i = d.a join bench_real b on b.i = d.b join bench_noise m on m.i = d.m join bench_noise n on n.i = d.n`
  await inLanes(Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => () => chunk(1 + i * CHUNK).execute(db)))
  await sql`drop table bench_real, bench_noise`.execute(db)
}
