/** @file Terms as tsqueries. What a person typed arrives as parameters made of letters, digits and marks only. */
import { type RawBuilder, sql } from 'kysely'
import type { Term } from './parse.ts'

export function joinQueries(queries: readonly RawBuilder<unknown>[], operator: '&&' | '||'): RawBuilder<unknown> {
  return queries.length === 0 ? sql`''::tsquery` : sql`(${sql.join(queries, sql` ${sql.raw(operator)} `)})`
}

/** What the words of a term are asked as, in the writing of `to_tsquery`: as they stand. */
export const writeExact = (term: Term): string => term.runs.map((run) => `(${quote(run)}${term.isPrefix ? ':*' : ''})`).join(' | ')

export function exactQuery(term: Term): RawBuilder<unknown> {
  if (term.others) return joinQueries(listEither(term).map(exactQuery), '||')
  return sql`to_tsquery('simple', ${writeExact(term)})`
}

/** The whole words, in fields of this weight. */
export function weightedQuery(term: Term, weight: 'a' | 'b' | 'c' | 'd'): RawBuilder<unknown> {
  const runs = listEither(term).flatMap((each) => each.runs)
  return sql`to_tsquery('simple', ${runs.map((run) => `(${quote(run, `:${weight}`)})`).join(' | ')})`
}

/** The term and what is as good, each by itself. */
export const listEither = ({ others = [], ...own }: Term): Term[] => [own, ...others]

/** `'beach' <-> 'house'`. Words hold letters, digits and marks only (see `splitWords`); quotes are doubled all the same. */
export function quote(run: readonly string[], mark = ''): string {
  return run.map((word) => `'${word.replaceAll("'", "''").replaceAll('\\', '')}'${mark}`).join(' <-> ')
}
