/** @file Which of the photos that words found are called just so: by the name of their file, or of a person in them. */

import { sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx } from '../db/client.ts'
import { packIds, unpackIds } from '../db/packed-ids.ts'
import { isFileCalled, isPersonCalled } from '../domain/search/called.ts'
import { splitWords } from '../domain/search/words.ts'

/** At 100,000 photos in the embedded database 5 ms. */
const LOOKED_AT = 100
/** Letters by which a name may be longer than twice what was typed: its ending, and letters of a number in front. */
const MORE = 8

/**
 * @param ids in the order of the words, which put names first: the first `LOOKED_AT` are looked at (of 3,000 the embedded database takes 65 ms)
 * @param typed as `SearchWords.plain`
 * @param people names of people by their ids
 * @returns those called so, in their order
 */
export async function findNamed(
  db: DbOrTrx,
  ids: readonly number[],
  typed: string,
  people: () => Promise<ReadonlyMap<number, string>>,
): Promise<number[]> {
  const words = new Set(splitWords(typed).map(({ word }) => word))
  if (words.size === 0 || ids.length === 0) return []
  // folding opens letters (`ß`) and joins others (accents apart): twice is more than it ever does to a name
  const longest = 2 * [...typed].length + MORE
  const files = await sql<{ name: string; ids: Uint8Array }>`
    select filename as name, ${packIds('id')} as ids from photos
    where id = any (${toIntegers(ids.slice(0, LOOKED_AT))}) and length(translate(filename, '0123456789 _-.,()', '')) <= ${longest}
    group by filename`.execute(db)
  const named = new Set(files.rows.flatMap((row) => (isFileCalled(row.name, words) ? [...unpackIds(row.ids)] : [])))
  const meant = [...(await people())].flatMap(([id, name]) => (name.length <= longest && isPersonCalled(name, words) ? [id] : []))
  if (meant.length > 0) {
    const shown = await sql<{ ids: Uint8Array | null }>`
      select ${packIds('photo_id')} as ids from faces where person_id in (${sql.join(meant)})`.execute(db)
    for (const id of unpackIds(shown.rows[0]?.ids)) named.add(id)
  }
  return ids.filter((id) => named.has(id))
}
