/** @file Keyword candidates: words to a tsquery, documents that match it, and a second chance by parts of words and typos. */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { NearWord } from '../contract/search.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import { unpackIds } from '../db/packed-ids.ts'
import type { IdSet } from '../domain/search/id-set.ts'
import { documentWords, isMisspelt, isUnspaced } from '../domain/search/words.ts'
import { widenNoun } from '../lexicon/broader.ts'
import { isEnglishWord } from '../lexicon/english-words.ts'
import type { Predicate } from './filters/filter.ts'
import type { KeptMatches } from './kept-matches.ts'
import type { SearchWords, Term } from './parse.ts'
import type { SearchLanguage } from './store-document.ts'
import { findWorseCopies } from './store-list.ts'

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
}

const NO_WORDS: CompiledWords = { all: null, any: null, anyOf: [], quoted: null, none: null, isTelling: [] }

export interface KeywordHits {
  /** best first */
  readonly ids: readonly number[]
  /** more matches than were ranked, newest first; all older than those ranked */
  readonly rest: Int32Array
  /** words that were looked for in place of those typed */
  readonly near: readonly NearWord[]
  /** false where no photo holds the words as typed */
  readonly isExact: boolean
}

/**
 * Of the matches the newest this many are ranked; the others follow, newest first. At 100,000 photos ranking 3,000 costs 8–11 ms of a
 * processor in PGlite, finding the 55,000 that hold a very common word 35; ranking those too would cost 0.2 s, and their ranks hardly differ.
 */
export const RANKED_MATCHES = 3000
/** Below this many exact matches, parts of words and typos get their chance. */
const SECOND_CHANCE_BELOW = 10
/** Parts of shorter words stand in everything. */
const MIN_LOOSE = 3
/** Words of the library weighed per term, by how many letter triples they share; the edit distance decides (`isMisspelt`). */
const NEAR_WORDS = 60
/** Two swapped letters of six (`zurihc`) leave .4 of the triples, one wrong of five (`beech`) .33. */
const NEAR_SIMILARITY = 0.3

/** Postgres makes the tsquery; what a person typed arrives as parameters made of letters, digits and marks only. */
export async function compileWords(db: DbOrTrx, words: SearchWords, language: SearchLanguage): Promise<CompiledWords> {
  if (words.include.length === 0 && words.exclude.length === 0) return NO_WORDS
  const include = words.include.map((term) => termQuery(term, language))
  // a query of nothing but “the” still looks for it
  const literal = words.include.map(exactQuery)
  const quoted = words.include.filter(({ isQuoted }) => isQuoted).map(exactQuery)
  const others = words.pieces.map((terms) => joinQueries(terms.map((term) => termQuery(term, language)), '&&')) // biome-ignore format: one thought
  const { rows } = await sql<{ all: string; any: string; quoted: string; none: string; others: string[]; telling: boolean[] }>`
    select (case when numnode(q.every) = 0 then q.literal else q.every end)::text as "all", (q.quoted && q.others)::text as "any",
      q.quoted::text as quoted, q.none::text as "none", q.each as others, q.telling
    from (select ${joinQueries(include, '&&')} as every, ${joinQueries(literal, '&&')} as literal, ${joinQueries(others, '||')} as others,
      ${joinQueries(quoted, '&&')} as quoted, ${joinQueries(words.exclude.map(exactQuery), '||')} as "none",
      array[${sql.join(others.map((query) => sql`(${query})::text`))}]::text[] as each,
      array[${sql.join(include.map((query) => sql`numnode(${query}) > 0`))}]::boolean[] as telling) q`.execute(db)
  const row = rows[0]
  if (!row) return NO_WORDS
  return {
    all: row.all || null,
    any: row.any || null,
    anyOf: row.others.filter((query) => query !== ''),
    quoted: row.quoted || null,
    none: row.none || null,
    isTelling: row.telling,
  }
}

function joinQueries(queries: readonly RawBuilder<unknown>[], operator: '&&' | '||'): RawBuilder<unknown> {
  return queries.length === 0 ? sql`''::tsquery` : sql`(${sql.join(queries, sql` ${sql.raw(operator)} `)})`
}

/** The words as they are, or in another form of the language. A word that says nothing in that language (“the”) demands nothing. */
function termQuery(term: Term, language: SearchLanguage): RawBuilder<unknown> {
  if (term.others) return joinQueries(listEither(term).map((each) => termQuery(each, language)), '||') // biome-ignore format: one thought
  const [run = []] = term.runs
  if (term.isQuoted || term.runs.length > 1 || run.length > 1) return exactQuery(term)
  const form = sql`to_tsquery(${sql.lit(language)}, ${quote(run)})`
  const exact = exactQuery(term)
  // a word that is its own stem is asked once: twice it is taken for more common, and the whole table is read
  return sql`case when numnode(${form}) = 0 then ''::tsquery when ${exact} @> ${form} and ${form} @> ${exact} then ${exact} else ${exact} || ${form} end`
}

