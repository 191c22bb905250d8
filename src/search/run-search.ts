/** @file A search from question to answer: parse → candidates → fuse → cut off → present. */
import type { SearchAnswer, SearchQuery } from '../contract/search.ts'
import type { Db } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import { RRF_K } from '../domain/fusion.ts'
import type { TextEmbedder } from '../models/capability.ts'
import { type Asked, type FindDescribed, findCandidates, keptOf, keywordQuestion, prepareKept } from './candidates.ts'
import { encodeCursor, type RankedCursor } from './cursor.ts'
import { SearchMemory } from './memory.ts'
import { parseQuery, type SearchPlan } from './plan.ts'
import { presentPhotos, presentRanked } from './present.ts'
import { type Candidates, cutOff, dropCopies, fuseCandidates, type Ranking } from './ranking.ts'
import type { SearchLanguage } from './store-document.ts'
import { compileWords, countInRest, RANKED_MATCHES, type RestQuestion, readRest } from './store-keyword.ts'
import { countPhotos, listByTime, readCopies, readMatching, readMaxPhotoId } from './store-list.ts'

export interface SearchDeps {
  readonly db: Db
  /** of the active space; null while no text–image model is there */
  readonly textEmbedder: () => Promise<TextEmbedder | null>
  /** why there is none and what to do */
  readonly semanticNotice: () => string | null
  readonly activeSpace: () => Promise<{ readonly id: number; readonly name: string } | null>
  /** the language the documents are folded in (`applySearchLanguage`) */
  readonly language: SearchLanguage
  /** one per running program; without it every page is searched anew and counts are read each time */
  readonly memory?: SearchMemory
  /** search by what descriptions say; off without it */
  readonly described?: FindDescribed
  /** distance from a text above which a photo of this space is no hit by itself; null where none was measured */
  readonly cutOff?: (space: string) => number | null
}

const DEFAULTS = { cutOff: () => null, described: () => Promise.resolve(null) }

/** @throws FototecaError `not_found` (the photo to search by), `bad_request` (cursor) */
export async function runSearch(given: SearchDeps, query: SearchQuery): Promise<SearchAnswer> {
  const started = performance.now()
  const deps = { ...DEFAULTS, memory: new SearchMemory(), ...given }
  const plan = parseQuery(query)
  const page = plan.isList ? await listPage(deps, plan) : await rankedPage(deps, plan)
  return { query: plan.query, mode: plan.mode, ...page, took_ms: Math.round((performance.now() - started) * 10) / 10 }
}

type Page = Omit<SearchAnswer, 'query' | 'mode' | 'took_ms'>

/** Nothing to rank by: photos by time. The key of the last one leads to the next page, so new photos neither repeat nor skip any. */
async function listPage(deps: Required<SearchDeps>, plan: SearchPlan): Promise<Page> {
  const { cursor } = plan
  if (cursor !== null && cursor[0] !== 'list') throw new FototecaError('bad_request', 'cursor: it belongs to another search')
  const compiled = await compileWords(deps.db, plan.words, deps.language)
  const demands = (await prepareKept(deps.db, plan, compiled)).demands([])
  const after = cursor ? { sortAt: cursor[2], id: cursor[3] } : null
  const rows = await listByTime(deps.db, demands, after, plan.limit + 1)
  const total = cursor ? cursor[4] : await countPhotos(deps.db, demands)
  const shown = rows.slice(0, plan.limit)
  const last = shown.at(-1)
  return {
    ran: ['list'],
    space: null,
    notice: null,
    cut_off: null,
    hits: await presentPhotos(deps.db, shown.map(({ id }) => id)),
    total,
    next: last && rows.length > shown.length ? encodeCursor(['list', plan.fingerprint, last.sort_at, last.id, total]) : null,
  } // biome-ignore format: a record
}

