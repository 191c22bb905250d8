/** @file What the photos of a cluster are tagged, where they were taken, what stands in them, what a describer said of them. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../../db/client.ts'
import type { Said, Told } from './name-clusters.ts'

/** Values that the photos of a cluster hold, with how many of the cluster. */
export async function readClusterFacts(
  db: DbOrTrx,
  clusterId: number,
): Promise<{ tags: Omit<Told, 'total'>[]; countries: Omit<Told, 'total'>[] }> {
  const { rows: tags } = await sql<Omit<Told, 'total'>>`
    select t.tag as value, count(distinct t.photo_id)::int as count from cluster_photos cp join effective_tags t on t.photo_id = cp.photo_id
    where cp.cluster_id = ${clusterId} group by t.tag order by count desc, t.tag limit 100`.execute(db)
  const { rows: countries } = await sql<Omit<Told, 'total'>>`
    select m.country as value, count(*)::int as count from cluster_photos cp join photo_metadata m on m.photo_id = cp.photo_id
    where cp.cluster_id = ${clusterId} and m.country is not null group by m.country order by count desc limit 5`.execute(db)
  return { tags, countries }
}

/** Texts of the photos nearest the middle. */
export async function readClusterTexts(db: DbOrTrx, clusterId: number, limit: number): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select left(o.text, 2000) as text from cluster_photos cp join ocr_texts o on o.photo_id = cp.photo_id
    where cp.cluster_id = ${clusterId} and o.text <> '' order by cp.similarity desc limit ${limit}`.execute(db)
  return rows.map((row) => row.text)
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

/** How many photos of the library hold each of these. */
export async function readTotals(
  db: DbOrTrx,
): Promise<{ tags: ReadonlyMap<string, number>; countries: ReadonlyMap<string, number>; photos: number }> {
  const { rows: tags } = await sql<{ value: string; count: number }>`
    select tag as value, count(distinct photo_id)::int as count from photo_tags group by tag`.execute(db)
  const { rows: countries } = await sql<{ value: string; count: number }>`
    select country as value, count(*)::int as count from photo_metadata where country is not null group by country`.execute(db)
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from photos`.execute(db)
  const toMap = (list: readonly { value: string; count: number }[]) => new Map(list.map(({ value, count }) => [value, count]))
  return { tags: toMap(tags), countries: toMap(countries), photos: rows[0]?.count ?? 0 }
}
