/** @file Stage 2 of a search: asks every way of looking that this query and this library allow, and says plainly what could not run. */
import type { Db } from '../db/client.ts'
import { isPersonal, withoutShown } from '../db/visible.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import { IdSet } from '../domain/search/id-set.ts'
import type { Predicate, Visibility } from '../domain/visibility.ts'
import type { TextEmbedder } from '../models/ports/capability.ts'
import { combine, type Examples, findExampleVector, hasExamples, LOOK_SPACE, listExampleIds } from './examples.ts'
import type { FacetIndex } from './facet-index.ts'
import { composeFilters } from './filters.ts'
import type { SearchMemory } from './memory.ts'
import type { SearchPlan } from './plan.ts'
import type { Candidate, CandidateList, Candidates } from './ranking.ts'
import type { SearchDeps } from './search-deps.ts'
import { readPeopleNames } from './store-facets.ts'
import { findByWords, lacksWords, readStems } from './store-keyword.ts'
import { findWorseCopies, readHidden, readMatching } from './store-list.ts'
import { findNamed } from './store-names.ts'
import { countCoverage, findByVector, hasVector, NEAREST, readSpace, type SpaceRow } from './store-vector.ts'
import type { CompiledWords } from './store-words.ts'

/** A model’s space takes over search by picture once this part of the photos is in it; until then `look` answers, which has all. */
const FULL_SPACE = 0.95

/** What the list came to, or why it could not be asked. */
interface Outcome {
  readonly list: CandidateList | null
  /** what is called just what was typed, where anything is */
  readonly named?: CandidateList
  readonly space: string | null
  readonly notice: string | null
  /** the notice says that nothing was looked for by meaning */
  readonly isAboutMeaning?: boolean
  readonly rest?: Int32Array
  readonly near?: Candidates['near']
  /** see `Candidates` */
  readonly isPassing?: boolean
}

/** A search with everything its candidate queries share. */
export interface Asked {
  readonly sees: Visibility
  readonly plan: SearchPlan
  readonly compiled: CompiledWords
  readonly kept: Kept
  readonly maxPhotoId: number
  /** of the database, read before anything else */
  readonly state: string
  /** false where only which photos are found is asked, not in which order */
  readonly isRanked: boolean
}

/** Builds what is demanded of a photo, given what the candidate query itself demands (which comes first). */
export type Demands = (own: readonly Predicate[]) => readonly Predicate[]

export async function findCandidates(deps: Required<SearchDeps>, asked: Asked): Promise<Candidates> {
  const { plan, maxPhotoId } = asked
  const hasWords = plan.words.include.length > 0 || plan.words.plain !== ''
  const wantsMeaning = hasWords && plan.mode !== 'keyword'
  const meaning = wantsMeaning ? await prepareMeaning(deps, asked.state) : null
  const canMean = meaning !== null && 'embedder' in meaning
  const wantsKeyword = hasWords && (plan.mode !== 'semantic' || !canMean)
  const hasPictures = hasExamples(plan.examples)
  const text = canMean ? embedWords(meaning.embedder, plan) : null
  const outcomes = await Promise.all([
    hasPictures ? findSimilar(deps, asked) : null,
    wantsKeyword ? findKeyword(deps, asked, !canMean || deps.worth(meaning.space.name) < 1) : null,
    canMean && text ? findMeaning(deps, asked, meaning, text) : null,
    canMean && text && hasPictures ? findCombined(deps, asked, meaning.space, text) : null,
    wantsMeaning ? findDescribed(deps, asked) : null,
  ])
  const present = outcomes.filter((outcome) => outcome !== null)
  // what descriptions say was looked through by meaning: then it is not said that nothing was
  const isDescribed = present.some(({ list }) => list?.list === 'described')
  const rest = present.find((outcome) => outcome.rest)?.rest ?? new Int32Array(0)
  const examples = new Set(hasPictures ? listExampleIds(plan.examples) : [])
  const { hidden } = asked.kept
  const lists = present
    .flatMap(({ list, named }) => [named, list].filter((own) => own !== null && own !== undefined))
    .map((list) => ({ ...list, hits: list.hits.filter(({ id }) => !examples.has(id) && !hidden.has(id)) }))
  return {
    lists,
    rest: examples.size > 0 ? rest.filter((id) => !examples.has(id)) : rest,
    ran: lists.map(({ list }) => list),
    space: present.find(({ space }) => space !== null)?.space ?? null,
    notices: [
      ...(meaning !== null && 'notice' in meaning && !isDescribed ? [meaning.notice] : []),
      ...present.flatMap(({ notice, isAboutMeaning }) => (notice === null || (isAboutMeaning && isDescribed) ? [] : [notice])),
    ],
    maxPhotoId,
    near: present.find(({ near }) => near)?.near ?? { words: [], isExact: true, meant: [] },
    isPassing: present.some(({ isPassing }) => isPassing === true),
  }
}