async function rankedPage(deps: Required<SearchDeps>, plan: SearchPlan): Promise<Page> {
  const { cursor } = plan
  if (cursor !== null && cursor[0] !== 'ranked') throw new FototecaError('bad_request', 'cursor: it belongs to another search')
  const compiled = await compileWords(deps.db, plan.words, deps.language)
  const kept = cursor ? deps.memory.recall(cursor[2]) : undefined
  const maxPhotoId = kept?.maxPhotoId ?? cursor?.[4] ?? (await readMaxPhotoId(deps.db))
  const asked = {
    plan,
    compiled,
    maxPhotoId,
    kept: kept ? keptOf(plan, compiled) : await prepareKept(deps.db, plan, compiled),
  }
  const ranking = kept ?? (await rank(deps, asked))
  const offset = cursor?.[3] ?? 0
  const total = ranking.hits.length + ranking.restCount
  const hits = await takeHits(deps, asked, ranking, offset)
  const end = offset + plan.limit
  // the list stays as it is while it is paged through, though analysis goes on; if it is forgotten, photos newer than it stay out
  const keyOf = () => (kept && cursor ? cursor[2] : deps.memory.keep(ranking))
  const next = (): RankedCursor => ['ranked', plan.fingerprint, keyOf(), end, ranking.maxPhotoId]
  return {
    ran: [...ranking.ran],
    space: ranking.space,
    notice: ranking.notices.length > 0 ? ranking.notices.join(' ') : null,
    cut_off: ranking.cutOff,
    hits: await presentRanked(deps, hits, plan.words),
    total,
    next: end < total ? encodeCursor(next()) : null,
  }
}

async function rank(deps: Required<SearchDeps>, asked: Asked): Promise<Ranking> {
  const candidates = await findCandidates(deps, asked)
  let ranking = cutOff(fuseCandidates(candidates), candidates.lists, !asked.plan.wantsAll)
  // inside one list the filter has done it; between lists a copy may have come in beside its better one
  if (asked.plan.filters.hide_duplicates && candidates.lists.length > 1)
    ranking = dropCopies(ranking, await readCopies(deps.db, ranking.hits.map(({ id }) => id))) // biome-ignore format: one thought
  if (ranking.rest === null) return ranking
  const shown = await countInRest(deps.db, restQuestion(asked, ranking, ranking.rest))
  return { ...ranking, restCount: ranking.rest.count - shown }
}

/** All photos a search finds, best first (a list: in no order), without presenting any. */
export async function findPhotoIds(given: SearchDeps, query: Omit<SearchQuery, 'limit' | 'cursor'>): Promise<number[]> {
  const deps = { ...DEFAULTS, memory: new SearchMemory(), ...given }
  const plan = parseQuery({ ...query, limit: 1 })
  const compiled = await compileWords(deps.db, plan.words, deps.language)
  const kept = await prepareKept(deps.db, plan, compiled)
  if (plan.isList) return readMatching(deps.db, kept.demands([]))
  const asked = { plan, compiled, kept, maxPhotoId: await readMaxPhotoId(deps.db) }
  const ranking = await rank(deps, asked)
  const rest = ranking.rest === null ? [] : await readRest(deps.db, restQuestion(asked, ranking, ranking.rest), 0, ranking.rest.count)
  return [...ranking.hits.map(({ id }) => id), ...rest]
}

/** Ranked hits, and after the last of them the keyword matches that were not ranked. */
async function takeHits(deps: Required<SearchDeps>, asked: Asked, ranking: Ranking, offset: number): Promise<Ranking['hits']> {
  const { limit } = asked.plan
  const ranked = ranking.hits.slice(offset, offset + limit)
  if (ranking.rest === null || ranked.length === limit) return ranked
  const skip = Math.max(0, offset - ranking.hits.length)
  const ids = await readRest(deps.db, restQuestion(asked, ranking, ranking.rest), skip, limit - ranked.length)
  const more = ids.map((id, i) => {
    const place = RANKED_MATCHES + skip + i + 1
    return { id, score: 1 / (RRF_K + place), places: [{ list: 'keyword' as const, rank: place, distance: null }] }
  })
  return [...ranked, ...more]
}

function restQuestion(asked: Asked, ranking: Ranking, rest: NonNullable<Candidates['rest']>): RestQuestion {
  const except = ranking.hits.filter(({ id }) => id < rest.below).map(({ id }) => id)
  return { question: keywordQuestion(asked, false), ...rest, except }
}
