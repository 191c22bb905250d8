/**
 * @file Finding: each list of a search alone, and fused with the weights in use, on questions with known answers over a library that
 * went through the whole pipeline. What other weights would do, chosen on one half of the questions and judged on the other, stands beside.
 */

import { sql } from 'kysely'
import { SearchQuery } from '../src/contract/search.ts'
import type { Db } from '../src/db/client.ts'
import { fromVectorText } from '../src/db/vector.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { findTextCutOff, findWorth } from '../src/models/spaces/cut-offs.ts'
import { combine } from '../src/search/examples.ts'
import { type Candidates, cutOff, fuseCandidates } from '../src/search/ranking.ts'
import { listCandidates } from '../src/search/run-search.ts'
import type { SearchDeps } from '../src/search/search-deps.ts'
import { LIST_WEIGHTS, type ListWeights, PICTURE_SHARE } from '../src/search/weights.ts'
import type { Evaluation } from './metric.ts'
import { fillBasic } from './retrieval-basic.ts'
import { type RetrievalLibrary, withLibrary } from './retrieval-library.ts'
import { KINDS, makeQuestions, type Question } from './retrieval-questions.ts'

type List = keyof ListWeights
const LISTS = Object.keys(LIST_WEIGHTS) as List[]
/** Hits a person looks at. */
const SHOWN = 10
const STEPS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6]
interface Asked extends Question {
  readonly candidates: Candidates
  readonly rightIds: ReadonlySet<number>
}

interface Scores {
  readonly ndcg: number
  readonly mrr: number
  readonly recall: number
}

export const run = (): Promise<Evaluation> => withLibrary(measure)

async function measure({ db, deps, spaceId, ids, sourceOf, embed }: RetrievalLibrary): Promise<Evaluation> {
  const asked: Asked[] = []
  for (const question of makeQuestions()) {
    const { q, like, folder, right } = question
    const source = folder === undefined ? undefined : sourceOf(folder)
    const query = { q, ...(like ? { like: ids.get(like) } : {}), ...(source === undefined ? {} : { source }) }
    const candidates = await listCandidates(deps, EVERY_PHOTO, SearchQuery.parse(query))
    asked.push({ ...question, candidates, rightIds: new Set(right.flatMap((name) => ids.get(name) ?? [])) })
  }
  const { rows } = await sql<{ photo_id: number; embedding: string }>`
    select photo_id, embedding::text as embedding from embeddings where space_id = ${spaceId}`.execute(db)
  const vectors = new Map(rows.map(({ photo_id, embedding }) => [photo_id, fromVectorText(embedding)]))
  const shares = await weighPicture(asked, vectors, ids, embed)
  const measured = report(asked, ids.size, shares)
  const basic = await measureBasic(db, ids, sourceOf)
  return { ...measured, metrics: { ...measured.metrics, ...basic.metrics }, notes: [...measured.notes, ...basic.notes] }
}

/** The built-in text–image space in the place of a model: words alone, and fused with it. Descriptions by meaning stay out of both. */
async function measureBasic(
  db: Db,
  ids: ReadonlyMap<string, number>,
  sourceOf: RetrievalLibrary['sourceOf'],
): Promise<Pick<Evaluation, 'metrics' | 'notes'>> {
  const { text, ...space } = await fillBasic(db)
  const without: SearchDeps = {
    db,
    language: 'english',
    textEmbedder: async () => null,
    semanticNotice: () => null,
    activeSpace: async () => null,
  }
  const within: SearchDeps = {
    ...without,
    textEmbedder: async () => text,
    activeSpace: async () => space,
    cutOff: findTextCutOff,
    worth: findWorth,
  }
  const asked: { readonly words: Asked; readonly fused: Asked }[] = []
  for (const question of makeQuestions()) {
    const source = question.folder === undefined ? undefined : sourceOf(question.folder)
    const query = SearchQuery.parse({
      q: question.q,
      ...(question.like ? { like: ids.get(question.like) } : {}),
      ...(source === undefined ? {} : { source }),
    })
    const of = async (deps: SearchDeps): Promise<Asked> => ({
      ...question,
      candidates: await listCandidates(deps, EVERY_PHOTO, query),
      rightIds: new Set(question.right.flatMap((name) => ids.get(name) ?? [])),
    })
    asked.push({ words: await of(without), fused: await of(within) })
  }
  const metrics: Record<string, number> = {}
  const notes = [`the built-in space (worth ${findWorth(space.name)}) with words, and words alone, nDCG@${SHOWN}; with other worths:`]
  const withWorth = ({ fused }: (typeof asked)[number], worth: number): Asked => ({
    ...fused,
    candidates: {
      ...fused.candidates,
      lists: fused.candidates.lists.map((list) => (list.worth === undefined ? list : { ...list, worth })),
    },
  })
  for (const kind of KINDS) {
    const own = asked.filter(({ words }) => words.kind === kind)
    const words = average(own.map((one) => judgeFused(one.words, LIST_WEIGHTS))).ndcg
    const fused = average(own.map((one) => judgeFused(one.fused, LIST_WEIGHTS))).ndcg
    const alone = average(own.map((one) => judgeList(one.fused, 'semantic'))).ndcg
    const tried = WORTHS.map((worth) => `${worth}: ${n(average(own.map((one) => judgeFused(withWorth(one, worth), LIST_WEIGHTS))).ndcg)}`)
    metrics[`basic_${kind}_words_ndcg`] = words
    metrics[`basic_${kind}_fused_ndcg`] = fused
    notes.push(`${kind.padEnd(10)} words ${n(words)}, by meaning ${n(alone)}, fused ${n(fused)}; ${tried.join(', ')}`)
  }
  return { metrics, notes }
}
const WORTHS = [0.1, 0.25, 0.5, 0.75, 1] as const

