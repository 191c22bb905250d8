/** @file What a server's background workers would do: PGlite has no autovacuum, so planner statistics and dead rows are our work. */
import { sql } from 'kysely'
import type { Db, OpenDatabase } from './client.ts'
import { ensureVectorIndex } from './vector.ts'

/** Tables that change with every photo, the small ones first, so that searches between wait little. */
const BUSY_TABLES = [
  'photos',
  'photo_files',
  'photo_tags',
  'photo_categories',
  'decisions',
  'detected_objects',
  'faces',
  'duplicates',
  'photo_steps',
  'search_documents',
] as const

/** One table at a time; other queries get their turn between. A server does this by itself. */
export async function refreshStatistics({ db, engine }: Pick<OpenDatabase, 'db' | 'engine'>, signal: AbortSignal): Promise<void> {
  if (engine === 'postgres') return
  for (const table of BUSY_TABLES) {
    signal.throwIfAborted()
    await sql`vacuum (analyze) ${sql.table(table)}`.execute(db)
  }
}

/** Gives every space that has grown enough its vector index. */
export async function ensureVectorIndexes(db: Db, signal: AbortSignal): Promise<void> {
  const spaces = await db.selectFrom('spaces').select('id').where('indexed_at', 'is', null).execute()
  for (const { id } of spaces) {
    signal.throwIfAborted()
    await ensureVectorIndex(db, id)
  }
}
