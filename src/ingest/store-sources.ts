/** @file One folder source takes the place of those that lie in it. */
import { sql } from 'kysely'
import type { Db } from '../db/client.ts'

/** A source below the new one; `prefix` leads from the new root to its root and ends with `/`. */
export interface InnerSource {
  readonly id: number
  readonly prefix: string
}

/**
 * Makes a source of `path` that holds the files of `inner`, so that none is listed twice and every photo keeps its facts; `inner` are gone
 * afterwards. Their rows move to a fresh source: within one, a path could for a moment be another’s.
 * @returns the id of the new source
 */
export async function replaceSources(
  db: Db,
  { path, followLinks }: { readonly path: string; readonly followLinks: readonly string[] },
  inner: readonly InnerSource[],
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('sources')
      .values({ kind: 'folder', path, follow_links: [...followLinks] })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const source of inner) {
      await sql`
        update photo_files f set source_id = ${id}, path = ${source.prefix}::text || f.path
        where f.source_id = ${source.id} and not exists (
          select 1 from photo_files o where o.source_id = ${id} and o.path = ${source.prefix}::text || f.path)`.execute(trx)
      await trx.deleteFrom('sources').where('id', '=', source.id).execute()
    }
    return id
  })
}
