/** @file A search from question to answer: parse → candidates → fuse → cut off → present. */

import type { NearWord, SearchAnswer, SearchQuery } from '../contract/search.ts'
import { isKept, isPersonal, isReadable } from '../db/visible.ts'
import { FototecaError } from '../domain/errors.ts'
import { RRF_K } from '../domain/search/fusion.ts'
import { localDay } from '../domain/search/query/date-span.ts'
import type { Visibility } from '../domain/visibility.ts'
import type { Answered } from './answered.ts'
import { findCandidates, type Kept, prepareKept } from './candidates.ts'
import { encodeCursor, type RankedCursor } from './cursor.ts'
import { RANKED_MATCHES } from './evidence.ts'
import { FacetIndex } from './facet-index.ts'
import { SearchMemory } from './memory.ts'
import type { Term } from './parse.ts'
import { parseQuery, type SearchPlan } from './plan.ts'
import { presentPhotos, presentRanked } from './present.ts'
import { type Candidates, cutOff, dropCopies, fuseCandidates, type Ranking, trimRest } from './ranking.ts'
import type { SearchDeps } from './search-deps.ts'
import { readDatabaseState } from './store-changes.ts'
import type { MeantWord } from './store-keyword.ts'
import { countPhotos, findWorseCopies, hasApart, listByTime, readCopies, readMatching, readMaxPhotoId, sortByTime } from './store-list.ts'
import { compileWords } from './store-words.ts'
import { demandTyped } from './typed-filters.ts'
import { LIST_WEIGHTS } from './weights.ts'

const DEFAULTS = {
  answers: null,
  findNear: null,
  cutOff: () => null,
  worth: () => 1,
  described: () => Promise.resolve(null),
  lookAt: () => Promise.reject(new FototecaError('unavailable', 'parts of photos cannot be searched by here')),
}

/** A plan with what its text demands of photos. */
interface Prepared {
  readonly deps: Required<SearchDeps>
  readonly sees: Visibility
  readonly plan: SearchPlan
  readonly notices: readonly string[]
  /** of the database, read before anything else */
  readonly state: string
}

const complete = (given: SearchDeps): Required<SearchDeps> => ({
  ...DEFAULTS,
  memory: new SearchMemory(),
  facetIndex: new FacetIndex(),
  ...given,
})

async function prepare(deps: Required<SearchDeps>, sees: Visibility, query: SearchQuery): Promise<Prepared> {
  const state = await readDatabaseState(deps.db)
  return prepareAt(deps, sees, query, localDay(new Date()), state)
}

async function prepareAt(
  deps: Required<SearchDeps>,
  sees: Visibility,
  query: SearchQuery,
  today: string,
  state: string,
): Promise<Prepared> {
  const plan = parseQuery(query, today)
  const { expression, notices: unknown } = await demandTyped(deps.db, deps.facetIndex, sees, plan.chips)
  const notices = [...unknown, ...plan.misread.map((text) => `“${text}” could not be read as a filter; its words were looked for.`)]
  if (expression === null) return { deps, sees, plan, notices, state }
  return { deps, sees, plan: { ...plan, filters: { ...plan.filters, typed: expression } }, notices, state }
}

/** @throws FototecaError `not_found` (the photo to search by), `bad_request` (cursor) */
export async function runSearch(given: SearchDeps, sees: Visibility, query: SearchQuery): Promise<SearchAnswer> {
  const started = performance.now()
  const deps = complete(given)
  const [state, today] = [await readDatabaseState(deps.db), localDay(new Date())]
  const search = () => answer(deps, sees, query, today, state)
  const found = deps.answers ? await deps.answers.get(deps, { sees, query, today, state }, search) : await search()
  return { ...found.answer, took_ms: Math.round((performance.now() - started) * 10) / 10 }
}

async function answer(deps: Required<SearchDeps>, sees: Visibility, query: SearchQuery, today: string, state: string): Promise<Answered> {
  const prepared = await prepareAt(deps, sees, query, today, state)
  const { plan, notices } = prepared
  const { isPassing, ...page } = plan.isList ? await listPage(prepared) : await rankedPage(prepared)
  const notice = [...notices, ...(page.notice === null ? [] : [page.notice])].join(' ') || null
  return { answer: { query: plan.query, mode: plan.mode, ...page, notice }, isPassing }
}

type Page = Omit<SearchAnswer, 'query' | 'mode' | 'took_ms'> & Pick<Answered, 'isPassing'>

