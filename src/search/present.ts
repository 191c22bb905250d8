/** @file Stage 5 of a search: hits become cards that say why they are there. */
import type { MatchReason, NearWord, SearchAnswer } from '../contract/search.ts'
import type { Db } from '../db/client.ts'
import { readDocumentFacts, type SearchLanguage } from '../document/store.ts'
import type { Visibility } from '../domain/visibility.ts'
import { readPhotoCards } from '../library/store-photos.ts'
import type { SearchMemory } from './memory.ts'
import type { SearchWords } from './parse.ts'
import type { RankedHit } from './ranking.ts'
import { readStems } from './store-keyword.ts'
import { explainWords, type Found, listFormCandidates, listPhotoWords } from './why.ts'

type Hits = SearchAnswer['hits']

export async function presentPhotos(db: Db, sees: Visibility, ids: readonly number[]): Promise<Hits> {
  return (await readPhotoCards(db, sees, ids)).map((photo) => ({ photo, score: 0, why: [] }))
}

/** What was looked for, and what stood in for it. */
interface Looked {
  readonly words: SearchWords
  readonly near: readonly NearWord[]
}

interface PresentDeps {
  readonly db: Db
  readonly memory: SearchMemory
  readonly language: SearchLanguage
}

export async function presentRanked(deps: PresentDeps, sees: Visibility, hits: readonly RankedHit[], asked: Looked): Promise<Hits> {
  const byWords = hits.filter(({ places }) => places.some(({ list }) => list === 'keyword')).map(({ id }) => id)
  const [cards, found] = await Promise.all([
    readPhotoCards(
      deps.db,
      sees,
      hits.map(({ id }) => id),
    ),
    explain(deps, byWords, asked),
  ])
  const ranked = new Map(hits.map((hit) => [hit.id, hit]))
  return cards.flatMap((photo) => {
    const hit = ranked.get(photo.id)
    return hit ? [{ photo, score: hit.score, why: hit.places.map((place) => reason(place, found.get(photo.id))) }] : []
  })
}

function reason({ list, rank, distance }: RankedHit['places'][number], found: Found | undefined): MatchReason {
  const isKeyword = list === 'keyword'
  return {
    list,
    rank,
    cosine_distance: distance,
    where: isKeyword ? (found?.where ?? []) : [],
    words: isKeyword ? (found?.words ?? []) : [],
    near: isKeyword ? (found?.near ?? []) : [],
    snippets: isKeyword ? (found?.snippets ?? []) : [],
  }
}

async function explain(
  { db, memory, language }: PresentDeps,
  ids: readonly number[],
  { words, near }: Looked,
): Promise<Map<number, Found>> {
  const photos = (await readDocumentFacts(db, ids)).map(listPhotoWords)
  const terms = words.include.flatMap((term) => [term, ...(term.others ?? [])]).filter((term) => !term.isQuoted)
  const stems = await memory.stems(listFormCandidates(photos, terms), (missing) => readStems(db, missing, language))
  return new Map(photos.map((photo) => [photo.id, explainWords(photo, words.include, stems, near)]))
}
