/** @file Reads where photos come from, and whether the database answers. */
import { sql } from 'kysely'
import type { SkippedLinks, SourceReport } from '../contract/library.ts'
import { type Message, renderAll } from '../contract/messages/message.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isAllowedId } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'

export async function pingDatabase(db: DbOrTrx): Promise<void> {
  await sql`select 1`.execute(db)
}

/** Where photos come from, with how many each holds and misses. */
export async function listSources(db: DbOrTrx, sees: Visibility): Promise<SourceReport[]> {
  const { rows } = await sql<{
    id: number
    kind: 'folder' | 'upload'
    path: string | null
    photos: string | number
    missing: string | number
    scanned_at: Date | null
    paused_at: Date | null
    follow_links: string[]
    skipped_links: SkippedLinks
    unconfirmed: number | null
    notice: Message[] | null
  }>`
    select sources.id, sources.kind, sources.path, sources.scanned_at, sources.notice, sources.paused_at,
           sources.follow_links, sources.skipped_links, sources.unconfirmed,
           count(distinct photo_files.photo_id) as photos,
           count(distinct photo_files.photo_id) filter (where photo_files.missing_since is not null) as missing
    from sources left join photo_files on photo_files.source_id = sources.id and ${isAllowedId(sees, 'photo_files.photo_id')}
    where sources.removed_at is null group by sources.id order by sources.id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    path: row.path,
    photos: Number(row.photos),
    missing: Number(row.missing),
    scanned_at: row.scanned_at ? row.scanned_at.toISOString() : null,
    paused_at: row.paused_at ? row.paused_at.toISOString() : null,
    follow_links: row.follow_links,
    skipped_links: row.skipped_links,
    unconfirmed: row.unconfirmed,
    notice: renderAll(row.notice ?? []),
    messages: row.notice ?? [],
  }))
}

/** What there is to say about sources now. Asked for at every look at the progress: the counts of `listSources` go through all files. */
export async function listSourceNotices(db: DbOrTrx): Promise<string[]> {
  const rows = await db
    .selectFrom('sources')
    .select('notice')
    .where('notice', 'is not', null)
    .where('paused_at', 'is', null)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ notice }) => renderAll(notice ?? []) ?? [])
}
