/**
 * @file How sure it is that a photo is what words ask for: by the photo’s tags and how certain each is, which lie in memory (`FacetIndex`),
 * and for words that no tag explains by the field of the document that holds them. Words are weighed alike however often they stand there.
 */
import type { NearWord } from '../contract/search.ts'
import type { Db } from '../db/client.ts'
import type { IdSet } from '../domain/search/id-set.ts'
import type { FacetIndex } from './facet-index.ts'
import type { Term } from './parse.ts'
import { type FieldCode, readFieldsOfTerms } from './store-evidence.ts'
import type { AskedWord } from './tag-names.ts'

/**
 * What a word is worth by its field, where no tag says it: a name of a person or a title; a keyword of the file; text, description;
 * name of the file, place, date; and by a beginning or another form only.
 */
const FIELD_WORTH: Readonly<Record<FieldCode, number>> = { a: 1, b: 0.9, c: 0.65, d: 0.5, other: 0.25 }
/** Before its field is read. */
const UNREAD = 0.5
/** What a word is worth that stands in for the typed one. */
const STAND_IN: Readonly<Record<NearWord['how'], number>> = { translation: 0.95, synonym: 0.9, broader: 0.4, part: 0.3 }
/** So many photos are put in order; of the others which they are is known, and when they were taken. */
export const RANKED_MATCHES = 3000
/** The fields of so many are read, the newest. At 100,000 photos 1,000 take 4 ms of a processor in PGlite. */
const MAX_READ = 1000

export interface AskedTerm {
  readonly term: Term
  /** words that may stand in its place */
  readonly near: readonly NearWord[]
  /** the photos that hold it, and how much that tells; null where all hold it */
  readonly held: { readonly ids: IdSet; readonly weight: number } | null
}

export interface Weighed {
  /** best first */
  readonly ids: readonly number[]
  /** beside the ids, 0 to 1 */
  readonly evidence: readonly number[]
  /** the other photos, in the order they came */
  readonly rest: Int32Array
}

export interface EvidenceDeps {
  readonly db: Db
  /** null as long as it is not filled: then fields decide */
  readonly index: FacetIndex | null
  readonly stems: (words: readonly string[]) => Promise<ReadonlyMap<string, string | null>>
}

/**
 * @param ids the photos found, newest first
 * @param query the tsquery they were found by: orders what is equal otherwise, by nearness and number of the words
 */
export async function weighMatches(deps: EvidenceDeps, ids: Int32Array, terms: readonly AskedTerm[], query: string): Promise<Weighed> {
  const byTags = await weighByTags(deps, ids, terms)
  const scores = scoreAll(terms, ids, byTags)
  const places = pickBest(scores, RANKED_MATCHES)
  const unexplained = places.filter((i) => terms.some(({ held }, t) => (byTags[t]?.[i] ?? 0) === 0 && (held?.ids.has(ids[i] ?? 0) ?? true)))
  const ranks = new Float32Array(ids.length)
  if (unexplained.length > 0 && ids.length > 1) {
    const read = unexplained.slice(0, MAX_READ)
    const fields = await readFieldsOfTerms(
      deps.db,
      Int32Array.from(read, (i) => ids[i] ?? 0),
      terms.map(({ term }) => term),
      query,
    )
    for (const i of read) {
      const own = fields.get(ids[i] ?? 0)
      if (own === undefined) continue
      ranks[i] = own.rank
      scores[i] = scoreOf(terms, ids[i] ?? 0, (t) => byTags[t]?.[i] || (own.fields[t] === undefined ? UNREAD : FIELD_WORTH[own.fields[t]]))
    }
  }
  // newest first among equals: the places are in that order
  const sorted = places.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (ranks[b] ?? 0) - (ranks[a] ?? 0) || a - b)
  const isRanked = new Uint8Array(ids.length)
  for (const i of sorted) isRanked[i] = 1
  return {
    ids: sorted.map((i) => ids[i] ?? 0),
    evidence: sorted.map((i) => scores[i] ?? 0),
    rest: sorted.length === ids.length ? new Int32Array(0) : ids.filter((_, i) => isRanked[i] === 0),
  }
}