function report(asked: readonly Asked[], photos: number, shares: readonly string[]): Evaluation {
  const metrics: Record<string, number> = {}
  const notes = [
    `${asked.length} questions over ${photos} photos: ${KINDS.map((kind) => `${ofKind(asked, kind).length} ${kind}`).join(', ')}`,
  ]
  const write = (label: string, scores: ReadonlyMap<string, Scores>) =>
    notes.push(
      `${label.padEnd(10)} ${[...scores].map(([list, { ndcg, mrr, recall }]) => `${list} ${n(ndcg)} / ${n(mrr)} / ${n(recall)}`).join('   ')}`,
    )
  notes.push(`nDCG@${SHOWN} / MRR / recall@${SHOWN} of each list alone and of the fusion:`)
  for (const kind of KINDS) {
    const own = ofKind(asked, kind)
    const scores = new Map<string, Scores>()
    for (const list of LISTS)
      if (own.some(({ candidates }) => candidates.ran.includes(list)))
        scores.set(list, average(own.map((question) => judgeList(question, list))))
    scores.set('fused', average(own.map((question) => judgeFused(question, LIST_WEIGHTS))))
    write(kind, scores)
    metrics[`${kind}_best_list_ndcg`] = Math.max(...[...scores].flatMap(([list, { ndcg }]) => (list === 'fused' ? [] : [ndcg])))
    metrics[`${kind}_fused_ndcg`] = scores.get('fused')?.ndcg ?? 0
  }
  const overall = new Map<string, Scores>(LISTS.map((list) => [list, overKinds(asked, (question) => judgeList(question, list))]))
  overall.set(
    'equal',
    overKinds(asked, (question) => judgeFused(question, equal)),
  )
  overall.set(
    'fused',
    overKinds(asked, (question) => judgeFused(question, LIST_WEIGHTS)),
  )
  write('all kinds', overall)
  for (const name of ['keyword', 'semantic', 'described', 'equal', 'fused'])
    for (const [metric, value] of Object.entries(overall.get(name) ?? {})) metrics[`${name}_${metric}`] = value
  notes.push(...tryWeights(asked), ...shares, `in use: ${show(LIST_WEIGHTS)}; the picture’s share ${PICTURE_SHARE}`)
  return { name: 'retrieval', metrics, notes }
}

const equal: ListWeights = { named: 1, keyword: 1, semantic: 1, described: 1, similar: 1, combined: 1 }
const n = (value: number) => value.toFixed(3).replace(/^0/, '')
const show = (weights: ListWeights) => LISTS.map((list) => `${list} ${weights[list]}`).join(', ')
const ofKind = <Q extends Question>(asked: readonly Q[], kind: string): Q[] => asked.filter((question) => question.kind === kind)

