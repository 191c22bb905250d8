/** @file Sets as a person meets them: those with something left to decide, what is known of their photos, and what merging would give the kept one. */

import { sql } from 'kysely'
import type { SetKind } from '../../contract/duplicates.ts'
import type { DuplicateKind, PhotoFormat } from '../../contract/words.ts'
import { toIntegers, toWords } from '../../db/arrays.ts'
import type { DbOrTrx } from '../../db/client.ts'
import { readSetting, saveSetting } from '../../db/settings.ts'
import type { DecisionField, DecisionValue } from '../../db/tables/edits.ts'
import { isShown } from '../../db/visible.ts'
import type { Visibility } from '../../domain/visibility.ts'

export interface OpenSet {
  readonly id: number
  readonly kind: DuplicateKind
  readonly representative: number
  /** not decided and not in the trash, ascending */
  readonly members: readonly number[]
}

/** Members that stand with their representative undecided; both are shown, and photos of a person. */
const open = (sees: Visibility) => sql`
  from duplicate_sets s
  join photos r on r.id = s.representative_id and ${isShown(sees, 'r')} and r.collection = 'photos'
  join duplicate_members m on m.set_id = s.id
  join photos p on p.id = m.photo_id and ${isShown(sees, 'p')} and p.collection = 'photos'
  join duplicates d on d.photo_id_1 = least(m.photo_id, s.representative_id) and d.photo_id_2 = greatest(m.photo_id, s.representative_id)
    and d.verdict is null`

/** A page of open sets by id. */
export async function listOpenSets(
  db: DbOrTrx,
  sees: Visibility,
  choice: { kinds?: readonly DuplicateKind[]; ids?: readonly number[] },
  after: number,
  limit: number,
): Promise<OpenSet[]> {
  const { rows } = await sql<OpenSet>`
    select s.id, s.kind, s.representative_id as representative, array_agg(m.photo_id order by m.photo_id) as members
    ${open(sees)}
    where s.id > ${after}
      ${choice.kinds ? sql`and s.kind = any (${toWords(choice.kinds)})` : sql``}
      ${choice.ids ? sql`and s.id = any (${toIntegers(choice.ids)})` : sql``}
    group by s.id order by s.id limit ${limit}`.execute(db)
  return rows
}

export interface KindCount {
  readonly kind: SetKind
  readonly sets: number
  readonly photos: number
  readonly bytes: number
}

/** Per kind what is left to decide; photos with several files (same bytes) are one kind more. */
export async function countOpenSets(db: DbOrTrx, sees: Visibility): Promise<KindCount[]> {
  const { rows } = await sql<KindCount>`
    select s.kind, count(distinct s.id)::int as sets, count(*)::int as photos, sum(p.bytes)::bigint as bytes ${open(sees)} group by s.kind
    union all
    select 'same-bytes', count(*)::int, coalesce(sum(files - 1), 0)::int, coalesce(sum((files - 1) * bytes), 0)::bigint
    from (${sameBytes(sees)}) several`.execute(db)
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }))
}

const sameBytes = (sees: Visibility) => sql`
  select p.id, p.bytes, count(*) as files from photo_files f join photos p on p.id = f.photo_id and ${isShown(sees, 'p')}
  where f.missing_since is null group by p.id having count(*) > 1`