/** Every filter, what the text excludes, and what the candidate query itself demands. */
export function demandsOf(sees: Visibility, { filters }: SearchPlan, { none }: CompiledWords): Demands {
  return (own) => composeFilters(sees, filters, none === null ? own : [...own, lacksWords(none)])
}

/** What the filters keep, found once for all candidate queries. */
export interface Kept {
  /** null where nothing is demanded but that it is shown; copies are not compared yet, because the better one must be a candidate itself */
  readonly ids: IdSet | null
  /** where all are kept: those that are not shown */
  readonly hidden: IdSet
  /** the same as conditions */
  readonly plain: readonly Predicate[]
  /** where not every photo may be seen: those that may, whatever the filters say */
  readonly seen: IdSet | null
  /** nothing is demanded but that it is shown */
  readonly isAll: boolean
  /** with the comparison of copies */
  readonly demands: Demands
}

/** The counts beside a search, its next page and other words under the same filters ask for the same photos: they are kept. */
export async function prepareKept(
  { db, memory }: KeptDeps,
  sees: Visibility,
  plan: SearchPlan,
  compiled: CompiledWords,
  state: string,
): Promise<Kept> {
  const { hide_duplicates: _hidden, ...filters } = plan.filters
  const plain = demandsOf(sees, { ...plan, filters }, compiled)([])
  const demands = demandsOf(sees, plan, compiled)
  // nobody carries all photos about because of the few in the trash: what reads by `ids` leaves those out itself
  if (withoutShown(plain).length === 0) {
    const isApart = plain.includes(isPersonal)
    const read = () => readHidden(db, isApart)
    const hidden = await memory.small.readOnce(isApart ? 'hidden' : 'hidden of all', state, read, ({ words }) => words.byteLength)
    return { ids: null, hidden, seen: null, isAll: true, plain, demands }
  }
  const key = JSON.stringify([sees.key, filters, compiled.none])
  const read = async () => IdSet.of(await readMatching(db, plain))
  const ids = await memory.filtered.readOnce(key, state, read, ({ words }) => words.byteLength)
  return {
    ids,
    hidden: NONE,
    seen: await readSeen(db, memory, sees, state),
    isAll: withoutShown(plain).every((predicate) => predicate === sees.allowed),
    plain,
    demands,
  }
}

/** Words and counts tell nothing of other photos. */
async function readSeen(db: Db, memory: SearchMemory, { key, allowed }: Visibility, state: string): Promise<IdSet | null> {
  if (allowed === null) return null
  return memory.filtered.readOnce(
    JSON.stringify([key]),
    state,
    async () => IdSet.of(await readMatching(db, [allowed])),
    ({ words }) => words.byteLength,
  )
}

const NONE = IdSet.of([])

type KeptDeps = Required<Pick<SearchDeps, 'db' | 'memory'>>

