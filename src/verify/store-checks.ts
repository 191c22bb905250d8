/** @file What is to be checked, what was found wrong, and how far a pass has come. */

import { sql } from 'kysely'
import type { PassCounts } from '../contract/verify.ts'
import type { FileProblemKind, RenditionKind } from '../contract/words.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { isAllowed } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'
import { CARD_COLUMNS, type CardRow } from '../library/photo-card.ts'
import type { RenditionFacts } from '../media/renditions.ts'
import type { FileToCheck, Wrong } from './check-file.ts'

const STATE_KEY = 'verify'

export interface Pass extends PassCounts {
  readonly startedAt: string
  readonly isAsked: boolean
  /** photos up to this number are checked */
  readonly after: number
  readonly isPaused: boolean
  /** undefined: as the setting says */
  readonly mbPerSecond?: number | undefined
}

export interface VerifyState {
  readonly pass: Pass | null
  readonly last: (PassCounts & { readonly started_at: string; readonly finished_at: string }) | null
}

export async function readVerifyState(db: DbOrTrx): Promise<VerifyState> {
  return ((await readSetting(db, STATE_KEY)) as VerifyState | undefined) ?? { pass: null, last: null }
}

export const saveVerifyState = (db: DbOrTrx, state: VerifyState): Promise<void> => saveSetting(db, STATE_KEY, state)

export interface PhotoToCheck {
  readonly id: number
  readonly sha256: string
  readonly width: number | null
  readonly height: number | null
  /** its renditions are made, and not being made anew */
  readonly isPrepared: boolean
  readonly files: readonly FileToCheck[]
  readonly renditions: Partial<Readonly<Record<RenditionKind, RenditionFacts>>>
}

// a file that was refused is no original of a photo; one that was too large has no hash
const CHECKED = sql`p.format is not null and p.removed_at is null`

async function readPhotos(db: DbOrTrx, which: ReturnType<typeof sql>, limit: number): Promise<PhotoToCheck[]> {
  const { rows } = await sql<PhotoToCheck>`
    select p.id, p.sha256, p.width, p.height,
      exists (select 1 from photo_steps t where t.photo_id = p.id and t.step = 'prepare' and t.state = 'done') as "isPrepared",
      (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'kind', s.kind, 'root', s.path, 'followLinks', s.follow_links,
          'path', f.path, 'bytes', f.bytes, 'modifiedMs', f.modified_ms, 'problem', x.kind) order by f.id), '[]')
        from photo_files f join sources s on s.id = f.source_id left join file_problems x on x.file_id = f.id
        where f.photo_id = p.id and f.missing_since is null and s.removed_at is null and s.paused_at is null) as files,
      (select coalesce(jsonb_object_agg(r.kind, jsonb_build_object('bytes', r.bytes, 'sha256', r.sha256)), '{}')
        from photo_renditions r where r.photo_id = p.id) as renditions
    from photos p where ${CHECKED} and ${which} order by p.id limit ${limit}`.execute(db)
  return rows
}

/** The next photos after this number, in order. */
export const readNextPhotos = (db: DbOrTrx, after: number, limit: number): Promise<PhotoToCheck[]> =>
  readPhotos(db, sql`p.id > ${after}`, limit)

export async function readPhotoToCheck(db: DbOrTrx, id: number): Promise<PhotoToCheck | undefined> {
  return (await readPhotos(db, sql`p.id = ${id}`, 1))[0]
}

export async function countPhotosAfter(db: DbOrTrx, after: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from photos p where ${CHECKED} and p.id > ${after}`.execute(
    db,
  )
  return rows[0]?.count ?? 0
}

/** When the library began: a first pass is due so long after it. */
export async function readFirstPhotoTime(db: DbOrTrx): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`select created_at as at from photos order by id limit 1`.execute(db)
  return rows[0]?.at ?? null
}

/** @param fileId of a file that was there when it was read; one that is gone since is left out */
export async function saveProblem(db: DbOrTrx, fileId: number, { kind, reason, foundSha256 }: Wrong): Promise<void> {
  await sql`
    insert into file_problems (file_id, kind, reason, found_sha256)
    select id, ${kind}, ${reason}, ${foundSha256}::text from photo_files where id = ${fileId}
    on conflict (file_id) do update set kind = excluded.kind, reason = excluded.reason, found_sha256 = excluded.found_sha256, checked_at = now()`.execute(
    db,
  )
}

export async function deleteProblem(db: DbOrTrx, fileId: number): Promise<void> {
  await db.deleteFrom('file_problems').where('file_id', '=', fileId).execute()
}

export async function saveRenditions(db: DbOrTrx, photoId: number, renditions: readonly RenditionFacts[]): Promise<void> {
  await db
    .insertInto('photo_renditions')
    .values(renditions.map((rendition) => ({ photo_id: photoId, ...rendition })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Problems of files that should be there and are not in the trash for good. */
const CURRENT = (db: DbOrTrx, sees: Visibility) =>
  db
    .selectFrom('file_problems')
    .innerJoin('photo_files', 'photo_files.id', 'file_problems.file_id')
    .innerJoin('photos', 'photos.id', 'photo_files.photo_id')
    .innerJoin('sources', 'sources.id', 'photo_files.source_id')
    .where('photo_files.missing_since', 'is', null)
    .where('photos.removed_at', 'is', null)
    .where('sources.removed_at', 'is', null)
    .where(isAllowed(sees, 'photos'))

export async function countProblems(db: DbOrTrx, sees: Visibility): Promise<number> {
  const { count } = await CURRENT(db, sees)
    .select((e) => e.fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

export interface ProblemRow extends CardRow {
  readonly kind: FileProblemKind
  readonly source: string
  readonly path: string
  readonly problem: string
  readonly sha256: string
  readonly found_sha256: string | null
  readonly found_at: Date
  readonly checked_at: Date
}

export async function listProblems(db: DbOrTrx, sees: Visibility, skip: number, limit: number): Promise<ProblemRow[]> {
  return CURRENT(db, sees)
    .select(CARD_COLUMNS)
    .select([
      'file_problems.kind',
      'file_problems.reason as problem',
      'file_problems.found_sha256',
      'file_problems.found_at',
      'file_problems.checked_at',
      'photos.sha256',
      'photo_files.path',
      sql<string>`coalesce(sources.path, sources.kind)`.as('source'),
    ])
    .orderBy('file_problems.found_at', 'desc')
    .orderBy('file_problems.file_id', 'desc')
    .offset(skip)
    .limit(limit)
    .execute()
}

/** Photos with a file that is wrong, from this number on, in order. */
export async function listProblemPhotos(db: Db, sees: Visibility, after: number, limit: number): Promise<number[]> {
  const rows = await CURRENT(db, sees)
    .select('photos.id')
    .distinct()
    .where('photos.id', '>', after)
    .orderBy('photos.id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}
