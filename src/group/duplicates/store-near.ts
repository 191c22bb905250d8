/** @file Photos whose neighbours in a space were not looked at yet, the neighbours, and the pairs they make. */
import { sql } from 'kysely'
import type { DuplicateKind } from '../../contract/words.ts'
import type { Db, DbOrTrx, Trx } from '../../db/client.ts'
import { readSetting, saveSetting } from '../../db/settings.ts'
import type { Outline } from '../../domain/likeness/find-part.ts'
import { DOCUMENT_TAG } from '../../domain/text-coverage.ts'
import { isOneMoment, verdict } from '../../pipeline/steps/duplicates/store.ts'

/** Neighbours looked at per photo: of more look-alikes the nearest say enough. */
const NEIGHBOURS = 32
/** nodes HNSW keeps in view for so few */
const EF_SEARCH = 100

export interface NearSpace {
  readonly id: number
  readonly name: string
  readonly width: number
  readonly isIndexed: boolean
}

export interface Neighbour {
  readonly id: number
  /** 1 − cosine */
  readonly distance: number
  /** 32 bytes; null where it has none that may be used */
  readonly hash: Uint8Array | null
  readonly outline: Outline | null
  /** of a page full of text; null of any other picture */
  readonly page: string | null
  readonly isOneMoment: boolean
}

export interface NearPair {
  readonly other: number
  readonly kind: DuplicateKind
  readonly distance: number
  readonly bits: number | null
}

const isDue = (spaceId: number) => sql`from embeddings e left join compared_photos c on c.photo_id = e.photo_id
  where e.space_id = ${spaceId} and c.space_id is distinct from ${spaceId}`

export async function findUncompared(db: DbOrTrx, spaceId: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select e.photo_id as id ${isDue(spaceId)} limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

const LIMITS_KEY = 'duplicates.near_limits'

/** Where the limits are not those the photos were compared by, all are due again. */
export async function keepLimits(db: Db, limits: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if ((await readSetting(trx, LIMITS_KEY)) === limits) return
    await trx.deleteFrom('compared_photos').execute()
    await saveSetting(trx, LIMITS_KEY, limits)
  })
}

export async function countUncompared(db: DbOrTrx, spaceId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count ${isDue(spaceId)}`.execute(db)
  return rows[0]?.count ?? 0
}

export interface Own {
  /** all eight; null where they may not be used */
  readonly dihedral: Uint8Array | null
  readonly outline: Outline | null
  readonly page: string | null
  /** the transaction its vector is of; null where it has none */
  readonly changedIn: string | null
}

export async function readOwn(db: DbOrTrx, spaceId: number, photoId: number, minQuality: number): Promise<Own> {
  const { rows } = await sql<{
    dihedral: Uint8Array | null
    luma: Uint8Array | null
    aspect: number | null
    page: string | null
    changed_in: string | null
  }>`
    select case when h.quality >= ${minQuality} then h.dihedral end as dihedral, o.luma, ${aspect} as aspect,
      ${page} as page, e.changed_in::text as changed_in
    from photos b left join photo_hashes h on h.photo_id = b.id left join photo_outlines o on o.photo_id = b.id
    left join embeddings e on e.photo_id = b.id and e.space_id = ${spaceId}
    where b.id = ${photoId}`.execute(db)
  const [row] = rows
  return { dihedral: row?.dihedral ?? null, outline: toOutline(row), page: row?.page ?? null, changedIn: row?.changed_in ?? null }
}

const page = sql`(select t.text from ocr_texts t where t.photo_id = b.id
  and exists (select from photo_tags d where d.photo_id = b.id and d.tag = ${sql.lit(DOCUMENT_TAG)}))`

const aspect = sql`b.width::float8 / nullif(b.height, 0)`

const toOutline = (row: { luma: Uint8Array | null; aspect: number | null } | undefined): Outline | null =>
  row?.luma && row.aspect ? { luma: row.luma, aspect: row.aspect } : null

/** The nearest photos, no further than `limit`. */
export async function readNeighbours(trx: Trx, space: NearSpace, photoId: number, limit: number, minQuality: number): Promise<Neighbour[]> {
  const own = await trx
    .selectFrom('embeddings')
    .select('embedding')
    .where('space_id', '=', space.id)
    .where('photo_id', '=', photoId)
    .executeTakeFirst()
  if (!own) return []
  if (space.isIndexed)
    await sql`select set_config('hnsw.ef_search', ${String(EF_SEARCH)}, true), set_config('enable_seqscan', 'off', true)`.execute(trx)
  // the index needs its own expression and predicate word for word: literal width and space
  const product = sql`e.embedding::vector(${sql.lit(space.width)}) <#> ${own.embedding}::vector(${sql.lit(space.width)})`
  const { rows } = await sql<Omit<Neighbour, 'outline'> & { luma: Uint8Array | null; aspect: number | null }>`
    with nearest as materialized (
      select e.photo_id as id, 1 + (${product}) as distance from embeddings e
      where e.space_id = ${sql.lit(space.id)} order by ${product} limit ${sql.lit(NEIGHBOURS)})
    select n.id, n.distance, ${isOneMoment} as "isOneMoment",
      case when h.quality >= ${minQuality} then substring(h.dihedral from 1 for 32) end as hash, o.luma, ${aspect} as aspect, ${page} as page
    from nearest n join photos b on b.id = n.id join photos a on a.id = ${photoId}
    left join photo_metadata am on am.photo_id = a.id left join photo_metadata bm on bm.photo_id = b.id
    left join photo_hashes h on h.photo_id = b.id left join photo_outlines o on o.photo_id = b.id
    where n.id <> ${photoId} and n.distance <= ${limit} order by n.distance, n.id`.execute(trx)
  if (space.isIndexed) await sql`select set_config('enable_seqscan', 'on', true)`.execute(trx)
  return rows.map(({ luma, aspect, ...row }) => ({ ...row, outline: toOutline({ luma, aspect }) }))
}

/** The photo’s pairs by a space become these; where the hashes made a pair already, that one stands. */
export async function replaceNearPairs(
  trx: Trx,
  photoId: number,
  spaceId: number,
  changedIn: string | null,
  pairs: readonly NearPair[],
): Promise<boolean> {
  const before =
    await sql`delete from duplicates where space_id is not null and (photo_id_1 = ${photoId} or photo_id_2 = ${photoId})`.execute(trx)
  if (pairs.length > 0)
    await sql`
      insert into duplicates (photo_id_1, photo_id_2, kind, hamming_distance, cosine_distance, space_id, verdict)
      select a.id, b.id, d.kind, d.bits, d.distance, ${spaceId}::integer, ${verdict}
      from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as d (other integer, kind text, distance real, bits integer)
      join photos a on a.id = least(d.other, ${photoId}::integer) join photos b on b.id = greatest(d.other, ${photoId}::integer)
      order by 1, 2 on conflict (photo_id_1, photo_id_2) do nothing`.execute(trx)
  await sql`
    insert into compared_photos (photo_id, space_id) select photo_id, space_id from embeddings
    where photo_id = ${photoId} and space_id = ${spaceId} and changed_in::text = ${changedIn} for share
    on conflict (photo_id) do update set space_id = excluded.space_id`.execute(trx)
  return pairs.length > 0 || (before.numAffectedRows ?? 0n) > 0n
}