async function findKeyword(
  deps: Required<SearchDeps>,
  { sees, plan, compiled, kept, maxPhotoId, isRanked, state }: Asked,
  widens: boolean,
): Promise<Outcome> {
  const hidesCopies = plan.filters.hide_duplicates === true
  // without a model that knows what words mean, the lexical database stands in for it
  const { matches } = deps.memory
  const question = {
    sees,
    seen: kept.seen,
    words: plan.words,
    compiled,
    kept: kept.ids,
    hidden: kept.hidden,
    hidesCopies,
    maxPhotoId,
    widens,
    isRanked,
    matches,
    evidence: {
      index: isRanked ? await readyIndex(deps, maxPhotoId, state) : null,
      stems: (words: readonly string[]) => deps.memory.stems(words, (missing) => readStems(deps.db, missing, deps.language)),
    },
    state,
  }
  const { ids, evidence, rest, near, isExact, meant } = await findByWords(deps.db, question)
  const list = { ...listOf('keyword', ids), hits: ids.map((id, i) => ({ id, distance: null, evidence: evidence[i] ?? 1 })) }
  const outcome = { list, space: null, notice: null, rest, near: { words: near, isExact, meant } }
  // asked for words as they stand, they keep their own order
  const named = isRanked && plan.mode !== 'keyword' ? await findNamed(deps.db, ids, plan.words.plain, () => readNames(deps, state)) : []
  return named.length === 0 ? outcome : { ...outcome, named: { ...listOf('named', named), isEqual: true } }
}

const readNames = ({ db, memory }: KeptDeps, state: string): Promise<ReadonlyMap<number, string>> =>
  memory.small.readOnce(
    'people',
    state,
    () => readPeopleNames(db),
    (names) => 100 * names.size,
  )

/** In a larger library nobody waits until the tags of all photos are read for the first time: fields alone decide until then. */
const MAX_WAITED_PHOTOS = 20_000

async function readyIndex({ db, facetIndex }: Required<SearchDeps>, maxPhotoId: number, state: string): Promise<FacetIndex | null> {
  if (!facetIndex.isFilled && maxPhotoId > MAX_WAITED_PHOTOS) return null
  await facetIndex.follow(db, state)
  return facetIndex
}

function listOf(list: CandidateList['list'], ids: readonly number[]): CandidateList {
  return { list, hits: ids.map((id) => ({ id, distance: null })), cutOff: null }
}

type Meaning = { readonly embedder: TextEmbedder; readonly space: SpaceRow }

/** The text embedder with the space it speaks, or why there is none. */
async function prepareMeaning(deps: Required<SearchDeps>, state: string): Promise<Meaning | { readonly notice: string }> {
  const [embedder, active] = await Promise.all([deps.textEmbedder(), deps.activeSpace()])
  const without = 'Search by meaning waits for its model; these are keyword matches.'
  if (!embedder || !active) return { notice: deps.semanticNotice() ?? without }
  if (embedder.space.name !== active.name) return { notice: deps.semanticNotice() ?? without }
  const read = () => readSpace(deps.db, { id: active.id })
  const space = await deps.memory.small.readOnce(`space ${active.id}`, state, read, () => 200)
  return space ? { embedder, space } : { notice: without }
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)

/** A broken model must not take keyword search with it. */
async function embedWords(embedder: TextEmbedder, { words }: SearchPlan): Promise<Float32Array | { readonly notice: string }> {
  try {
    return await embedder.embedText(words.plain)
  } catch (error) {
    if (error instanceof FototecaError && error.code === 'unknown_words')
      return { notice: `The model for search by meaning knows no word of “${shorten(words.plain)}”, so nothing was looked for by meaning.` }
    return { notice: `Search by meaning failed: ${describeError(error)}` }
  }
}

type EmbeddedWords = ReturnType<typeof embedWords>

/** A model with a list of words finds by those it knows. */
function sayUnknown(words: readonly string[]): string[] {
  if (words.length === 0) return []
  return [`Search by meaning does not know ${words.map((word) => `“${shorten(word)}”`).join(', ')} and left it out.`]
}

async function findMeaning(deps: Required<SearchDeps>, asked: Asked, { space, embedder }: Meaning, text: EmbeddedWords): Promise<Outcome> {
  const vector = await text
  if ('notice' in vector) return { list: null, space: null, notice: vector.notice, isAboutMeaning: true, isPassing: true }
  const [hits, coverage] = await Promise.all([nearest(deps, asked, space, vector, null), readCoverage(deps, asked, space.id)])
  const notices = [
    ...(coverage.embedded < coverage.possible
      ? [`${coverage.embedded} of ${coverage.possible} photos are searchable by meaning so far.`]
      : []),
    ...sayUnknown(embedder.unknownWords?.(asked.plan.words.plain) ?? []),
  ]
  return {
    list: { list: 'semantic', hits, cutOff: deps.cutOff(space.name), worth: deps.worth(space.name) },
    space: space.name,
    notice: notices.join(' ') || null,
    isPassing: !coverage.isCurrent,
  }
}

