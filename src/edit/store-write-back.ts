/** @file What a photo says of itself now, for write-back, and what was written of it before. */

import { sql } from 'kysely'
import type { Db, DbOrTrx } from '../db/client.ts'
import type { SingleField, WrittenContent } from '../db/tables/edits.ts'
import type { FaceRegion } from '../db/tables/library.ts'
import { isKept } from '../db/visible.ts'

export interface WritablePhoto {
  readonly id: number
  readonly sha256: string
  readonly content: WrittenContent
  /** a person’s no, in lower case */
  readonly removed: readonly string[]
  /** texts and rating a person decided: an empty one is to be taken away, not left */
  readonly decided: readonly SingleField[]
  readonly picture: { readonly orientation: number; readonly width: number; readonly height: number }
}

interface Row {
  readonly id: number
  readonly sha256: string
  readonly width: number | null
  readonly height: number | null
  readonly orientation: number | null
  readonly title: string | null
  readonly caption: string | null
  readonly alt_text: string | null
  readonly rating: number | null
  readonly tags: string[]
  readonly paths: string[]
  readonly removed: string[]
  readonly decided: SingleField[]
  readonly faces: FaceRegion[]
}

export async function readWritable(db: DbOrTrx, id: number): Promise<WritablePhoto | undefined> {
  const { rows } = await sql<Row>`
    select p.id, p.sha256, p.width, p.height, m.orientation, e.title, e.caption, e.alt_text, e.rating,
      array(select distinct t.tag from effective_tags t where t.photo_id = p.id order by 1) as tags,
      array(select distinct c.name || '|' || t.tag from effective_tags t join tag_category_mappings x on x.tag = t.tag
        join photo_categories pc on pc.photo_id = t.photo_id and pc.category_id = x.category_id
        join categories c on c.id = pc.category_id where t.photo_id = p.id order by 1) as paths,
      array(select d.key from decisions d where d.photo_id = p.id and d.field = 'tag' and d.value = 'false' order by 1) as removed,
      array(select d.field from decisions d where d.photo_id = p.id and d.key = '' order by 1) as decided,
      coalesce((select jsonb_agg(jsonb_build_object('name', people.name,
          'box', jsonb_build_object('x', f.x, 'y', f.y, 'width', f.width, 'height', f.height)) order by f.id)
        from faces f join people on people.id = f.person_id and people.name is not null where f.photo_id = p.id), '[]') as faces
    from photos p join effective_facts e on e.photo_id = p.id left join photo_metadata m on m.photo_id = p.id
    where p.id = ${id}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const { title, caption, alt_text: altText, rating, tags: keywords, paths, faces } = row
  return {
    id: row.id,
    sha256: row.sha256,
    content: { title, caption, altText, rating, keywords, paths, faces },
    removed: row.removed,
    decided: row.decided,
    picture: { orientation: row.orientation ?? 1, width: row.width ?? 1, height: row.height ?? 1 },
  }
}

/** Photos whose document is newer than what was written of them, oldest first. `changedIn` goes back into `saveSidecar`. */
export async function listDueSidecars(db: Db, limit: number): Promise<{ id: number; changedIn: string }[]> {
  const { rows } = await sql<{ id: number; changedIn: string }>`
    select d.photo_id as id, d.changed_in::text as "changedIn" from search_documents d
    join photos p on p.id = d.photo_id and p.missing_since is null and ${isKept('p')} and p.state in ('completed', 'partial')
    left join sidecars s on s.photo_id = d.photo_id
    where s.photo_id is null or s.seen < d.changed_in order by d.photo_id limit ${limit}`.execute(db)
  return rows
}

export async function readWritten(db: Db, id: number): Promise<{ content: WrittenContent | null; path: string | null } | undefined> {
  return db.selectFrom('sidecars').select(['content', 'path']).where('photo_id', '=', id).executeTakeFirst()
}

export interface SavedSidecar {
  readonly changedIn: string
  readonly content: WrittenContent | null
  readonly path: string | null
  readonly problem: string | null
}

export async function saveSidecar(db: Db, id: number, { changedIn, content, path, problem }: SavedSidecar): Promise<void> {
  const row = { seen: sql<string>`${changedIn}::xid8`, content: content && JSON.stringify(content), path, problem }
  await db
    .insertInto('sidecars')
    .values({ photo_id: id, ...row })
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet(row))
    .execute()
}

/** What the last scan saw beside this file, replaced where it still saw what was there before we wrote. @param path absolute, of the picture */
export async function replaceSidecarMark(
  db: Db,
  photoId: number,
  path: string,
  before: string | null,
  after: string | null,
): Promise<void> {
  await sql`update photo_files f set sidecar = ${after} from sources s
    where s.id = f.source_id and f.photo_id = ${photoId} and s.path || '/' || f.path = ${path} and f.sidecar is not distinct from ${before}`.execute(
    db,
  )
}