function exactQuery(term: Term): RawBuilder<unknown> {
  if (term.others) return joinQueries(listEither(term).map(exactQuery), '||')
  return sql`to_tsquery('simple', ${term.runs.map((run) => `(${quote(run)}${term.isPrefix ? ':*' : ''})`).join(' | ')})`
}

/** The term and what is as good, each by itself. */
const listEither = ({ others = [], ...own }: Term): Term[] => [own, ...others]

/** `'beach' <-> 'house'`. Words hold letters, digits and marks only (see `splitWords`); quotes are doubled all the same. */
function quote(run: readonly string[]): string {
  return run.map((word) => `'${word.replaceAll("'", "''").replaceAll('\\', '')}'`).join(' <-> ')
}

/** Photos that hold none of the excluded words. */
export function lacksWords(none: string): Predicate {
  return (photo) => sql<SqlBool>`not ${documentMatches(photo, none)}`
}

function documentMatches(photo: string, query: string): Expression<SqlBool> {
  return sql<SqlBool>`exists (select 1 from search_documents w where w.photo_id = ${sql.ref(`${photo}.id`)} and w.tsv @@ ${query}::tsquery)`
}

export interface KeywordQuestion {
  readonly words: SearchWords
  readonly compiled: CompiledWords
  /** the only photos that may be found; null where nothing else is demanded */
  readonly kept: IdSet | null
  readonly hidesCopies: boolean
  /** newest photo the search knows of */
  readonly maxPhotoId: number
  /** whether photos with only some of the words may answer when none has all */
  readonly allowAny: boolean
  /** whether words of the same or a broader meaning may answer where few photos have those typed */
  readonly widens: boolean
  /** false where only which photos match is asked, not in which order */
  readonly isRanked: boolean
  readonly matches: KeptMatches
  /** of the database, read before anything else */
  readonly state: string
}

const NO_REST = new Int32Array(0)

export async function findByWords(db: Db, question: KeywordQuestion): Promise<KeywordHits> {
  const { compiled } = question
  if (compiled.all === null) return { ids: [], rest: NO_REST, near: [], isExact: true }
  const exact = await findMatches(db, question, compiled.all)
  if (exact.ids.length >= SECOND_CHANCE_BELOW) return { ...exact, near: [], isExact: true }
  const isExact = exact.ids.length > 0
  const ids = new Set(exact.ids)
  const near: NearWord[] = []
  const terms = question.words.include.filter((_, i) => compiled.isTelling[i] === true)
  const words = terms.flatMap(plainWord)
  // a step further each time, and only as far as needed
  const steps: (() => Promise<NearWord[]>)[] = [
    ...(question.widens ? [async () => listWidened(words, 'synonym')] : []),
    () => readNearWords(db, words),
    ...(question.widens ? [async () => (ids.size > 0 ? [] : listWidened(words, 'broader'))] : []),
  ]
  for (const step of steps) {
    const more = await step()
    if (more.length === 0) continue
    near.push(...more)
    const query = await loosenWords(db, terms, near)
    for (const id of query === null ? [] : (await findMatches(db, question, query)).ids) ids.add(id)
  }
  if (ids.size > 0 || !question.allowAny || compiled.any === null || compiled.any === compiled.all)
    return { ids: [...ids], rest: NO_REST, near, isExact }
  return { ...(await findMatches(db, question, compiled.any, compiled)), near: [], isExact: true }
}

/** What the lexical database knows of these words, as words of documents. */
function listWidened(words: readonly string[], how: 'synonym' | 'broader'): NearWord[] {
  return words.flatMap((typed) => {
    const widened = widenNoun(typed)
    return (how === 'synonym' ? widened.synonyms : widened.broader).map((name) => ({ typed, found: documentWords(name).join(' '), how }))
  })
}

/** All that match are found as ids; what else is demanded is asked here, where it costs nothing. Then the newest are ranked. */
async function findMatches(
  db: Db,
  { kept, hidesCopies, maxPhotoId, isRanked, matches, state }: KeywordQuestion,
  query: string,
  parts: Pick<CompiledWords, 'anyOf' | 'quoted'> = { anyOf: [query], quoted: null },
): Promise<Pick<KeywordHits, 'ids' | 'rest'>> {
  const all = await matches.readAny(db, parts.anyOf, parts.quoted, state)
  let ids = (kept === null ? all : all.and(kept)).toIds()
  if ((ids.at(-1) ?? 0) > maxPhotoId) ids = ids.filter((id) => id <= maxPhotoId)
  if (hidesCopies && ids.length > 1) {
    const worse = await findWorseCopies(db, ids)
    if (worse.size > 0) ids = ids.filter((id) => !worse.has(id))
  }
  ids.reverse()
  const newest = ids.subarray(0, RANKED_MATCHES)
  return { ids: isRanked ? await rankPhotos(db, newest, query) : [...newest], rest: ids.subarray(RANKED_MATCHES) }
}