/** “Like this, but at night”: picture and words as one vector. Null where the pictures have none in the space the words are in. */
async function findCombined(deps: Required<SearchDeps>, asked: Asked, space: SpaceRow, text: EmbeddedWords): Promise<Outcome | null> {
  const [found, words] = [await findExampleVector(deps, asked.sees, [space], asked.plan.examples), await text]
  if (!found || 'notice' in words) return null
  const hits = await nearest(deps, asked, space, combine(found.vector, words), null)
  return { list: { list: 'combined', hits, cutOff: null, worth: deps.worth(space.name) }, space: space.name, notice: null }
}

/** The server that embeds descriptions has a time limit and may be down: then the search goes on without this list. */
async function findDescribed(deps: Required<SearchDeps>, asked: Asked): Promise<Outcome | null> {
  const question = await deps.described(asked.plan.words.plain)
  if (question === null) return null
  if ('notice' in question) return { list: null, space: null, notice: question.notice, isPassing: true }
  const space = await readSpace(deps.db, { id: question.spaceId })
  if (!space) return null
  const hits = await nearest(deps, asked, space, question.vector, null)
  return { list: { list: 'described', hits, cutOff: question.cutOff }, space: space.name, notice: null }
}

async function findSimilar(deps: Required<SearchDeps>, asked: Asked): Promise<Outcome> {
  const { examples } = asked.plan
  const { spaces, isPassing } = await listSimilarSpaces(deps, asked)
  const found = await findExampleVector(deps, asked.sees, spaces, examples)
  if (!found)
    return { list: null, space: null, notice: `${nameExamples(examples)} not been looked at yet; try again in a moment.`, isPassing }
  const [first = null] = listExampleIds(examples)
  const hits = await nearest(deps, asked, found.space, found.vector, first)
  return { list: { list: 'similar', hits, cutOff: null }, space: found.space.name, notice: null, isPassing }
}

const nameExamples = ({ like, also }: Examples) => (like !== null && also.length === 0 ? `Photo ${like} has` : 'Some of these photos have')

/** The active model’s space when it is full, else `look`; the other where that does not hold the examples. */
async function listSimilarSpaces(deps: Required<SearchDeps>, asked: Asked): Promise<{ spaces: SpaceRow[]; isPassing: boolean }> {
  const active = await deps.activeSpace()
  const look = await readSpace(deps.db, { namePrefix: LOOK_SPACE })
  const own = active ? await readSpace(deps.db, { id: active.id }) : undefined
  const coverage = own ? await readCoverage(deps, asked, own.id) : null
  const isFull = coverage !== null && coverage.embedded >= FULL_SPACE * coverage.possible
  const spaces = (isFull ? [own, look] : [look, own]).filter((space) => space !== undefined)
  return { spaces, isPassing: coverage?.isCurrent === false }
}

async function nearest(
  deps: Required<SearchDeps>,
  asked: Asked,
  space: SpaceRow,
  vector: Float32Array,
  exceptId: number | null,
): Promise<Candidate[]> {
  const { maxPhotoId, plan, kept } = asked
  const question = { space, vector, maxPhotoId, exceptId, kept: kept.ids, hidden: kept.hidden, demands: kept.plain, state: asked.state }
  const found = await findByVector(deps.db, question, deps.findNear)
  if (!plan.filters.hide_duplicates) return found
  // copies are near each other: where one is, the others are too, and what is left of the list is enough
  const worse = await findWorseCopies(
    deps.db,
    Int32Array.from(found, ({ id }) => id),
  )
  const left = found.filter(({ id }) => !worse.has(id))
  if (left.length >= NEAREST / 2 || found.length < NEAREST) return left
  // a photo with a hundred copies: compared for all photos that have a vector
  const distinct = await readMatching(deps.db, kept.demands([hasVector(space.id)]))
  return findByVector(deps.db, { ...question, kept: IdSet.of(distinct) }, deps.findNear)
}

function readCoverage(deps: Required<SearchDeps>, { sees, state }: Asked, spaceId: number) {
  return deps.memory.coverage(`${spaceId} ${sees.key}`, state, () => countCoverage(deps.db, sees, spaceId))
}