/** Nothing to rank by: photos by time. The key of the last one leads to the next page, so new photos neither repeat nor skip any. */
async function listPage({ deps, sees, plan, state }: Prepared): Promise<Page> {
  const { cursor } = plan
  if (cursor !== null && cursor[0] !== 'list') throw new FototecaError('bad_request', 'cursor: it belongs to another search')
  const compiled = await compileWords(deps.db, plan.words, deps.language)
  const kept = await prepareKept(deps, sees, plan, compiled, state)
  const after = cursor ? { sortAt: cursor[2], id: cursor[3] } : null
  const rows = await listByTime(deps.db, kept.demands([]), { after, limit: plan.limit + 1, isOldestFirst: plan.sort === 'oldest' })
  const total = cursor ? cursor[4] : await countKept(deps, sees, plan, kept, state)
  const shown = rows.slice(0, plan.limit)
  const last = shown.at(-1)
  return {
    isPassing: false,
    ran: ['list'],
    space: null,
    notice: null,
    near: [],
    did_you_mean: null,
    cut_off: null,
    hits: await presentPhotos(
      deps.db,
      sees,
      shown.map(({ id }) => id),
    ),
    total,
    next: last && rows.length > shown.length ? encodeCursor(['list', plan.fingerprint, last.sort_at, last.id, total]) : null,
  }
}

async function rankedPage(prepared: Prepared): Promise<Page> {
  const { deps, sees, plan } = prepared
  const { cursor } = plan
  if (cursor !== null && cursor[0] !== 'ranked') throw new FototecaError('bad_request', 'cursor: it belongs to another search')
  const remembered = cursor ? deps.memory.recall(cursor[2], sees) : undefined
  const ranking = remembered ?? (await sortRanking(deps, plan, await rank(prepared, cursor?.[4] ?? (await readNewest(prepared)))))
  const offset = cursor?.[3] ?? 0
  const total = ranking.hits.length + ranking.rest.length
  const shown = await presentRanked(deps, sees, takeHits(ranking, offset, plan.limit), { words: plan.words, near: ranking.near.words })
  const end = offset + plan.limit
  // the list stays as it is while it is paged through, though analysis goes on; if it is forgotten, photos newer than it stay out
  const keyOf = () => (remembered && cursor ? cursor[2] : deps.memory.keep(ranking, sees))
  const next = (): RankedCursor => ['ranked', plan.fingerprint, keyOf(), end, ranking.maxPhotoId]
  return {
    isPassing: ranking.isPassing,
    ran: [...ranking.ran],
    space: ranking.space,
    notice: ranking.notices.length > 0 ? ranking.notices.join(' ') : null,
    cut_off: ranking.cutOff,
    near: ranking.near.isExact ? [] : listUsed(shown),
    did_you_mean: offerWords(plan.query, plan.words.include, ranking.near.meant),
    hits: shown,
    total,
    next: end < total ? encodeCursor(next()) : null,
  }
}

