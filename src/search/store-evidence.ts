/** @file Reads in which fields of their documents photos hold words. */

import { type RawBuilder, sql } from 'kysely'
import { toIntegers } from '../db/arrays.ts'
import type { DbOrTrx } from '../db/client.ts'
import { isSentence, type Term } from './parse.ts'
import { weightedQuery } from './store-terms.ts'

/** The weight of the document the word stands in, `other` where only another form of it does, or a longer word. */
export type FieldCode = 'a' | 'b' | 'c' | 'd' | 'other'

/** By number, as the database answers. */
const CODES: readonly FieldCode[] = ['other', 'd', 'c', 'b', 'a']
/** Bytes a photo: id, rank, codes. */
const ROW = 12

export interface FieldsOfTerms {
  /** Postgres’ own rank: more of the words, nearer to each other */
  readonly rank: number
  /** per term; empty for a sentence */
  readonly fields: readonly FieldCode[]
}

export async function readFieldsOfTerms(
  db: DbOrTrx,
  ids: Int32Array,
  terms: readonly Term[],
  query: string,
): Promise<ReadonlyMap<number, FieldsOfTerms>> {
  const asked = isSentence(terms) ? [] : terms
  const codes = asked.map((term, i) => sql`${sql.lit(CODES.length ** i)} * ${codeOf(term)}`)
  const { rows } = await sql<{ found: Uint8Array | null }>`
    select string_agg(int4send(photo_id) || float4send(ts_rank(tsv, ${query}::tsquery)) ||
      int4send(${codes.length === 0 ? sql`0` : sql.join(codes, sql` + `)}), ''::bytea) as found
    from search_documents where photo_id = any (${toIntegers(ids)})`.execute(db)
  const bytes = rows[0]?.found ?? new Uint8Array(0)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return new Map(
    Array.from({ length: bytes.length / ROW }, (_, row) => {
      const code = view.getInt32(row * ROW + 8)
      const fields = asked.map((_, i) => CODES[Math.floor(code / CODES.length ** i) % CODES.length] ?? 'other')
      return [view.getInt32(row * ROW), { rank: view.getFloat32(row * ROW + 4), fields }]
    }),
  )
}

function codeOf(term: Term): RawBuilder<number> {
  const when = (code: Exclude<FieldCode, 'other'>) => sql`when tsv @@ ${weightedQuery(term, code)} then ${sql.lit(CODES.indexOf(code))}`
  return sql`case ${sql.join([when('a'), when('b'), when('c'), when('d')], sql` `)} else 0 end`
}
