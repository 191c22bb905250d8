/** @file What processes of the library told each other (table `relayed`): a count per topic, raised each time. */
import { sql } from 'kysely'
import type { Db } from '../db/client.ts'

/** Of the database, heard by every connection that listens. */
export const CHANNEL = 'fototeca'

/** Raises their counts, and tells all that listen once. @returns the counts by topic, this time included */
export async function raiseTopics(db: Db, topics: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ topic: string; count: number }>`
    with raised as (
      insert into relayed (topic) select unnest(${topics}::text[]) order by 1
      on conflict (topic) do update set count = relayed.count + 1 returning topic, count
    ), told as materialized (select pg_notify(${CHANNEL}, ''))
    select topic, count from raised, told`.execute(db)
  return new Map(rows.map(({ topic, count }) => [topic, Number(count)]))
}

export async function readTopics(db: Db): Promise<Map<string, number>> {
  const rows = await db.selectFrom('relayed').select(['topic', 'count']).execute()
  return new Map(rows.map(({ topic, count }) => [topic, Number(count)]))
}
