/** @file Terms as tsqueries. What a person typed arrives as parameters made of letters, digits and marks only. */
import { type RawBuilder, sql } from 'kysely'
import type { Term } from './parse.ts'
import type { SearchLanguage } from './store-document.ts'

export function joinQueries(queries: readonly RawBuilder<unknown>[], operator: '&&' | '||'): RawBuilder<unknown> {
  return queries.length === 0 ? sql`''::tsquery` : sql`(${sql.join(queries, sql` ${sql.raw(operator)} `)})`
}

/** The words as they are, or in another form of the language. A word that says nothing in that language (“the”) demands nothing. */
export function termQuery(term: Term, language: SearchLanguage): RawBuilder<unknown> {
  if (term.others) return joinQueries(listEither(term).map((each) => termQuery(each, language)), '||') // biome-ignore format: one thought
  const [run = []] = term.runs
  if (term.isQuoted || term.runs.length > 1 || run.length > 1) return exactQuery(term)
  const form = sql`to_tsquery(${sql.lit(language)}, ${quote(run)})`
  const exact = exactQuery(term)
  // a word that is its own stem is asked once: twice it is taken for more common, and the whole table is read
  return sql`case when numnode(${form}) = 0 then ''::tsquery when ${exact} @> ${form} and ${form} @> ${exact} then ${exact} else ${exact} || ${form} end`
}

export function exactQuery(term: Term): RawBuilder<unknown> {
  if (term.others) return joinQueries(listEither(term).map(exactQuery), '||')
  return sql`to_tsquery('simple', ${term.runs.map((run) => `(${quote(run)}${term.isPrefix ? ':*' : ''})`).join(' | ')})`
}

/** The whole words, in fields of this weight. */
export function weightedQuery(term: Term, weight: 'a' | 'b' | 'c' | 'd'): RawBuilder<unknown> {
  const runs = listEither(term).flatMap((each) => each.runs)
  return sql`to_tsquery('simple', ${runs.map((run) => `(${quote(run, `:${weight}`)})`).join(' | ')})`
}

/** The term and what is as good, each by itself. */
const listEither = ({ others = [], ...own }: Term): Term[] => [own, ...others]

/** `'beach' <-> 'house'`. Words hold letters, digits and marks only (see `splitWords`); quotes are doubled all the same. */
export function quote(run: readonly string[], mark = ''): string {
  return run.map((word) => `'${word.replaceAll("'", "''").replaceAll('\\', '')}'${mark}`).join(' <-> ')
}
