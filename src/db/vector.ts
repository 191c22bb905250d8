/**
 * @file Vectors in the database: pgvector’s text form, embedding spaces, and the index of a space.
 * Vectors are of unit length, so inner product orders like cosine. Each space has its own partial expression index:
 * a query must say `space_id = N` as a literal and cast `embedding::vector(width)` for Postgres to use it.
 */
import { sql } from 'kysely'
import { FototecaError } from '../domain/errors.ts'
import type { Db, DbOrTrx, Trx } from './client.ts'
import type { VectorText } from './tables/columns.ts'

/** pgvector’s HNSW takes at most this width for `vector`. Wider spaces are searched exactly. */
export const MAX_INDEXED_WIDTH = 2000
/**
 * Candidates HNSW weighs while it places a vector. At 100,000 real, clustered vectors of width 256 and questions from a text tower,
 * recall@10 (mean / worst of 80) at ef_search 400 was .950 / .6 with pgvector’s default of 64 and .998 / .9 with 200; the build takes
 * 2.6 × as long (156 CPU seconds).
 */
const EF_CONSTRUCTION = 200
/** Below this an exact scan (5.5 µs a row) is faster than any index; loading first and indexing after is 4 × cheaper than inserting into one. */
export const INDEX_FROM_VECTORS = 2000

export interface Space {
  readonly name: string
  readonly width: number
  readonly hasText: boolean
}

export function toVectorText(vector: Float32Array): VectorText {
  return `[${vector.join(',')}]`
}

export function fromVectorText(text: VectorText): Float32Array {
  return Float32Array.from(JSON.parse(text) as number[])
}

/** The space’s id; made at the first call. A name stands for one width for ever. */
export async function ensureSpace(db: DbOrTrx, space: Space, modelId: string): Promise<number> {
  const find = () => db.selectFrom('spaces').select(['id', 'width']).where('name', '=', space.name).executeTakeFirst()
  let row = await find()
  if (!row) {
    await db
      .insertInto('spaces')
      .values({ name: space.name, model_id: modelId, width: space.width, has_text: space.hasText })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    row = await find()
  }
  if (!row) throw new FototecaError('internal', `the space ${space.name} vanished while it was made`)
  if (row.width !== space.width)
    throw new FototecaError('internal', `the space ${space.name} holds vectors of width ${row.width}, this model gives ${space.width}`)
  return row.id
}

/** Replaces the photo’s vector in this space. @param digest of the text, where a text was embedded */
export async function saveEmbedding(
  trx: Trx,
  spaceId: number,
  photoId: number,
  vector: Float32Array,
  digest: string | null = null,
): Promise<void> {
  if (!vector.every(Number.isFinite))
    throw new FototecaError('model_failed', 'the model answered a vector with values that are not numbers')
  const embedding = toVectorText(vector)
  await trx
    .insertInto('embeddings')
    .values({ space_id: spaceId, photo_id: photoId, embedding, digest })
    .onConflict((conflict) =>
      conflict.columns(['space_id', 'photo_id']).doUpdateSet({ embedding, digest, changed_in: sql`pg_current_xact_id()` }),
    )
    .execute()
  // its look-alikes are to be found again
  await trx.deleteFrom('compared_photos').where('photo_id', '=', photoId).where('space_id', '=', spaceId).execute()
}

export function vectorIndexName(spaceId: number): string {
  return `embeddings_space_${spaceId}`
}

/** Vectors deleted per transaction, so that searches get their turn between. */
const DROP_BATCH = 5000

/** Deletes a space with its vectors and its index. An interrupted drop is finished by the next one. */
export async function dropSpace(db: Db, spaceId: number): Promise<void> {
  await sql`drop index if exists ${sql.ref(vectorIndexName(spaceId))}`.execute(db)
  // without its index it must not be asked through it
  await db.updateTable('spaces').set({ indexed_at: null }).where('id', '=', spaceId).execute()
  for (;;) {
    const { rows } = await sql<{ photo_id: number }>`
      delete from embeddings where space_id = ${spaceId} and photo_id in (
        select photo_id from embeddings where space_id = ${spaceId} limit ${DROP_BATCH}) returning photo_id`.execute(db)
    if (rows.length < DROP_BATCH) break
  }
  await db.deleteFrom('spaces').where('id', '=', spaceId).execute()
}

/**
 * Makes the space’s index once that pays. Safe to call again, from two processes, and after a crash in the middle:
 * the build is one transaction, and `indexed_at` is only written with it.
 * @returns whether the space has its index now
 */
export async function ensureVectorIndex(db: Db, spaceId: number): Promise<boolean> {
  const space = await db.selectFrom('spaces').select(['width', 'indexed_at']).where('id', '=', spaceId).executeTakeFirst()
  if (!space || space.width > MAX_INDEXED_WIDTH) return false
  if (space.indexed_at !== null) return true
  const { count } = await db
    .selectFrom('embeddings')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('space_id', '=', spaceId)
    .executeTakeFirstOrThrow()
  if (count < INDEX_FROM_VECTORS) return false
  try {
    await buildVectorIndex(db, spaceId, space.width, count, true)
  } catch (error) {
    // workers share their memory through a file system that may be small (64 MB in a container): one alone needs none
    if (!SHORT_OF_MEMORY.has((error as { code?: string }).code ?? '')) throw error
    await buildVectorIndex(db, spaceId, space.width, count, false)
  }
  return true
}

/** disk_full, out_of_memory */
const SHORT_OF_MEMORY: ReadonlySet<string> = new Set(['53100', '53200'])

async function buildVectorIndex(db: Db, spaceId: number, width: number, count: number, isParallel: boolean): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // the graph must fit, or the build falls back to inserting into the index: about 1.3 × the vectors plus 400 bytes of links a row
    const neededMb = Math.ceil((count * (width * 4 * 1.3 + 400)) / 2 ** 20)
    const memoryMb = Math.min(await readMaxBuildMb(trx), Math.max(64, neededMb))
    await sql`select set_config('maintenance_work_mem', ${`${memoryMb}MB`}, true)`.execute(trx)
    if (!isParallel) await sql`set local max_parallel_maintenance_workers = 0`.execute(trx)
    await sql`create index if not exists ${sql.ref(vectorIndexName(spaceId))} on embeddings
      using hnsw ((embedding::vector(${sql.lit(width)})) vector_ip_ops)
      with (m = 16, ef_construction = ${sql.lit(EF_CONSTRUCTION)}) where space_id = ${sql.lit(spaceId)}`.execute(trx)
    await trx.updateTable('spaces').set({ indexed_at: new Date() }).where('id', '=', spaceId).execute()
  })
}

/** In PGlite, compiled by emcc, 512 MB; on a server half of what it says it has for caches (`effective_cache_size`, 4 GB unless set). */
async function readMaxBuildMb(trx: Trx): Promise<number> {
  const { rows } = await sql<{ mb: number }>`
    select (case when version() like '%emcc%' then 512
      else greatest(512, pg_size_bytes(current_setting('effective_cache_size')) / 2 / 1048576) end)::integer as mb`.execute(trx)
  return rows[0]?.mb ?? 512
}
