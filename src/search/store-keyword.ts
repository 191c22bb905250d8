/** @file Keyword candidates: words to a tsquery, documents that match it, and a second chance by parts of words and typos. */

import { type Expression, type SqlBool, sql } from 'kysely'
import type { NearWord } from '../contract/search.ts'
import type { Db, DbOrTrx } from '../db/client.ts'
import type { SearchLanguage } from '../document/store.ts'
import { IdSet } from '../domain/search/id-set.ts'
import { documentWords, editDistance, isMisspelt, isUnspaced } from '../domain/search/words.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import { widenNoun } from '../lexicon/broader.ts'
import { isEnglishWord } from '../lexicon/english-words.ts'
import { translateWord } from '../lexicon/translate.ts'
import { type AskedTerm, type EvidenceDeps, RANKED_MATCHES, weighMatches } from './evidence.ts'
import type { KeptMatches } from './kept-matches.ts'
import { isSentence, type SearchWords, type Term } from './parse.ts'
import { isSeenWord } from './store-facets.ts'
import { findWorseCopies } from './store-list.ts'
import { exactQuery, joinQueries, quote } from './store-terms.ts'
import type { CompiledWords } from './store-words.ts'

export interface KeywordHits {
  /** best first */
  readonly ids: readonly number[]
  /** beside the ids: how sure it is that each is what was asked for, 0 to 1 (`weighMatches`) */
  readonly evidence: readonly number[]
  /** more matches than were ranked, newest first */
  readonly rest: Int32Array
  /** words that were looked for in place of those typed */
  readonly near: readonly NearWord[]
  /** false where no photo holds the words as typed */
  readonly isExact: boolean
  /** words that nothing knows, each with the one of the library that it may be a slip of: offered, never looked for unasked */
  readonly meant: readonly MeantWord[]
}

/** A word that nothing knows, and the word of the library it may be a misspelling of. */
export interface MeantWord {
  readonly typed: string
  readonly found: string
}

/** Below this many exact matches, other words for the same get their chance; parts of words where there is none. */
const SECOND_CHANCE_BELOW = 10
/** Parts of shorter words stand in everything. */
const MIN_LOOSE = 3
/** Words of the library weighed per term, by how many letter triples they share; the edit distance decides (`isMisspelt`). */
const NEAR_WORDS = 60
/** Two swapped letters of six (`zurihc`) leave .4 of the triples, one wrong of five (`beech`) .33. */
const NEAR_SIMILARITY = 0.3

/** Photos that hold none of the excluded words. */
export function lacksWords(none: string): Predicate {
  return (photo) => sql<SqlBool>`not ${documentMatches(photo, none)}`
}

function documentMatches(photo: string, query: string): Expression<SqlBool> {
  return sql<SqlBool>`exists (select 1 from search_documents w where w.photo_id = ${sql.ref(`${photo}.id`)} and w.tsv @@ ${query}::tsquery)`
}

export interface KeywordQuestion {
  readonly sees: Visibility
  /** where not every photo may be seen: those that may */
  readonly seen: IdSet | null
  readonly words: SearchWords
  readonly compiled: CompiledWords
  /** the only photos that may be found; null where nothing else is demanded */
  readonly kept: IdSet | null
  /** those that are not shown, where `kept` does not leave them out */
  readonly hidden: IdSet
  readonly hidesCopies: boolean
  /** newest photo the search knows of */
  readonly maxPhotoId: number
  /** whether words of the same or a broader meaning may answer where few photos have those typed */
  readonly widens: boolean
  /** false where only which photos match is asked, not in which order */
  readonly isRanked: boolean
  readonly matches: KeptMatches
  readonly evidence: Omit<EvidenceDeps, 'db'>
  /** of the database, read before anything else */
  readonly state: string
}

type Found = Pick<KeywordHits, 'ids' | 'evidence' | 'rest'>

const NO_REST = new Int32Array(0)
const NO_PHOTOS = IdSet.of([])
const NOTHING: Found = { ids: [], evidence: [], rest: NO_REST }

