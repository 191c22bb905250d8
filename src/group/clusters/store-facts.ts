/** @file What the photos of a cluster are tagged, where they were taken, what stands in them, what a describer said of them. */
import { type RawBuilder, sql } from 'kysely'
import type { DbOrTrx } from '../../db/client.ts'
import type { Said, Told } from './name-clusters.ts'

type Counted = Omit<Told, 'total'>

/** Values that the photos of a cluster hold, with how many of the cluster. */
export async function readClusterFacts(
  db: DbOrTrx,
  clusterId: number,
): Promise<{ tags: Counted[]; cities: Counted[]; countries: Counted[]; colours: Counted[]; years: Counted[] }> {
  const inCluster = sql`cluster_photos cp where cp.cluster_id = ${clusterId}`
  const { rows: tags } = await sql<Counted>`
    select t.tag as value, count(distinct t.photo_id)::int as count from cluster_photos cp join effective_tags t on t.photo_id = cp.photo_id
    where cp.cluster_id = ${clusterId} group by t.tag order by count desc, t.tag limit 100`.execute(db)
  const { rows: cities } = await sql<Counted>`
    select m.city as value, count(*)::int as count from photo_metadata m where m.city is not null
      and m.photo_id in (select cp.photo_id from ${inCluster}) group by m.city order by count desc limit 5`.execute(db)
  const { rows: countries } = await sql<Counted>`
    select m.country as value, count(*)::int as count from photo_metadata m where m.country is not null
      and m.photo_id in (select cp.photo_id from ${inCluster}) group by m.country order by count desc limit 5`.execute(db)
  const { rows: colours } = await sql<Counted>`
    select c.name as value, count(distinct c.photo_id)::int as count from photo_colours c where c.share >= ${COLOUR_PART}
      and c.photo_id in (select cp.photo_id from ${inCluster}) group by c.name order by count desc, c.name limit 5`.execute(db)
  const { rows: years } = await sql<Counted>`
    select extract(year from p.taken_local)::int::text as value, count(*)::int as count from photos p where p.taken_local is not null
      and p.id in (select cp.photo_id from ${inCluster}) group by 1 order by count desc limit 3`.execute(db)
  return { tags, cities, countries, colours, years }
}

/** A colour counts where it covers so much of the picture. */
const COLOUR_PART = 0.4

/** Texts of the photos nearest the middle of a cluster; of the whole library a sample. */
export async function readTexts(db: DbOrTrx, clusterId: number | null, limit: number): Promise<string[]> {
  const { rows } =
    clusterId === null
      ? await sql<{ text: string }>`
          select left(o.text, 2000) as text from ocr_texts o where o.text <> '' order by o.photo_id * 7919::bigint % 10007, o.photo_id limit ${limit}`.execute(
          db,
        )
      : await sql<{ text: string }>`
          select left(o.text, 2000) as text from cluster_photos cp join ocr_texts o on o.photo_id = cp.photo_id
          where cp.cluster_id = ${clusterId} and o.text <> '' order by cp.similarity desc limit ${limit}`.execute(db)
  return rows.map((row) => row.text)
}

/** Where files lie, one of each photo: of a cluster, or of a sample of the library. */
export async function readPaths(db: DbOrTrx, clusterId: number | null, limit: number): Promise<string[]> {
  const photos =
    clusterId === null
      ? sql`select id as photo_id from photos order by id * 7919::bigint % 10007, id limit ${limit}`
      : sql`select photo_id from cluster_photos where cluster_id = ${clusterId} order by similarity desc limit ${limit}`
  const { rows } = await sql<{ path: string }>`
    select distinct on (f.photo_id) case when s.kind = 'upload' then f.filename else f.path end as path
    from (${photos}) of_these join photo_files f on f.photo_id = of_these.photo_id
    join sources s on s.id = f.source_id order by f.photo_id, f.id`.execute(db)
  return rows.map((row) => row.path)
}

export async function countTexts(db: DbOrTrx, clusterId: number | null): Promise<number> {
  const { rows } = await (clusterId === null
    ? sql<{ count: number }>`select count(*)::int as count from ocr_texts where text <> ''`
    : sql<{ count: number }>`select count(*)::int as count from cluster_photos cp join ocr_texts o on o.photo_id = cp.photo_id
        where cp.cluster_id = ${clusterId} and o.text <> ''`
  ).execute(db)
  return rows[0]?.count ?? 0
}

/** Names of all other clusters, in lower case. */
export async function readOtherNames(db: DbOrTrx, clusterId: number): Promise<Set<string>> {
  const rows = await db.selectFrom('clusters').select('name').where('id', '<>', clusterId).where('name', 'is not', null).execute()
  return new Set(rows.flatMap(({ name }) => name?.toLowerCase() ?? []))
}

export interface Representative {
  readonly id: number
  readonly sha256: string
  /** what a describer said of it, the newest; null: nothing */
  readonly said: (Said & { readonly saidBy: string }) | null
}

export async function readRepresentatives(db: DbOrTrx, clusterId: number, limit: number): Promise<Representative[]> {
  const { rows } = await sql<{
    id: number
    sha256: string
    said_by: string | null
    cluster_name: string | null
    description: string | null
    tags: string[] | null
    primary_category: Said['primaryCategory']
  }>`
    select p.id, p.sha256, d.said_by, d.cluster_name, d.description, d.tags, d.primary_category
    from (select photo_id, similarity from cluster_photos where cluster_id = ${clusterId} order by similarity desc, photo_id limit ${limit}) cp
    join photos p on p.id = cp.photo_id
    left join lateral (select * from descriptions d where d.photo_id = p.id order by d.created_at desc limit 1) d on true
    order by cp.similarity desc, p.id`.execute(db)
  return rows.map(({ id, sha256, said_by, cluster_name, description, tags, primary_category }) => ({
    id,
    sha256,
    said:
      said_by === null
        ? null
        : { saidBy: said_by, clusterName: cluster_name, description, tags: tags ?? [], primaryCategory: primary_category },
  }))
}

/** How many photos of the library hold each value. */
export interface Totals {
  readonly tags: ReadonlyMap<string, number>
  readonly cities: ReadonlyMap<string, number>
  readonly countries: ReadonlyMap<string, number>
  readonly colours: ReadonlyMap<string, number>
  readonly years: ReadonlyMap<string, number>
  readonly photos: number
}

export async function readTotals(db: DbOrTrx): Promise<Totals> {
  const read = async (query: RawBuilder<{ value: string; count: number }>) =>
    new Map((await query.execute(db)).rows.map(({ value, count }) => [value, count]))
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from photos`.execute(db)
  return {
    tags: await read(sql`select tag as value, count(distinct photo_id)::int as count from photo_tags group by tag`),
    cities: await read(sql`select city as value, count(*)::int as count from photo_metadata where city is not null group by city`),
    countries: await read(
      sql`select country as value, count(*)::int as count from photo_metadata where country is not null group by country`,
    ),
    colours: await read(
      sql`select name as value, count(distinct photo_id)::int as count from photo_colours where share >= ${COLOUR_PART} group by name`,
    ),
    years: await read(
      sql`select extract(year from taken_local)::int::text as value, count(*)::int as count from photos where taken_local is not null group by 1`,
    ),
    photos: rows[0]?.count ?? 0,
  }
}
