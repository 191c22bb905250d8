/** @file When and where photos were taken, page by page. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../../db/client.ts'
import type { Taken } from './find-trips.ts'

/** Only photos whose own metadata says when: the day a file was made says nothing of a trip. */
export async function readTaken(db: DbOrTrx, afterId: number, limit: number): Promise<Taken[]> {
  const { rows } = await sql<Taken>`
    select p.id, p.day::text as day, m.latitude, m.longitude, m.city, m.country from photos p left join photo_metadata m on m.photo_id = p.id
    where p.id > ${afterId} and p.taken_local is not null order by p.id limit ${limit}`.execute(db)
  return rows
}