export async function findByWords(db: Db, question: KeywordQuestion): Promise<KeywordHits> {
  const { compiled } = question
  if (compiled.all === null) return { ...NOTHING, near: [], isExact: true, meant: [] }
  const isTelling = (_: Term, i: number) => compiled.isTelling[i] === true
  const telling = question.words.include.filter(isTelling)
  // a query of nothing but “the” looks for it
  const terms = telling.length > 0 ? telling : question.words.include
  const sets = isSentence(telling) ? await readPieces(db, question) : null
  const exact = await findAll(db, question, { query: compiled.all, terms, near: [], ids: sets && joinAll(question, sets) })
  if (exact.ids.length >= SECOND_CHANCE_BELOW) return { ...exact, near: [], isExact: true, meant: [] }
  const isExact = exact.ids.length > 0
  const found = new Map(exact.ids.map((id, i) => [id, exact.evidence[i] ?? 0]))
  const near: NearWord[] = []
  const words = (sets ? listLacking(question, sets) : telling).flatMap(plainWord)
  const { parts, meant } = await readNearWords(db, question.sees, words)
  const translated = await listTranslated(words)
  // a step further each time, and only as far as needed
  const steps: (() => readonly NearWord[])[] = [
    () => translated.foreign,
    ...(question.widens ? [() => listWidened(words, 'synonym')] : []),
    () => (found.size > 0 ? [] : translated.english),
    () => (found.size > 0 ? [] : parts),
    ...(question.widens ? [() => (found.size > 0 ? [] : listWidened(words, 'broader'))] : []),
  ]
  for (const step of steps) {
    const more = step()
    if (more.length === 0) continue
    near.push(...more)
    const query = await loosenWords(db, telling, near)
    if (query === null) continue
    const { ids, evidence } = await findAll(db, question, { query, terms: telling, near, ids: null })
    for (const [i, id] of ids.entries()) if (!found.has(id)) found.set(id, evidence[i] ?? 0)
  }
  if (found.size > 0 || compiled.any === null || compiled.any === compiled.all)
    return { ids: [...found.keys()], evidence: [...found.values()], rest: NO_REST, near, isExact, meant }
  const some = await findAny(db, question, compiled.any, sets ?? (await readPieces(db, question)))
  return { ...some, near: [], isExact: true, meant }
}

/** What words of other languages mean. One that English has, too, is first taken as English: `english`. */
async function listTranslated(words: readonly string[]): Promise<Record<'foreign' | 'english', readonly NearWord[]>> {
  const foreign: NearWord[] = []
  const english: NearWord[] = []
  for (const typed of words) {
    const own = translateWord(typed).map((name) => ({ typed, found: documentWords(name).join(' '), how: 'translation' as const }))
    if (own.length > 0) ((await isEnglishWord(typed)) ? english : foreign).push(...own.filter(({ found }) => found !== typed))
  }
  return { foreign, english }
}

/** What the lexical database knows of these words, as words of documents. */
function listWidened(words: readonly string[], how: 'synonym' | 'broader'): NearWord[] {
  return words.flatMap((typed) => {
    const widened = widenNoun(typed)
    return (how === 'synonym' ? widened.synonyms : widened.broader).map((name) => ({ typed, found: documentWords(name).join(' '), how }))
  })
}

/** Photos that hold all the terms, or what stands in for them. @param ids where they are known already */
async function findAll(
  db: Db,
  question: KeywordQuestion,
  { query, terms, near, ids }: { query: string; terms: readonly Term[]; near: readonly NearWord[]; ids: IdSet | null },
): Promise<Found> {
  const asked = terms.map((term) => ({ term, near: near.filter(({ typed }) => plainWord(term).includes(typed)), held: null }))
  const [found = NO_PHOTOS] = ids ? [ids] : await question.matches.readEach(db, [query], question.state)
  return order(db, question, query, found, asked)
}

/** The photos of each piece that says something, and of what is quoted. */
interface PieceSets {
  readonly pieces: readonly IdSet[]
  readonly quoted: IdSet | null
}

async function readPieces(db: Db, { seen, compiled: { anyOf, quoted }, matches, state }: KeywordQuestion): Promise<PieceSets> {
  const all = await matches.readEach(db, quoted === null ? anyOf : [...anyOf, quoted], state)
  // how many photos hold a word says what it tells: of photos that are not seen nothing may show
  const sets = seen === null ? all : all.map((own) => own.and(seen))
  return { pieces: sets.slice(0, anyOf.length), quoted: quoted === null ? null : (sets.at(-1) ?? NO_PHOTOS) }
}

/** Photos that hold all; null where the pieces are not all that was typed (an ending of files beside other words is none). */
function joinAll({ words }: KeywordQuestion, { pieces, quoted }: PieceSets): IdSet | null {
  if (words.pieces.flat().length + words.include.filter(({ isQuoted }) => isQuoted).length < words.include.length) return null
  return [...pieces, ...(quoted === null ? [] : [quoted])].reduce((all, own) => all.and(own))
}

/** Terms that no photo holds: of a sentence only those are looked for in other words. */
function listLacking({ words, compiled }: KeywordQuestion, { pieces }: PieceSets): Term[] {
  const telling = words.pieces.filter((_, i) => compiled.isPieceTelling[i] === true)
  return telling.filter((_, i) => pieces[i]?.size === 0).flat()
}

/** Photos that hold what is quoted and any of the other pieces: the more they tell, the sooner. */
async function findAny(db: Db, question: KeywordQuestion, query: string, sets: PieceSets): Promise<Found> {
  const { compiled, words, maxPhotoId } = question
  const pieces = words.pieces.filter((_, i) => compiled.isPieceTelling[i] === true)
  const asked = pieces.flatMap((terms, i): AskedTerm[] => {
    const ids = sets.pieces[i] ?? NO_PHOTOS
    // what no photo holds tells them not apart
    if (ids.size === 0) return []
    // as in every index of texts: a word on all photos tells nothing
    const weight = Math.log((maxPhotoId + 1) / (ids.size + 0.5))
    return terms.slice(0, 1).map((term) => ({ term, near: [], held: { ids, weight: Math.max(weight, 0.01) } }))
  })
  const any = sets.pieces.reduce((all, own) => all.or(own), NO_PHOTOS)
  const found = sets.quoted === null ? any : any.and(sets.quoted)
  const some = await order(db, question, query, keepTelling(found, asked, question.widens ? 0 : MIN_TOLD), asked)
  return { ...some, evidence: some.evidence.map((share) => share ** ANY_POWER) }
}

