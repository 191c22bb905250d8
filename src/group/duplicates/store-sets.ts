/** @file Pairs and photos as sets are built from them; sets as they are stored, with their ids. Pages by key. */

import { sql } from 'kysely'
import { DUPLICATE_KINDS, type DuplicateKind } from '../../contract/words.ts'
import { toIntegers, toWords } from '../../db/arrays.ts'
import type { Db, DbOrTrx } from '../../db/client.ts'
import { isInTrash } from '../../db/visible.ts'
import type { DuplicateSet, Pair, StoredSet } from './build-sets.ts'

/** Rows per read: a few milliseconds each. */
const PAGE = 5000
/** Sets written in one transaction. */
const BATCH = 200

/** All pairs but those a person calls different. */
export async function readPairs(db: DbOrTrx): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let after: readonly [number, number] = [0, 0]; ; ) {
    // one row instead of thousands, see `readHashPage`; kinds as their place in the list
    const { rows } = await sql<{ a: number[] | null; b: number[] | null; kinds: number[] | null }>`
      select array_agg(photo_id_1 order by photo_id_1, photo_id_2) as a, array_agg(photo_id_2 order by photo_id_1, photo_id_2) as b,
        array_agg(case when verdict = 'different' then 0 else array_position(${toWords(DUPLICATE_KINDS)}, kind) end
          order by photo_id_1, photo_id_2) as kinds
      from (select photo_id_1, photo_id_2, kind, verdict from duplicates
        where (photo_id_1, photo_id_2) > (${after[0]}::integer, ${after[1]}::integer)
        order by photo_id_1, photo_id_2 limit ${PAGE}) page`.execute(db)
    const [page] = rows
    if (!page?.a || !page.b || !page.kinds) return pairs
    for (const [i, a] of page.a.entries()) {
      const [b, kind] = [page.b[i], DUPLICATE_KINDS[(page.kinds[i] ?? 0) - 1]]
      if (b !== undefined && kind !== undefined) pairs.push({ a, b, kind })
    }
    after = [page.a.at(-1) ?? 0, page.b.at(-1) ?? 0]
  }
}

/** These photos, the best first: not in the trash, most pixels, most bytes, lowest id. */
export async function orderPhotos(db: DbOrTrx, ids: readonly number[]): Promise<number[]> {
  const found: { id: number; pixels: number; bytes: number; isTrashed: boolean }[] = []
  for (let from = 0; from < ids.length; from += PAGE) {
    const { rows } = await sql<{ id: number; pixels: number; bytes: number; isTrashed: boolean }>`
      select id, coalesce(width::bigint * height, 0) as pixels, bytes, ${isInTrash('photos')} as "isTrashed" from photos
      where id = any (${toIntegers(ids.slice(from, from + PAGE))}) and removed_at is null`.execute(db)
    found.push(...rows)
  }
  return found
    .sort((a, b) => Number(a.isTrashed) - Number(b.isTrashed) || b.pixels - a.pixels || b.bytes - a.bytes || a.id - b.id)
    .map(({ id }) => id)
}

export async function readStoredSets(db: DbOrTrx): Promise<StoredSet[]> {
  const sets: StoredSet[] = []
  for (let after = 0; ; ) {
    const { rows } = await sql<{ id: number; kind: DuplicateKind; representative: number; members: number[] }>`
      select s.id, s.kind, s.representative_id as representative,
        array(select m.photo_id from duplicate_members m where m.set_id = s.id order by 1) as members
      from duplicate_sets s where s.id > ${after} order by s.id limit ${sql.lit(PAGE)}`.execute(db)
    sets.push(...rows)
    const last = rows.at(-1)
    if (!last) return sets
    after = last.id
  }
}

/** Sets that are new or differ from what is stored. A photo that is gone meanwhile is left out. */
export async function writeSets(db: Db, sets: readonly (DuplicateSet & { readonly id: number | null })[]): Promise<void> {
  for (let from = 0; from < sets.length; from += BATCH) {
    const batch = sets.slice(from, from + BATCH)
    await db.transaction().execute(async (trx) => {
      for (const set of batch) {
        const { rows } =
          set.id === null
            ? await sql<{ id: number }>`
                insert into duplicate_sets (kind, representative_id) select ${set.kind}, id from photos where id = ${set.representative}
                returning id`.execute(trx)
            : await sql<{ id: number }>`
                update duplicate_sets set representative_id = ${set.representative}
                where id = ${set.id} and exists (select 1 from photos where id = ${set.representative}) returning id`.execute(trx)
        const id = rows[0]?.id
        if (id === undefined) continue
        const members = toIntegers(set.members)
        await sql`delete from duplicate_members where set_id = ${id} and photo_id <> all (${members})`.execute(trx)
        await sql`insert into duplicate_members (set_id, photo_id) select ${id}, p.id from photos p where p.id = any (${members})
          on conflict do nothing`.execute(trx)
      }
    })
  }
}

/** Sets that no pairs make any more. One that a person decided stays, so that an undo finds it again with its id. */
export async function deleteSets(db: Db, ids: readonly number[]): Promise<void> {
  for (let from = 0; from < ids.length; from += PAGE)
    await sql`
      delete from duplicate_sets s where s.id = any (${toIntegers(ids.slice(from, from + PAGE))})
        and not (
          exists (select 1 from duplicate_members m where m.set_id = s.id)
          and not exists (
            select 1 from duplicate_members m where m.set_id = s.id and not exists (
              select 1 from duplicates d where d.photo_id_1 = least(m.photo_id, s.representative_id)
                and d.photo_id_2 = greatest(m.photo_id, s.representative_id) and d.verdict is not null)))`.execute(db)
}
