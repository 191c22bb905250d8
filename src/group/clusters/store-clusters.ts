/** @file Clusters as rows: reading vectors page by page, who is in which, lists with representatives, what persons say. */

import { sql } from 'kysely'
import type { ClusterLabel, ClusterReport } from '../../contract/clusters.ts'
import type { PrimaryCategory } from '../../contract/words.ts'
import { toIntegers } from '../../db/arrays.ts'
import type { Db, DbOrTrx } from '../../db/client.ts'
import { readSetting, saveSetting } from '../../db/settings.ts'
import { isAllowedId, isPersonalId, isShownId } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'
import { readPhotoCards } from '../../library/store-photos.ts'
import type { OldCluster } from './match-clusters.ts'

/** System C looks at the first five. */
export const REPRESENTATIVES = 5

export interface VectorPage {
  readonly ids: readonly number[]
  /** pgvector’s text form */
  readonly vectors: readonly string[]
}

export async function readVectors(db: DbOrTrx, spaceId: number, afterId: number, limit: number): Promise<VectorPage> {
  const { rows } = await sql<{ photo_id: number; embedding: string }>`
    select photo_id, embedding from embeddings where space_id = ${spaceId} and photo_id > ${afterId} and ${isPersonalId('photo_id')} order by photo_id limit ${limit}`.execute(
    db,
  )
  return { ids: rows.map((row) => row.photo_id), vectors: rows.map((row) => row.embedding) }
}