/** As `scoreOf`, of all photos, before any field is read: by place and without calls, for half a million photos of a common word. */
function scoreAll(terms: readonly AskedTerm[], ids: Int32Array, byTags: readonly Float32Array[]): Float32Array {
  const scores = new Float32Array(ids.length)
  const told = terms.flatMap(({ held }, t) => (held === null ? [] : [{ ...held, own: byTags[t] }]))
  if (told.length > 0) {
    const possible = told.reduce((sum, { weight }) => sum + weight, 0)
    for (const { ids: holding, weight, own } of told)
      for (let i = 0; i < scores.length; i++)
        if (holding.has(ids[i] as number)) (scores[i] as number) += ((own?.[i] || UNREAD) * weight) / possible
    return scores
  }
  scores.fill(1)
  for (let t = 0; t < terms.length; t++) {
    const own = byTags[t]
    for (let i = 0; i < scores.length; i++) (scores[i] as number) *= own?.[i] || UNREAD
  }
  if (terms.length > 1) for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) ** (1 / terms.length)
  return scores
}

/** All must hold: their geometric mean, so that many words are worth no less than one. Any may: what each tells, over what all would. */
function scoreOf(terms: readonly AskedTerm[], id: number, worth: (term: number) => number): number {
  let all = 1
  let demanded = 0
  let told = 0
  let possible = 0
  for (let t = 0; t < terms.length; t++) {
    const held = terms[t]?.held ?? null
    if (held === null) {
      all *= worth(t)
      demanded++
    } else {
      possible += held.weight
      if (held.ids.has(id)) told += held.weight * worth(t)
    }
  }
  return possible > 0 ? told / possible : all ** (1 / Math.max(1, demanded))
}

/** Scores are told apart to this part where the best are picked: sorting half a million takes 40 ms, counting 2. */
const STEPS = 4096

/** Places of the best, in ascending order: the newest of those that are equal to the last. */
function pickBest(scores: Float32Array, most: number): number[] {
  if (scores.length <= most) return Array.from(scores, (_, i) => i)
  const counts = new Int32Array(STEPS + 1)
  const stepOf = (i: number) => Math.round((scores[i] as number) * STEPS)
  for (let i = 0; i < scores.length; i++) (counts[stepOf(i)] as number)++
  let floor = STEPS
  let above = 0
  while (floor > 0 && above + (counts[floor] ?? 0) < most) above += counts[floor--] ?? 0
  let equal = most - above
  const places: number[] = []
  for (let i = 0; i < scores.length; i++) if (stepOf(i) > floor || (stepOf(i) === floor && equal-- > 0)) places.push(i)
  return places
}

/** Per term and photo; 0 where no tag says the term. */
async function weighByTags({ index, stems }: EvidenceDeps, ids: Int32Array, terms: readonly AskedTerm[]): Promise<Float32Array[]> {
  if (index === null || ids.length === 0) return []
  const { names } = index
  const run = terms.map(({ term }) => wordOf(term))
  const others = terms.flatMap((asked) => listOthers(asked))
  const words = [...run, ...others.flatMap(({ words }) => words)].map(({ word }) => word)
  const known = await stems([...names.listForms(words), ...words])
  const factors = names.match(run, known).map((own) => new Map(own))
  for (const { term, words, worth } of others) {
    const [first, ...more] = names.match(words, known)
    const own = factors[terms.indexOf(term)]
    for (const [value, factor] of first ?? []) {
      const least = Math.min(factor, ...more.map((each) => each.get(value) ?? 0)) * worth
      if (least > (own?.get(value) ?? 0)) own?.set(value, least)
    }
  }
  return index.weigh(
    ids,
    terms.map(({ held }, t) => ({ factors: factors[t] ?? new Map(), among: held?.ids ?? null })),
  )
}

const NO_WORD: AskedWord = { word: '', isPrefix: false, isQuoted: true }

/** The word of a term that is one word. */
function wordOf(term: Term): AskedWord {
  const [run = []] = term.runs
  const [word = ''] = run
  return term.runs.length === 1 && run.length === 1 && word !== '' ? { word, isPrefix: term.isPrefix, isQuoted: term.isQuoted } : NO_WORD
}

/** What else is as good as the term, or nearly: phrases, words after OR, words that stand in for it. */
function listOthers(asked: AskedTerm): { term: AskedTerm; words: AskedWord[]; worth: number }[] {
  const exact = (word: string): AskedWord => ({ word, isPrefix: false, isQuoted: true })
  const { term, near } = asked
  return [
    ...term.runs.filter((run) => run.length > 1).map((run) => ({ term: asked, words: run.map(exact), worth: 1 })),
    ...(term.others ?? []).map((other) => ({ term: asked, words: [wordOf(other)], worth: 1 })),
    ...near.map(({ found, how }) => ({ term: asked, words: found.split(' ').map(exact), worth: STAND_IN[how] })),
  ]
}
