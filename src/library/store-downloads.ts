/** @file Where the bytes of chosen photos may be, to be sent together. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../db/client.ts'
import { isAllowed } from '../db/visible.ts'
import type { Visibility } from '../domain/visibility.ts'

export interface DownloadFile {
  readonly id: number
  readonly filename: string
  /** null: the blob store */
  readonly root: string | null
  /** folders outside of the root that its links may lead to */
  readonly followLinks: readonly string[]
  readonly path: string
  /** of the file when it came in; undefined: not known */
  readonly bytes?: number | undefined
}

/** In the order of `ids`; one file each, the blob store’s before others. Photos without a file that is there are left out. */
export async function readDownloadFiles(db: DbOrTrx, sees: Visibility, ids: readonly number[]): Promise<DownloadFile[]> {
  const { rows } = await sql<DownloadFile>`
    select distinct on (wanted.place) p.id, p.filename, s.path as root, s.follow_links as "followLinks", f.path, f.bytes
    from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) with ordinality as wanted(id, place)
    join photos p on p.id = wanted.id::integer
    join photo_files f on f.photo_id = p.id and f.missing_since is null
    join sources s on s.id = f.source_id
    where not exists (select 1 from file_problems x where x.file_id = f.id and x.kind <> 'missing') and ${isAllowed(sees, 'p')}
    order by wanted.place, (s.kind = 'upload') desc, f.id`.execute(db)
  return rows
}
