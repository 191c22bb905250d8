/**
 * @file Candidates by vector: the nearest of all by the vectors in memory, by pgvector’s HNSW with iterative scan where those are not there,
 * or exactly where few are left; always sorted by what their whole vectors say.
 */

import { type RawBuilder, sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { fromVectorText, toVectorText } from '../db/vector.ts'
import { isAllowed, isAllowedId, isKeptId, withoutShown } from '../db/visible.ts'
import { IdSet } from '../domain/search/id-set.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import type { Coverage } from './coverage.ts'
import { demand } from './filters/filter.ts'
import type { Candidate } from './ranking.ts'
import { readMatching } from './store-list.ts'
import type { NearRows } from './vectors/row-table.ts'

/** Nearest photos that take part in a search: beyond, neighbours in a list of 100,000 are no longer alike. */
export const NEAREST = 200
/**
 * Nodes HNSW keeps in view; not below NEAREST. At 100,000 × 256 (100 text questions, index built with 200), at 200 / 240 / 280 / 400:
 * recall@10 .984 / .990 / .992 / .997, worst .8 each; of the nearest 50 .978 / .985 / .988 / .993; processor time 240 : 280 : 400 = 8.0 : 8.5 : 10.0.
 * On whole builds of the bench’s library 250 had a worst question of .5, 400 (an earlier build) of .9: what is saved is not worth it.
 */
const EF_SEARCH = 400
/** An exact look at so few vectors is faster than walking the index past those a filter drops, however small the library. */
export const EXACT_BELOW = 4000
/**
 * Of n photos a filter keeps k: the index looks at NEAREST · n / k vectors until it has enough, an exact comparison at k, each at about half the
 * price. Both cost the same where k² is twice NEAREST · n: 20,000 of a million, where the index would also give up (MAX_SCAN_TUPLES).
 */
const exactBelow = (photos: number): number => Math.max(EXACT_BELOW, Math.sqrt(2 * NEAREST * photos))
/** A list of so many ids costs about 15 ms to carry; a filter that keeps more is cheap to walk past. */
const MAX_CARRIED = 50_000
/** Vectors the iterative scan may look at before it gives up (pgvector’s default): a filter that keeps more than `exactBelow` never needs more. */
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

export async function readVector(db: DbOrTrx, spaceId: number, photoId: number): Promise<Float32Array | undefined> {
  const row = await db
    .selectFrom('embeddings')
    .select('embedding')
    .where('space_id', '=', spaceId)
    .where('photo_id', '=', photoId)
    .executeTakeFirst()
  return row && fromVectorText(row.embedding)
}

export async function countCoverage(db: DbOrTrx, sees: Visibility, spaceId: number): Promise<Coverage> {
  const { rows } = await sql<{ embedded: number; photos: number; never: number }>`
    select (select count(*)::int from embeddings where space_id = ${spaceId} and ${isAllowedId(sees, 'photo_id')}) as embedded,
      -- a file that was refused never gets one
      (select count(*)::int from photos where removed_at is null and state <> 'failed' and ${isAllowed(sees, 'photos')}) as photos,
      (select count(*)::int from photo_steps s join photos p on p.id = s.photo_id
        where s.step = 'embedding' and s.state in ('failed', 'skipped') and p.removed_at is null and p.state <> 'failed' and ${isAllowed(sees, 'p')}) as never`.execute(
    db,
  )
  const row = rows[0] ?? { embedded: 0, photos: 0, never: 0 }
  return { embedded: row.embedded, possible: Math.max(row.embedded, row.photos - row.never) }
}

export interface VectorQuestion {
  readonly space: SpaceRow
  /** of unit length */
  readonly vector: Float32Array
  /** what is demanded of a photo, besides that it is not in the trash */
  readonly demands: readonly Predicate[]
  /** the photos that meet the demands, where they are known already */
  readonly kept: IdSet | null
  /** those that are not shown, where `kept` does not leave them out; undefined: not known */
  readonly hidden?: IdSet | undefined
  readonly maxPhotoId: number
  /** left out of the answer: the photo one searches by */
  readonly exceptId: number | null
  /** of the database, read before: what was written is not looked for where it is known to be the same */
  readonly state?: string
}

/** The nearest, picked by rounded vectors (`VectorIndex`); null where it cannot say, or not yet. */
export type FindNear = (question: Omit<VectorQuestion, 'demands' | 'hidden'> & { readonly count: number }) => Promise<NearRows | null>

/** So many more are asked of `FindNear`, so that none is missed for its rounding. */
const SPARE = 50

/** @param findNear null: the database alone answers */
export async function findByVector(db: Db, given: VectorQuestion, findNear: FindNear | null = null): Promise<Candidate[]> {
  const { space } = given
  const demands = withoutShown(given.demands)
  const kept = given.kept ?? (demands.length > 0 ? IdSet.of(await readMatching(db, demands)) : null)
  const question = { ...given, kept }
  const left = kept?.size ?? Number.POSITIVE_INFINITY
  if (!space.isIndexed || left <= NEAREST + SPARE) return findExactly(db, question)
  const near = findNear && (await findNear({ ...question, count: NEAREST + SPARE }))
  // the vectors in memory know nothing of the trash
  if (near?.distances && given.hidden) return sortNear(near.ids, near.distances, given.hidden)
  if (near) return findExactly(db, { ...question, kept: IdSet.of(near.ids) })
  return left <= exactBelow(given.maxPhotoId) ? findExactly(db, question) : findByIndex(db, question)
}

function sortNear(ids: Int32Array, distances: Float64Array, hidden: IdSet): Candidate[] {
  const near = Array.from(ids, (id, i) => ({ id, distance: distances[i] ?? 0 })).filter(({ id }) => !hidden.has(id))
  return near.sort((a, b) => a.distance - b.distance || b.id - a.id).slice(0, NEAREST)
}

async function findExactly(db: Db, question: VectorQuestion): Promise<Candidate[]> {
  return readCandidates(db, nearestExactly(question))
}

function findByIndex(db: Db, question: VectorQuestion): Promise<Candidate[]> {
  return db.transaction().execute(async (trx) => {
    // for this transaction only; a server’s other connections keep theirs
    await sql`select set_config('hnsw.ef_search', ${String(EF_SEARCH)}, true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
      set_config('hnsw.max_scan_tuples', ${String(MAX_SCAN_TUPLES)}, true), set_config('enable_seqscan', 'off', true)`.execute(trx)
    return readCandidates(trx, nearestByIndex(question))
  })
}

export function hasVector(spaceId: number): Predicate {
  return (photo) =>
    sql`exists (select 1 from embeddings v where v.space_id = ${sql.lit(spaceId)} and v.photo_id = ${sql.ref(`${photo}.id`)})`
}

interface NearRow {
  readonly id: number
  readonly distance: number
}

function nearestExactly({ space, vector, maxPhotoId, exceptId, kept, demands }: VectorQuestion): RawBuilder<NearRow> {
  const only =
    kept === null
      ? sql`and ${isKeptId('e.photo_id')}`
      : kept.size <= MAX_CARRIED
        ? // the vectors in memory know nothing of the trash
          sql`and e.photo_id = any (${toIntegers(kept.toArray())}) and ${isKeptId('e.photo_id')}`
        : sql`and exists (select 1 from photos where photos.id = e.photo_id and ${demand(demands)})`
  return sql<NearRow>`
    select e.photo_id as id, 1 + (e.embedding <#> ${toVectorText(vector)}::vector) as distance
    from embeddings e
    where e.space_id = ${sql.lit(space.id)} and e.photo_id <= ${maxPhotoId} and e.photo_id <> ${exceptId ?? 0} ${only}
    order by distance, id desc limit ${sql.lit(NEAREST)}`
}

/** The index needs its own expression and predicate word for word: literal width and space. */
function nearestByIndex({ space, vector, maxPhotoId, exceptId, kept, demands }: VectorQuestion): RawBuilder<NearRow> {
  const asIndexed = sql`e.embedding::vector(${sql.lit(space.width)}) <#> ${toVectorText(vector)}::vector(${sql.lit(space.width)})`
  const only =
    kept === null
      ? sql`and ${isKeptId('e.photo_id')}`
      : kept.size <= MAX_CARRIED
        ? // `+ 0`: hashed once, where an index would be asked for the whole list photo by photo (6 s for 97,000)
          sql`and e.photo_id + 0 = any (${toIntegers(kept.toArray())})`
        : sql`and exists (select 1 from photos where photos.id = e.photo_id and ${demand(demands)})`
  return sql<NearRow>`
    with nearest as materialized (
      select e.photo_id as id, ${asIndexed} as product from embeddings e
      where e.space_id = ${sql.lit(space.id)} and e.photo_id <= ${maxPhotoId} and e.photo_id <> ${exceptId ?? 0} ${only}
      order by ${asIndexed} limit ${sql.lit(NEAREST)}
    )
    select id, 1 + product as distance from nearest order by distance, id desc`
}

/** Bytes of a candidate: id, distance. As rows 200 of them take PGlite 2 to 3 ms longer. */
const PACKED = 12

async function readCandidates(db: DbOrTrx, nearest: RawBuilder<NearRow>): Promise<Candidate[]> {
  const { rows } = await sql<{ found: Uint8Array | null }>`
    select string_agg(int4send(id) || float8send(distance), ''::bytea) as found from (${nearest}) n`.execute(db)
  const bytes = rows[0]?.found ?? new Uint8Array(0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / PACKED }, (_, i) => ({
    id: view.getInt32(PACKED * i),
    distance: view.getFloat64(PACKED * i + 4),
  }))
}