/** Photos that lie in several files, a page by id. */
export async function listSameBytes(db: DbOrTrx, sees: Visibility, after: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{
    id: number
  }>`select id from (${sameBytes(sees)}) several where id > ${after} order by id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

export interface MemberFacts {
  readonly id: number
  readonly width: number | null
  readonly height: number | null
  readonly bytes: number
  readonly format: PhotoFormat | null
  readonly created_at: Date
  readonly taken_at: Date | null
  readonly camera: string | null
  readonly metadata: number
  readonly albums: number
  readonly isFavourite: boolean
  readonly rating: number
  readonly isInPlace: boolean
  readonly paths: readonly string[]
}

export async function readMemberFacts(db: DbOrTrx, ids: readonly number[]): Promise<Map<number, MemberFacts>> {
  const list = toIntegers(ids)
  const { rows } = await sql<MemberFacts>`
    select p.id, p.width, p.height, p.bytes, p.format, p.created_at, p.taken_at,
      nullif(concat_ws(' ', m.camera_make, m.camera_model), '') as camera,
      (num_nonnulls(p.taken_at, m.camera_make, m.camera_model, m.lens, m.iso, m.aperture, m.exposure_s, m.focal_mm, m.latitude, m.title,
        m.description, m.alt_text, m.rating) + coalesce(cardinality(m.keywords), 0)
        + coalesce(jsonb_array_length(m.face_regions), 0))::int as metadata,
      (select count(*)::int from album_photos ap join albums al on al.id = ap.album_id and al.kind = 'by-hand' and al.deleted_at is null
        where ap.photo_id = p.id) as albums, e.favourite as "isFavourite", coalesce(e.rating, 0) as rating,
      exists (select 1 from photo_files f join sources s on s.id = f.source_id and s.kind = 'folder'
        where f.photo_id = p.id and f.missing_since is null) as "isInPlace",
      array(select coalesce(s.path || '/' || f.path, f.filename) from photo_files f join sources s on s.id = f.source_id
        where f.photo_id = p.id and f.missing_since is null order by f.id) as paths
    from photos p join effective_facts e on e.photo_id = p.id left join photo_metadata m on m.photo_id = p.id
    where p.id = any (${list}) and e.photo_id = any (${list})`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

export interface PairFacts {
  readonly a: number
  readonly b: number
  readonly kind: DuplicateKind
  readonly hamming_distance: number | null
  readonly cosine_distance: number | null
  readonly transform: string
}

/** Those of the pairs (in either order) that are pairs and not called different. */
export async function readPairFacts(db: DbOrTrx, pairs: readonly (readonly [number, number])[]): Promise<PairFacts[]> {
  if (pairs.length === 0) return []
  const asked = pairs.map(([a, b]) => ({ a: Math.min(a, b), b: Math.max(a, b) }))
  const { rows } = await sql<PairFacts>`
    select d.photo_id_1 as a, d.photo_id_2 as b, d.kind, d.hamming_distance, d.cosine_distance, d.transform
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as q (a integer, b integer)
    join duplicates d on d.photo_id_1 = q.a and d.photo_id_2 = q.b and d.verdict is distinct from 'different'`.execute(db)
  return rows
}

export interface MergedValue {
  readonly photo_id: number
  readonly field: DecisionField
  readonly key: string
  readonly value: DecisionValue
}

/**
 * What persons and files say of photos that go and not of the one that is kept. What a person decided of the kept one stands.
 * Words of models are left out: the kept picture has its own.
 */
export async function readMerge(db: DbOrTrx, pairs: readonly { readonly keeper: number; readonly gone: number }[]): Promise<MergedValue[]> {
  if (pairs.length === 0) return []
  const goneIds = toIntegers(pairs.map(({ gone }) => gone))
  const allIds = toIntegers(pairs.flatMap(({ keeper, gone }) => [keeper, gone]))
  const isUndecided = (field: string, key: string) => sql`not exists (
    select 1 from decisions k where k.photo_id = q.keeper and k.field = ${field} and k.key = ${sql.ref(key)})`
  const { rows } = await sql<MergedValue>`
    with q as materialized (
      select keeper, gone from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r (keeper integer, gone integer)),
    tags as materialized (
      select distinct t.photo_id, t.tag as key from effective_tags t
      where t.said_by in ('person', 'file') and t.photo_id = any (${goneIds})),
    facts as materialized (
      select e.photo_id, e.rating, e.favourite, e.title, e.caption, e.alt_text from effective_facts e where e.photo_id = any (${allIds}))
    select distinct q.keeper as photo_id, 'tag' as field, t.key, 'true'::jsonb as value from q join tags t on t.photo_id = q.gone
    where ${isUndecided('tag', 't.key')} and not exists (select 1 from effective_tags o where o.photo_id = q.keeper and o.tag = t.key)
    union
    select q.keeper, d.field, d.key, d.value from q join decisions d on d.photo_id = q.gone and d.field = 'category' and d.value = 'true'
    where ${isUndecided('category', 'd.key')}
    union
    select q.keeper, 'favourite', '', 'true'::jsonb from q join facts g on g.photo_id = q.gone and g.favourite
    join facts k on k.photo_id = q.keeper and not k.favourite
    union
    select q.keeper, 'rating', '', to_jsonb(max(g.rating)) from q join facts g on g.photo_id = q.gone join facts k on k.photo_id = q.keeper
    where g.rating > coalesce(k.rating, 0) group by q.keeper
    union
    select distinct on (q.keeper, d.field) q.keeper, d.field, '', d.value
    from q join decisions d on d.photo_id = q.gone and d.field in ('title', 'caption', 'alt_text') and d.value <> 'null'
    join facts k on k.photo_id = q.keeper
    where (d.field = 'title' and k.title is null) or (d.field = 'caption' and k.caption is null) or (d.field = 'alt_text' and k.alt_text is null)`.execute(
    db,
  )
  return rows
}

const RULES_KEY = 'duplicates.keep_rules'

export const readRules = (db: DbOrTrx): Promise<unknown> => readSetting(db, RULES_KEY)

export const saveRules = (db: DbOrTrx, rules: readonly string[]): Promise<void> => saveSetting(db, RULES_KEY, rules)