/**
 * A photo with half of what the words tell is worth a quarter: nDCG@10 of two words at 1 / 2 / 4 is .64 / .66 / .67 with the stand-in, and
 * 20 / 20 / 15 of 20 receipts are found by sentences (`npm run eval -- known-item`).
 */
const ANY_POWER = 2
/**
 * Share of what all the words tell that those of a photo must tell beside what is found by meaning: of a sentence, one common word makes no
 * hit. Without a model such hits are all there is.
 */
const MIN_TOLD = 0.5

function keepTelling(found: IdSet, asked: readonly AskedTerm[], minTold: number): IdSet {
  if (minTold === 0) return found
  const held = asked.flatMap(({ held }) => held ?? [])
  const possible = held.reduce((sum, { weight }) => sum + weight, 0)
  const told = (id: number) => {
    let sum = 0
    for (const { ids, weight } of held) if (ids.has(id)) sum += weight
    return sum
  }
  return IdSet.of(found.toIds().filter((id) => told(id) >= minTold * possible))
}

/** All that match are found as ids; what else is demanded is asked here, where it costs nothing. Then the best are put in order. */
async function order(
  db: Db,
  { kept, hidden, hidesCopies, maxPhotoId, isRanked, evidence }: KeywordQuestion,
  query: string,
  all: IdSet,
  asked: readonly AskedTerm[],
): Promise<Found> {
  let ids = (kept === null ? (hidden.size === 0 ? all : all.without(hidden)) : all.and(kept)).toIds()
  if ((ids.at(-1) ?? 0) > maxPhotoId) ids = ids.filter((id) => id <= maxPhotoId)
  if (hidesCopies && ids.length > 1) {
    const worse = await findWorseCopies(db, ids)
    if (worse.size > 0) ids = ids.filter((id) => !worse.has(id))
  }
  ids.reverse()
  if (isRanked) return weighMatches({ db, ...evidence }, ids, asked, query)
  const newest = [...ids.subarray(0, RANKED_MATCHES)]
  return { ids: newest, evidence: newest.map(() => 1), rest: ids.subarray(RANKED_MATCHES) }
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

interface NearWords {
  /** words of the library that hold the typed one */
  readonly parts: readonly NearWord[]
  /** per word that neither the library nor a dictionary knows: the one of the library it may be a slip of */
  readonly meant: readonly MeantWord[]
}

/** A number with another digit is another number, and shares its triples with thousands: it is no slip. */
async function readNearWords(db: Db, sees: Visibility, words: readonly string[]): Promise<NearWords> {
  if (words.length === 0) return { parts: [], meant: [] }
  const asked = [...new Set(words)].map(async (word) => ({
    asked: word,
    swapped: swapNeighbours(word),
    is_spelt: await isEnglishWord(word),
  }))
  const { rows } = await sql<{ asked: string; word: string }>`
    select a.asked, near.word
    from jsonb_to_recordset(${JSON.stringify(await Promise.all(asked))}::jsonb) as a (asked text, swapped text[], is_spelt boolean)
    left join lateral (select word from search_words where word = a.asked ${isSeenWord(sees, 'word')} limit 1) k on true, lateral (
      (select w.word from search_words w where w.word like '%' || a.asked || '%' ${isSeenWord(sees, 'w.word')} limit ${sql.lit(NEAR_WORDS)})
      union
      (select w.word from search_words w where k.word is null and not a.is_spelt and a.asked !~ '[0-9]' and w.word % a.asked and similarity(w.word, a.asked) >= ${sql.lit(NEAR_SIMILARITY)} ${isSeenWord(sees, 'w.word')}
        order by similarity(w.word, a.asked) desc, w.word limit ${sql.lit(NEAR_WORDS)})
      union
      (select w.word from search_words w where k.word is null and not a.is_spelt and w.word = any (a.swapped) ${isSeenWord(sees, 'w.word')})
    ) near`.execute(db)
  const others = rows.filter(({ asked, word }) => word !== asked)
  return {
    parts: others.flatMap(({ asked, word }) => (word.includes(asked) ? [{ typed: asked, found: word, how: 'part' as const }] : [])),
    meant: [...Map.groupBy(others, ({ asked }) => asked)].flatMap(([typed, own]) => {
      // a word still being typed is no slip
      if (own.some(({ word }) => word.startsWith(typed))) return []
      const [best] = own
        .filter(({ word }) => isMisspelt(typed, word))
        .map(({ word }) => ({ word, distance: editDistance([...typed], [...word]) }))
        .sort(
          (a, b) =>
            a.distance - b.distance || Number(b.word[0] === typed[0]) - Number(a.word[0] === typed[0]) || (a.word < b.word ? -1 : 1),
        )
      return best ? [{ typed, found: best.word }] : []
    }),
  }
}
