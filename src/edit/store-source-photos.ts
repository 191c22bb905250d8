/** @file Photos of a source as its removal sees them: which go with it, and which come back when the folder is added again. */

import { sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isInTrash, isKept } from '../db/visible.ts'

/** Photos with a file in the source; `only`: those without one that is there in another source. In the trash already: neither. */
export async function readSourcePhotos(db: DbOrTrx, sourceId: number): Promise<{ only: number[]; elsewhere: number }> {
  const { rows } = await sql<{ only: number[] | null; elsewhere: number }>`
    select array_agg(id order by id) filter (where not is_elsewhere) as only, count(*) filter (where is_elsewhere)::int as elsewhere
    from (
      select p.id, exists (
        select 1 from photo_files o where o.photo_id = p.id and o.source_id <> ${sourceId} and o.missing_since is null) as is_elsewhere
      from photos p where ${isKept('p')} and exists (
        select 1 from photo_files f where f.photo_id = p.id and f.source_id = ${sourceId})) held`.execute(db)
  return { only: rows[0]?.only ?? [], elsewhere: rows[0]?.elsewhere ?? 0 }
}

/** How many of these files’ photos were there at the last look. */
export async function countPresent(db: DbOrTrx, sourceId: number, photoIds: readonly number[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct photo_id)::int as count from photo_files
    where source_id = ${sourceId} and missing_since is null and photo_id = any (${toIntegers(photoIds)})`.execute(db)
  return rows[0]?.count ?? 0
}

export interface RemovedFolder {
  readonly id: number
  readonly path: string
  /** the edit that moved its photos to the trash is still at it */
  readonly isRunning: boolean
}

/** Sources that were removed with their photos, where that was not undone. */
export async function listRemovedFolders(db: DbOrTrx): Promise<RemovedFolder[]> {
  const { rows } = await sql<RemovedFolder>`
    select s.id, s.path, e.state = 'running' as "isRunning" from sources s join edits e on e.id = s.removed_by
    where s.removed_at is not null and s.path is not null and not exists (select 1 from edits u where u.undo_of = e.id)
    order by s.id`.execute(db)
  return rows
}

/** Photos that lie in the trash because the source was removed, and of which nothing else was decided since. @param below part of it, `''`: all */
export async function readTrashedWith(db: DbOrTrx, sourceId: number, below: string): Promise<number[]> {
  const { rows } = await sql<{ ids: number[] | null }>`
    select array_agg(distinct c.photo_id) as ids
    from sources s
    join edit_changes c on c.edit_id = s.removed_by and c.field = 'trash'
    join photos p on p.id = c.photo_id and ${isInTrash('p')} and p.removed_at is null
    join photo_files f on f.photo_id = p.id and f.source_id = s.id
    where s.id = ${sourceId} and (${below} = '' or starts_with(f.path, ${`${below}/`}))
      and not exists (
        select 1 from edit_changes l where l.photo_id = c.photo_id and l.field = 'trash' and l.edit_id > c.edit_id)`.execute(db)
  return rows[0]?.ids ?? []
}