/** Weights chosen on each half, judged on the other; and those all questions would choose. */
function tryWeights(asked: readonly Asked[]): string[] {
  const halves = [0, 1].map((half) => asked.filter((_, i) => i % 2 === half))
  const [a = [], b = []] = halves
  const line = ([own, other]: readonly [readonly Asked[], readonly Asked[]]) => {
    const weights = chooseWeights(own)
    return `chosen on one half: ${show(weights)}; on the other it scores ${n(goal(other, weights))}, equal weights ${n(goal(other, equal))}, those in use ${n(goal(other, LIST_WEIGHTS))}`
  }
  const all = chooseWeights(asked)
  return [line([a, b]), line([b, a]), `chosen on all: ${show(all)}: ${n(goal(asked, all))}`]
}

/** Coordinate search from equal weights; meaning is the unit. */
function chooseWeights(asked: readonly Asked[]): ListWeights {
  let best = equal
  let bestGoal = goal(asked, best)
  for (let round = 0; round < 3; round++)
    for (const list of LISTS) {
      if (list === 'semantic') continue
      for (const step of STEPS) {
        const tried = { ...best, [list]: step }
        const reached = goal(asked, tried)
        if (reached <= bestGoal + 1e-4) continue
        best = tried
        bestGoal = reached
      }
    }
  return best
}

/** Each kind counts the same, however many questions of it there are. */
const goal = (asked: readonly Asked[], weights: ListWeights): number => overKinds(asked, (question) => judgeFused(question, weights)).ndcg

function overKinds(asked: readonly Asked[], judge: (question: Asked) => Scores): Scores {
  return average(KINDS.flatMap((kind) => (ofKind(asked, kind).length === 0 ? [] : [average(ofKind(asked, kind).map(judge))])))
}

function judgeFused(question: Asked, weights: ListWeights): Scores {
  const { lists } = question.candidates
  return judge(
    question,
    cutOff(fuseCandidates(question.candidates, weights), lists, true).hits.map(({ id }) => id),
  )
}

function judgeList(question: Asked, list: List): Scores {
  return judge(question, question.candidates.lists.find((own) => own.list === list)?.hits.map(({ id }) => id) ?? [])
}

function judge({ rightIds }: Pick<Asked, 'rightIds'>, ids: readonly number[]): Scores {
  const gain = (place: number) => 1 / Math.log2(place + 2)
  const places = ids.flatMap((id, place) => (rightIds.has(id) ? [place] : []))
  const shown = places.filter((place) => place < SHOWN)
  const most = Math.min(SHOWN, rightIds.size)
  let ideal = 0
  for (let place = 0; place < most; place++) ideal += gain(place)
  const [first] = places
  return {
    ndcg: most === 0 ? 0 : shown.reduce((sum, place) => sum + gain(place), 0) / ideal,
    mrr: first === undefined ? 0 : 1 / (first + 1),
    recall: most === 0 ? 0 : shown.length / most,
  }
}

function average(scores: readonly Scores[]): Scores {
  const mean = (of: keyof Scores) => scores.reduce((sum, each) => sum + each[of], 0) / Math.max(1, scores.length)
  return { ndcg: mean('ndcg'), mrr: mean('mrr'), recall: mean('recall') }
}

/** What the picture should weigh against the words in their common vector. */
async function weighPicture(
  asked: readonly Asked[],
  vectors: ReadonlyMap<number, Float32Array>,
  ids: ReadonlyMap<string, number>,
  embed: (q: string) => Promise<Float32Array | null>,
): Promise<string[]> {
  const scores: string[] = []
  for (const share of [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1]) {
    const judged: Scores[] = []
    for (const question of ofKind(asked, 'picture')) {
      const like = ids.get(question.like ?? '')
      const picture = vectors.get(like ?? 0)
      const words = await embed(question.q)
      if (!picture || !words) continue
      const wanted = combine(picture, words, share)
      const among = question.candidates.lists.flatMap(({ list, hits }) => (list === 'combined' ? hits.map(({ id }) => id) : []))
      const near = (id: number) => vectors.get(id)?.reduce((sum, value, i) => sum + value * (wanted[i] ?? 0), 0) ?? 0
      judged.push(
        judge(
          question,
          [...among].sort((a, b) => near(b) - near(a)),
        ),
      )
    }
    const halves = [0, 1].map((half) => n(average(judged.filter((_, i) => i % 2 === half)).ndcg))
    scores.push(`${share}: ${halves.join(' and ')}`)
  }
  return [`picture and words as one vector, by the picture’s share, nDCG@${SHOWN} on either half: ${scores.join(', ')}`]
}