async function rankPhotos(db: DbOrTrx, ids: Int32Array, query: string): Promise<number[]> {
  if (ids.length < 2) return [...ids]
  const { rows } = await sql<{ ids: Uint8Array | null }>`
    select string_agg(int4send(photo_id), ''::bytea order by rank desc, photo_id desc) as ids
    from (select photo_id, ts_rank(tsv, ${query}::tsquery) as rank from search_documents
      where photo_id = any (${`{${ids.join(',')}}`}::integer[])) ranked`.execute(db)
  return [...unpackIds(rows[0]?.ids)]
}

/** The stems of words in a language, for saying which form of a word matched; null for words that say nothing in it (“the”). */
export async function readStems(db: DbOrTrx, words: readonly string[], language: SearchLanguage): Promise<Map<string, string | null>> {
  if (language === 'simple' || words.length === 0) return new Map()
  const { rows } = await sql<{ word: string; stem: string | null }>`
    select word, (ts_lexize(${sql.lit(`${language}_stem`)}, word))[1] as stem
    from jsonb_array_elements_text(${JSON.stringify(words)}::jsonb) as r (word)`.execute(db)
  return new Map(rows.map(({ word, stem }) => [word, stem]))
}

/** The query with each telling word widened by those that may stand in its place. */
async function loosenWords(db: Db, terms: readonly Term[], near: readonly NearWord[]): Promise<string | null> {
  const queries = terms.map((term) => {
    const others = plainWord(term).flatMap((word) => near.filter(({ typed }) => typed === word))
    return others.length === 0
      ? exactQuery(term)
      : sql`(${exactQuery(term)} || to_tsquery('simple', ${others.map(({ found }) => `(${quote(found.split(' '))})`).join(' | ')}))`
  })
  const { rows } = await sql<{ query: string }>`select ${joinQueries(queries, '&&')}::text as query`.execute(db)
  return rows[0]?.query || null
}

/** The word of a term that may be widened. */
function plainWord(term: Term): string[] {
  const [run = []] = term.runs
  const [word = ''] = run
  return term.others || term.isQuoted || term.runs.length > 1 || run.length > 1 || isUnspaced(word) || [...word].length < MIN_LOOSE
    ? []
    : [word]
}

/** Two letters swapped in the middle of a short word leave too few triples to be found by them: `pesron` shares .27 with `person`. */
function swapNeighbours(word: string): string[] {
  const letters = [...word]
  return letters.slice(1).map((letter, i) => [...letters.slice(0, i), letter, letters[i], ...letters.slice(i + 2)].join(''))
}

/**
 * Per word: words of the library that hold it, and, if neither the library nor a dictionary knows the word itself, those it may be a
 * misspelling of: who types “beach” does not mean the bench. A number with another digit is another number, and shares its triples with thousands.
 */
async function readNearWords(db: Db, words: readonly string[]): Promise<NearWord[]> {
  if (words.length === 0) return []
  const asked = [...new Set(words)].map(async (word) => ({
    asked: word,
    swapped: swapNeighbours(word),
    is_spelt: await isEnglishWord(word),
  }))
  const { rows } = await sql<{ asked: string; word: string }>`
    select a.asked, near.word
    from jsonb_to_recordset(${JSON.stringify(await Promise.all(asked))}::jsonb) as a (asked text, swapped text[], is_spelt boolean)
    left join lateral (select word from search_words where word = a.asked limit 1) k on true, lateral (
      (select w.word from search_words w where w.word like '%' || a.asked || '%' limit ${sql.lit(NEAR_WORDS)})
      union
      (select w.word from search_words w where k.word is null and not a.is_spelt and a.asked !~ '[0-9]' and w.word % a.asked and similarity(w.word, a.asked) >= ${sql.lit(NEAR_SIMILARITY)}
        order by similarity(w.word, a.asked) desc, w.word limit ${sql.lit(NEAR_WORDS)})
      union
      (select w.word from search_words w where k.word is null and not a.is_spelt and w.word = any (a.swapped))
    ) near`.execute(db)
  return rows.flatMap(({ asked, word }): NearWord[] => {
    if (word === asked) return []
    if (word.includes(asked)) return [{ typed: asked, found: word, how: 'part' }]
    return isMisspelt(asked, word) ? [{ typed: asked, found: word, how: 'misspelt' }] : []
  })
}