/** Ids of all photos of a person with a vector. One row, so that 100,000 are carried at once. */
export async function readEmbedded(db: DbOrTrx, spaceId: number): Promise<number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    select array_agg(photo_id order by photo_id) as ids from embeddings where space_id = ${spaceId} and ${isPersonalId('photo_id')}`.execute(
    db,
  )
  return rows[0]?.ids ?? []
}

export async function readVectorsOf(db: DbOrTrx, spaceId: number, ids: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ embedding: string }>`
    select embedding from embeddings where space_id = ${spaceId} and photo_id = any (${toIntegers(ids)}) order by photo_id`.execute(db)
  return rows.map((row) => row.embedding)
}

export interface Membership {
  readonly photoIds: readonly number[]
  /** 0: in none */
  readonly clusterIds: readonly number[]
}

export async function readMembership(db: DbOrTrx): Promise<Membership> {
  const { rows } = await sql<{ photos: number[] | null; clusters: number[] | null }>`
    select array_agg(photo_id order by photo_id) as photos, array_agg(coalesce(cluster_id, 0) order by photo_id) as clusters from cluster_photos`.execute(
    db,
  )
  return { photoIds: rows[0]?.photos ?? [], clusterIds: rows[0]?.clusters ?? [] }
}

export async function readOldClusters(db: DbOrTrx): Promise<OldCluster[]> {
  const rows = await db.selectFrom('clusters').select(['id', 'is_kept', 'is_hidden']).execute()
  return rows.map((row) => ({ id: row.id, isKept: row.is_kept || row.is_hidden }))
}

export async function insertCluster(db: DbOrTrx): Promise<number> {
  return (await db.insertInto('clusters').defaultValues().returning('id').executeTakeFirstOrThrow()).id
}

export interface Member {
  readonly photoId: number
  readonly clusterId: number | null
  readonly similarity: number
}

/** Photos and clusters that are gone meanwhile are passed over. */
export async function writeMembers(db: Db, members: readonly Member[]): Promise<void> {
  const json = JSON.stringify(members.map(({ photoId, clusterId, similarity }) => [photoId, clusterId, similarity]))
  await sql`
    insert into cluster_photos (photo_id, cluster_id, similarity)
    select p.id, c.id, (row ->> 2)::real from jsonb_array_elements(${json}::jsonb) as row
    join photos p on p.id = (row ->> 0)::integer left join clusters c on c.id = (row ->> 1)::integer
    on conflict (photo_id) do update set cluster_id = excluded.cluster_id, similarity = excluded.similarity`.execute(db)
}

/** Of clusters that nobody named, those that no photo is in any more. */
export async function deleteEmpty(db: Db): Promise<void> {
  await sql`delete from clusters c where not c.is_kept and not exists (select 1 from cluster_photos cp where cp.cluster_id = c.id)`.execute(
    db,
  )
}

interface ClusterRow {
  readonly id: number
  readonly name: string | null
  readonly said_by: string | null
  readonly description: string | null
  readonly tags: string[]
  readonly hidden: boolean
  readonly count: number
  readonly photo_ids: number[]
}

/** Clusters are found by looking at photos: of those that are not seen none may show. */
const ofSeen = (sees: Visibility) =>
  sees.allowed === null
    ? sql``
    : sql`and (exists (select 1 from cluster_photos cp where cp.cluster_id = c.id and ${isAllowedId(sees, 'cp.photo_id')})
        or not exists (select 1 from cluster_photos cp where cp.cluster_id = c.id))`

/** The largest first; of those without photos only the named. */
export async function listClusters(db: DbOrTrx, sees: Visibility, withHidden: boolean, only?: number): Promise<ClusterReport[]> {
  const { rows } = await sql<ClusterRow>`
    select c.id, c.name, c.said_by, c.description, c.tags, c.is_hidden as hidden, coalesce(held.count, 0)::int as count,
      array(select cp.photo_id from cluster_photos cp where cp.cluster_id = c.id and ${isShownId(sees, 'cp.photo_id')} and ${isPersonalId('cp.photo_id')}
        order by cp.similarity desc, cp.photo_id limit ${sql.lit(REPRESENTATIVES)}) as photo_ids
    from clusters c left join (
      select cluster_id, count(*) as count from cluster_photos where ${isShownId(sees, 'photo_id')} and ${isPersonalId('photo_id')} group by cluster_id) held on held.cluster_id = c.id
    where ${only === undefined ? sql`true` : sql`c.id = ${only}`} and (${withHidden} or not c.is_hidden) and (c.is_kept or held.count > 0) ${ofSeen(sees)}
    order by count desc, c.id`.execute(db)
  const cards = new Map(
    (
      await readPhotoCards(
        db,
        sees,
        rows.flatMap((row) => row.photo_ids),
      )
    ).map((card) => [card.id, card]),
  )
  return rows.map(({ photo_ids, ...row }) => ({ ...row, representatives: photo_ids.flatMap((id) => cards.get(id) ?? []) }))
}

export interface ClusterValues {
  name?: string | null
  said_by?: string | null
  is_kept?: boolean
  is_hidden?: boolean
  description?: string | null
  tags?: string[]
  primary_category?: PrimaryCategory | null
  models?: string[]
  fallback_used?: boolean
  images_analyzed?: number
  labelled_size?: number
}

/** @returns false when there is no such cluster */
export async function updateCluster(db: DbOrTrx, id: number, values: ClusterValues): Promise<boolean> {
  return (await db.updateTable('clusters').set(values).where('id', '=', id).executeTakeFirst()).numUpdatedRows > 0n
}

/** A label by machine never replaces a person’s name. */
export async function labelUnlessNamed(db: DbOrTrx, id: number, { name, said_by, ...facts }: ClusterValues): Promise<void> {
  await updateCluster(db, id, facts)
  if (name === undefined && said_by === undefined) return
  await db
    .updateTable('clusters')
    .set({ ...(name === undefined ? {} : { name }), ...(said_by === undefined ? {} : { said_by }) })
    .where('id', '=', id)
    .where((e) => e.or([e('said_by', 'is', null), e('said_by', '<>', 'person')]))
    .execute()
}

/** As system C tells it. */
export async function readLabel(db: DbOrTrx, id: number, total: number): Promise<ClusterLabel> {
  const row = await db
    .selectFrom('clusters')
    .select(['name', 'said_by', 'description', 'tags', 'primary_category', 'models', 'fallback_used', 'images_analyzed'])
    .where('id', '=', id)
    .executeTakeFirst()
  const byModel = row !== undefined && row.images_analyzed > 0
  const model = row?.models.join('+') || (row?.said_by === 'person' ? null : row?.said_by)
  return {
    cluster_name: row?.name ?? null,
    description: row?.description ?? null,
    tags: row?.tags ?? [],
    primary_category: row?.primary_category ?? null,
    vlm_model: byModel ? (model ?? null) : null,
    fallback_used: row?.fallback_used ?? false,
    images_analyzed: row?.images_analyzed ?? 0,
    total_images: total,
  }
}

/** What the last look at all photos left behind. */
export interface LastRun {
  readonly space: string
  readonly photos: number
  readonly at: string
  readonly took_ms: number
}

const LAST_RUN_KEY = 'clusters'

export async function readLastRun(db: DbOrTrx): Promise<LastRun | null> {
  return ((await readSetting(db, LAST_RUN_KEY)) as LastRun | undefined) ?? null
}

export async function writeLastRun(db: DbOrTrx, run: LastRun): Promise<void> {
  await saveSetting(db, LAST_RUN_KEY, run)
}

/** A person wants all photos looked at again; a later wish is another one. */
const WISH_KEY = 'clusters wanted'

export const readWish = (db: DbOrTrx): Promise<unknown> => readSetting(db, WISH_KEY)
export const saveWish = (db: DbOrTrx, wish: string | null): Promise<void> => saveSetting(db, WISH_KEY, wish)

export interface ClusterSize {
  readonly id: number
  readonly count: number
  /** how large it was when it was labelled; null: never */
  readonly labelledSize: number | null
  /** it bears a describer's name */
  readonly isDescribed: boolean
}

export async function listSizes(db: DbOrTrx): Promise<ClusterSize[]> {
  const { rows } = await sql<ClusterSize>`
    select c.id, count(*)::int as count, c.labelled_size as "labelledSize",
      c.name is not null and coalesce(c.said_by, 'facts') not in ('facts', 'person') as "isDescribed"
    from clusters c join cluster_photos cp on cp.cluster_id = c.id group by c.id order by c.id`.execute(db)
  return rows
}

export async function countMembership(db: DbOrTrx, sees: Visibility): Promise<{ photos: number; in_none: number }> {
  const { rows } = await sql<{ photos: number; in_none: number }>`
    select count(*)::int as photos, (count(*) - count(cluster_id))::int as in_none from cluster_photos where ${isAllowedId(sees, 'photo_id')}`.execute(
    db,
  )
  return rows[0] ?? { photos: 0, in_none: 0 }
}