/** The query with the words that were most likely meant in place of unknown ones; filters and quotes in it stay as they are. */
function offerWords(query: string, terms: readonly Term[], meant: readonly MeantWord[]): SearchAnswer['did_you_mean'] {
  let q = query
  const replaced: MeantWord[] = []
  for (const word of meant) {
    const term = terms.find(({ isQuoted, runs }) => !isQuoted && runs.length === 1 && runs[0]?.length === 1 && runs[0][0] === word.typed)
    const before = q
    // as a word of its own: not the value of a filter, not a part of another word
    if (term) q = q.replace(new RegExp(`(?<![\\p{L}\\p{N}:"])${escapePattern(term.text)}(?![\\p{L}\\p{N}:"])`, 'u'), () => word.found)
    if (q !== before) replaced.push(word)
  }
  return replaced.length === 0 ? null : { typed: replaced.map(({ typed }) => typed), found: replaced.map(({ found }) => found), q }
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The words that stood in for those typed, each once. */
function listUsed(hits: SearchAnswer['hits']): NearWord[] {
  const used = hits.flatMap(({ why }) => why.flatMap(({ near }) => near))
  return [...new Map(used.map((word) => [`${word.typed} ${word.found}`, word])).values()]
}

/** By time, where that is asked; every hit keeps its place in each list. */
async function sortRanking({ db }: SearchDeps, { sort }: SearchPlan, ranking: Ranking): Promise<Ranking> {
  if (sort === 'relevance') return ranking
  const ids = Int32Array.from([...ranking.hits.map(({ id }) => id), ...ranking.rest])
  const ranked = new Map(ranking.hits.map((hit) => [hit.id, hit]))
  const sorted = await sortByTime(db, ids, sort)
  return { ...ranking, hits: Array.from(sorted, (id) => ranked.get(id) ?? restHit(id, 0)), rest: new Int32Array(0) }
}

/** A keyword match beyond those that were ranked. */
function restHit(id: number, place: number): Ranking['hits'][number] {
  const rank = RANKED_MATCHES + place + 1
  return { id, score: LIST_WEIGHTS.keyword / (RRF_K + rank), places: [{ list: 'keyword', rank, distance: null }] }
}

/** What each way of looking finds, not fused: for measuring them (`npm run eval -- retrieval`). */
export async function listCandidates(given: SearchDeps, sees: Visibility, query: SearchQuery): Promise<Candidates> {
  const prepared = await prepare(complete(given), sees, query)
  return askAll(prepared, await readNewest(prepared))
}

const readNewest = ({ deps, sees, state }: Prepared): Promise<number> =>
  deps.memory.small.readOnce(
    `newest ${sees.key}`,
    state,
    () => readMaxPhotoId(deps.db, sees),
    () => 8,
  )

async function askAll({ deps, sees, plan, state }: Prepared, maxPhotoId: number, isRanked = true): Promise<Candidates> {
  const compiled = await compileWords(deps.db, plan.words, deps.language)
  const kept = await prepareKept(deps, sees, plan, compiled, state)
  return findCandidates(deps, { sees, plan, compiled, maxPhotoId, kept, state, isRanked })
}

async function rank(prepared: Prepared, maxPhotoId: number, isRanked = true): Promise<Ranking> {
  const { deps, plan } = prepared
  const candidates = await askAll(prepared, maxPhotoId, isRanked)
  let ranking = cutOff(fuseCandidates(candidates), candidates.lists, !plan.wantsAll)
  // inside one list the filter has done it; between lists a copy may have come in beside its better one
  if (plan.filters.hide_duplicates && candidates.lists.length > 1)
    ranking = dropCopies(
      ranking,
      await readCopies(
        deps.db,
        ranking.hits.map(({ id }) => id),
      ),
    )
  return trimRest(ranking)
}

/** All photos a search finds, best first (a list: in no order), without presenting any. */
export async function findPhotoIds(deps: SearchDeps, sees: Visibility, query: Omit<SearchQuery, 'limit' | 'cursor'>): Promise<number[]> {
  return [
    ...((await findAll(deps, sees, query)) ?? (await readMatching(deps.db, [isKept, isReadable, ...(sees.allowed ? [sees.allowed] : [])]))),
  ]
}

/** As `findPhotoIds`, in four bytes each; null: all that are shown. @param isRanked false: in no order */
export async function findAll(
  given: SearchDeps,
  sees: Visibility,
  query: Omit<SearchQuery, 'limit' | 'cursor'>,
  isRanked = true,
): Promise<Int32Array | null> {
  const prepared = await prepare(complete(given), sees, { ...query, limit: 1 })
  const { deps, plan, state } = prepared
  if (!plan.isList) {
    const { hits, rest } = await rank(prepared, await readNewest(prepared), isRanked)
    const ids = new Int32Array(hits.length + rest.length)
    ids.set(hits.map(({ id }) => id))
    ids.set(rest, hits.length)
    return ids
  }
  const kept = await prepareKept(deps, sees, plan, await compileWords(deps.db, plan.words, deps.language), state)
  if (!plan.filters.hide_duplicates) return kept.isAll ? readPersonal(deps, sees, kept, state) : (kept.ids?.toIds() ?? null)
  const ids = kept.ids?.toIds() ?? (await readMatching(deps.db, kept.plain))
  const worse = await findWorseCopies(deps.db, ids)
  return ids.filter((id) => !worse.has(id))
}

/** Where only photos of a person are wanted and there are others, those; null: all that are shown. */
async function readPersonal(
  { db, memory }: Required<SearchDeps>,
  sees: Visibility,
  { plain }: Kept,
  state: string,
): Promise<Int32Array | null> {
  if (!plain.includes(isPersonal)) return null
  const has = await memory.small.readOnce(
    `apart ${sees.key}`,
    state,
    () => hasApart(db, sees),
    () => 1,
  )
  return has ? readMatching(db, plain) : null
}

/** How many photos a list without words has. */
async function countKept(
  { db, memory }: Required<SearchDeps>,
  sees: Visibility,
  plan: SearchPlan,
  kept: Kept,
  state: string,
): Promise<number> {
  // without demands all photos are counted, which takes a server 40 ms for a million
  const countAll = () =>
    memory.small.readOnce(
      `${kept.plain.includes(isPersonal) ? 'photos' : 'photos of all'} ${sees.key}`,
      state,
      () => countPhotos(db, kept.plain),
      () => 8,
    )
  if (!plan.filters.hide_duplicates) return kept.ids?.size ?? (await countAll())
  const ids = kept.ids?.toIds() ?? (await readMatching(db, kept.plain))
  return ids.length - (await findWorseCopies(db, ids)).size
}

/** Ranked hits, and after the last of them the keyword matches that were not ranked. */
function takeHits(ranking: Ranking, offset: number, limit: number): Ranking['hits'] {
  const ranked = ranking.hits.slice(offset, offset + limit)
  const skip = Math.max(0, offset - ranking.hits.length)
  const more = Array.from(ranking.rest.subarray(skip, skip + limit - ranked.length), (id, i) => restHit(id, skip + i))
  return [...ranked, ...more]
}
