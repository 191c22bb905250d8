/** @file Typed words as tsqueries. Postgres writes those of each word, in one statement; they are joined here. */
import { sql } from 'kysely'
import type { DbOrTrx } from '../db/client.ts'
import type { SearchLanguage } from '../document/store.ts'
import type { SearchWords, Term } from './parse.ts'
import { listEither, quote, writeExact } from './store-terms.ts'

/** tsquery in Postgres’ own text form; null where nothing is left (no words, or only words that say nothing). */
export interface CompiledWords {
  /** all terms */
  readonly all: string | null
  /** what is quoted and any of the other pieces; for when all of them find nothing */
  readonly any: string | null
  /** the same apart: what is quoted, and each of the other pieces that says something; common ones are kept as sets (`KeptMatches`) */
  readonly anyOf: readonly string[]
  /** all that is quoted */
  readonly quoted: string | null
  /** what must not be there */
  readonly none: string | null
  /** per term to include: whether it says something (“the” does not) */
  readonly isTelling: readonly boolean[]
  /** the same per piece */
  readonly isPieceTelling: readonly boolean[]
}

const NO_WORDS: CompiledWords = { all: null, any: null, anyOf: [], quoted: null, none: null, isTelling: [], isPieceTelling: [] }

export async function compileWords(db: DbOrTrx, words: SearchWords, language: SearchLanguage): Promise<CompiledWords> {
  if (words.include.length === 0 && words.exclude.length === 0) return NO_WORDS
  const written = await writeTerms(db, [...words.include, ...words.exclude].flatMap(listEither), language)
  const either = (by: keyof Written) => (term: Term) =>
    join(
      listEither(term).map((each) => written.get(keyOf(each))?.[by] ?? ''),
      '|',
    )
  const [exact, meant] = [either('exact'), either('meant')]
  const include = words.include.map(meant)
  const quoted = join(words.include.filter(({ isQuoted }) => isQuoted).map(exact), '&')
  const pieces = words.pieces.map((own) => join(own.map(meant), '&'))
  const some = join(pieces, '|')
  return {
    // a query of nothing but “the” still looks for it
    all: join(include, '&') || join(words.include.map(exact), '&') || null,
    any: join([quoted, some], '&') || null,
    anyOf: pieces.filter((query) => query !== ''),
    quoted: quoted || null,
    none: join(words.exclude.map(exact), '|') || null,
    isTelling: include.map((query) => query !== ''),
    isPieceTelling: pieces.map((query) => query !== ''),
  }
}

/** A term as a tsquery in Postgres’ own text form. */
interface Written {
  /** the words as they stand */
  readonly exact: string
  /** as they stand or in another form of the language; empty for a word that says nothing in it (“the”) */
  readonly meant: string
}

const keyOf = (term: Term): string => `${term.isQuoted ? '"' : ''}${writeExact(term)}`

/** What a person typed arrives as a parameter made of letters, digits and marks only. */
async function writeTerms(db: DbOrTrx, terms: readonly Term[], language: SearchLanguage): Promise<Map<string, Written>> {
  const asked = terms.map((term) => {
    const [run = []] = term.runs
    const hasForms = !term.isQuoted && term.runs.length === 1 && run.length === 1
    return { exact: writeExact(term), form: hasForms ? quote(run) : null }
  })
  // a word that is its own stem is asked once: twice it is taken for more common, and the whole table is read
  const { rows } = await sql<Written>`
    select exact::text, case when form is null or (exact @> form and form @> exact and numnode(form) > 0) then exact
      when numnode(form) = 0 then form else exact || form end::text as meant
    from (select i, to_tsquery('simple', r.exact) as exact, to_tsquery(${sql.lit(language)}, r.form) as form
      from rows from (jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as (exact text, form text)) with ordinality as r (exact, form, i)
      offset 0) q
    order by i`.execute(db)
  return new Map(rows.map((row, i) => [keyOf(terms[i] as Term), row]))
}

/** Of the parts that say something. */
function join(parts: readonly string[], operator: '&' | '|'): string {
  const own = [...new Set(parts.filter((part) => part !== ''))]
  return own.length === 1
    ? (own[0] ?? '')
    : own.map((part) => (/ (?:[&|]|<[-\d]+>) /.test(part) ? `( ${part} )` : part)).join(` ${operator} `)
}
