/** @file Candidates by vector: pgvector’s HNSW with iterative scan, or exactly where few vectors are left; always re-sorted exactly. */
import { type RawBuilder, sql } from 'kysely'
import type { Db, DbOrTrx } from '../db/client.ts'
import type { VectorText } from '../db/tables/columns.ts'
import { demand, type Predicate } from './filters/filter.ts'
import type { Coverage } from './memory.ts'
import type { Candidate } from './ranking.ts'

/** Nearest photos that take part in a search: beyond, neighbours in a list of 100,000 are no longer alike. */
export const NEAREST = 200
/**
 * Nodes HNSW keeps in view; not below NEAREST. At 100,000 × 256 (100 text questions, index built with 200), at 200 / 240 / 280 / 400:
 * recall@10 .984 / .990 / .992 / .997, worst .8 each; of the nearest 50 .978 / .985 / .988 / .993; processor time 240 : 280 : 400 = 8.0 : 8.5 : 10.0.
 * On whole builds of the bench’s library 250 had a worst question of .5, 400 (an earlier build) of .9: what is saved is not worth it.
 */
const EF_SEARCH = 400
/** An exact look at so few vectors is faster than walking the index past those a filter drops. */
export const EXACT_BELOW = 4000
/** Vectors the iterative scan may look at before it gives up (pgvector’s default): a filter that keeps more than EXACT_BELOW never needs more. */
const MAX_SCAN_TUPLES = 20_000

export interface SpaceRow {
  readonly id: number
  readonly name: string
  readonly width: number
  readonly isIndexed: boolean
}

export async function readSpace(db: DbOrTrx, where: { id: number } | { namePrefix: string }): Promise<SpaceRow | undefined> {
  const row = await db
    .selectFrom('spaces')
    .select(['id', 'name', 'width', 'indexed_at'])
    .$if('id' in where, (query) => query.where('id', '=', 'id' in where ? where.id : 0))
    .$if('namePrefix' in where, (query) =>
      // the newest version of the built-in space
      query.where('name', 'like', 'namePrefix' in where ? `${where.namePrefix}%` : '').orderBy('id', 'desc'),
    )
    .limit(1)
    .executeTakeFirst()
  return row && { id: row.id, name: row.name, width: row.width, isIndexed: row.indexed_at !== null }
}

export async function readVector(db: DbOrTrx, spaceId: number, photoId: number): Promise<VectorText | undefined> {
  const row = await db
    .selectFrom('embeddings')
    .select('embedding')
    .where('space_id', '=', spaceId)
    .where('photo_id', '=', photoId)
    .executeTakeFirst()
  return row?.embedding
}

export async function countCoverage(db: DbOrTrx, spaceId: number): Promise<Coverage> {
  const { rows } = await sql<{ embedded: number; photos: number; never: number }>`
    select (select count(*)::int from embeddings where space_id = ${spaceId}) as embedded,
      (select count(*)::int from photos) as photos,
      (select count(*)::int from photo_steps where step = 'embedding' and state in ('failed', 'skipped')) as never`.execute(db)
  const row = rows[0] ?? { embedded: 0, photos: 0, never: 0 }
  return { embedded: row.embedded, possible: Math.max(row.embedded, row.photos - row.never) }
}

export interface VectorQuestion {
  readonly space: SpaceRow
  readonly vector: VectorText
  /** the only photos that may be found, if they were found out ahead; else `demands` is asked photo by photo */
  readonly kept: readonly number[] | null
  readonly demands: readonly Predicate[]
  readonly maxPhotoId: number
  /** left out of the answer: the photo one searches by */
  readonly exceptId: number | null
}

export async function findByVector(db: Db, question: VectorQuestion): Promise<Candidate[]> {
  if (await isBestExact(db, question)) return toCandidates((await nearestExactly(question).execute(db)).rows)
  return db.transaction().execute(async (trx) => {
    // for this transaction only; a server’s other connections keep theirs
    await sql`select set_config('hnsw.ef_search', ${String(EF_SEARCH)}, true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
      set_config('hnsw.max_scan_tuples', ${String(MAX_SCAN_TUPLES)}, true), set_config('enable_seqscan', 'off', true)`.execute(trx)
    return toCandidates((await nearestByIndex(question).execute(trx)).rows)
  })
}

async function isBestExact(db: Db, { space, kept, demands }: VectorQuestion): Promise<boolean> {
  if (!space.isIndexed) return true
  if (kept !== null) return kept.length <= EXACT_BELOW
  return demands.length > 0 && (await countKept(db, demands, EXACT_BELOW + 1)) <= EXACT_BELOW
}

export function hasVector(spaceId: number): Predicate {
  return (photo) =>
    sql`exists (select 1 from embeddings v where v.space_id = ${sql.lit(spaceId)} and v.photo_id = ${sql.ref(`${photo}.id`)})`
}

/** How many photos meet the demands, counted up to `limit`. */
async function countKept(db: DbOrTrx, demands: readonly Predicate[], limit: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select 1 from photos where ${demand(demands)} limit ${sql.lit(limit)}) kept`.execute(db)
  return rows[0]?.count ?? 0
}

interface NearRow {
  readonly id: number
  readonly distance: number
}

function nearestExactly({ space, vector, maxPhotoId, exceptId, kept, demands }: VectorQuestion): RawBuilder<NearRow> {
  const only =
    kept !== null
      ? sql`and e.photo_id = any (${`{${kept.join(',')}}`}::integer[])`
      : demands.length > 0
        ? sql`and exists (select 1 from photos where photos.id = e.photo_id and ${demand(demands)})`
        : sql``
  return sql<NearRow>`
    select e.photo_id as id, 1 + (e.embedding <#> ${vector}::vector) as distance
    from embeddings e
    where e.space_id = ${sql.lit(space.id)} and e.photo_id <= ${maxPhotoId} and e.photo_id <> ${exceptId ?? 0} ${only}
    order by distance, id desc limit ${sql.lit(NEAREST)}`
}

/** The index needs its own expression and predicate word for word: literal width and space. */
function nearestByIndex({ space, vector, maxPhotoId, exceptId, kept, demands }: VectorQuestion): RawBuilder<NearRow> {
  const asIndexed = sql`e.embedding::vector(${sql.lit(space.width)}) <#> ${vector}::vector(${sql.lit(space.width)})`
  const only =
    kept !== null
      ? sql`and e.photo_id + 0 = any (${`{${kept.join(',')}}`}::integer[])` // `+ 0`: hashed, see `isOneOf`
      : demands.length > 0
        ? sql`and exists (select 1 from photos where photos.id = e.photo_id and ${demand(demands)})`
        : sql``
  return sql<NearRow>`
    with nearest as materialized (
      select e.photo_id as id, ${asIndexed} as product from embeddings e
      where e.space_id = ${sql.lit(space.id)} and e.photo_id <= ${maxPhotoId} and e.photo_id <> ${exceptId ?? 0} ${only}
      order by ${asIndexed} limit ${sql.lit(NEAREST)}
    )
    select id, 1 + product as distance from nearest order by distance, id desc`
}

function toCandidates(rows: readonly NearRow[]): Candidate[] {
  return rows.map(({ id, distance }) => ({ id, distance }))
}
