/** @file The questions of the search benches, asked through the real `runSearch` with the query already encoded, and their times. */

import { sql } from 'kysely'
import { SearchQuery } from '../src/contract/search.ts'
import { EVERY_PHOTO } from '../src/domain/visibility.ts'
import { FacetIndex } from '../src/search/facet-index.ts'
import { SearchMemory } from '../src/search/memory.ts'
import { runSearch } from '../src/search/run-search.ts'
import type { SearchDeps } from '../src/search/search-deps.ts'
import type { FindNear } from '../src/search/store-vector.ts'
import { makeRandom, type Random } from './random.ts'
import type { Row } from './row.ts'
import type { AskedLibrary } from './search-library.ts'
import { WIDTH } from './standin-vectors.ts'

const QUERIES = 200

export interface Question {
  readonly q: string
  readonly vector: Float32Array
}

/** @param facetIndex by whose tags words are ranked; filled by the caller, as the program does after its start */
export function makeAsk(library: AskedLibrary, findNear: FindNear | null, memory = new SearchMemory(), facetIndex = new FacetIndex()) {
  return async (question: Question | null, more: object) =>
    runSearch(
      { ...makeDeps(library, findNear, memory, question), facetIndex },
      EVERY_PHOTO,
      SearchQuery.parse({ q: question?.q ?? '', ...more }),
    )
}

export function makeDeps(
  { db, spaceId }: AskedLibrary,
  findNear: FindNear | null,
  memory: SearchMemory,
  question: Question | null,
): SearchDeps {
  const name = `bench/${WIDTH}`
  return {
    db,
    memory,
    findNear,
    language: 'english',
    semanticNotice: () => null,
    activeSpace: () => Promise.resolve({ id: spaceId, name }),
    textEmbedder: () =>
      Promise.resolve({
        info: { id: 'bench', provider: 'bench', name, version: '1', licence: 'none' },
        space: { name, width: WIDTH, hasText: true },
        embedText: () => Promise.resolve(question?.vector ?? new Float32Array(WIDTH)),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  }
}

/** What people type, a fixed mixture. */
export async function makeQuestions(library: AskedLibrary): Promise<Question[]> {
  const random = makeRandom(41)
  const { rows: texts } = await sql<{ text: string }>`select text from ocr_texts order by photo_id limit 500`.execute(library.db)
  const { rows: files } = await sql<{ filename: string }>`select filename from photos where id % 997 = 0 limit 100`.execute(library.db)
  const words = texts.flatMap(({ text }) => text.split(' '))
  const tag = () => library.tags[Math.floor(random() ** 3 * library.tags.length)]! // the common ones more often
  const kinds: (() => string)[] = [
    tag,
    tag,
    () => library.tags[Math.floor(random() * 5)]!, // on tens of thousands of photos
    () => `${tag()} ${tag()}`,
    () => random.pick(words),
    () => `${random.pick(words)} ${random.pick(words)}`,
    () => random.pick(files).filename,
    () => random.pick(library.people),
    () => random.pick(library.real.captions).text,
    () => misspell(tag(), random),
  ]
  return Array.from({ length: QUERIES }, (_, i) => ({ q: kinds[i % kinds.length]!(), vector: random.pick(library.real.captions).vector }))
}

function misspell(word: string, random: Random): string {
  const at = 1 + Math.floor(random() * Math.max(1, word.length - 2))
  return word.slice(0, at) + word.slice(at + 1)
}

export async function timeEach<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (const item of items) {
    const started = performance.now()
    await work(item)
    times.push(performance.now() - started)
  }
  return times
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** Rows of a bench, with the ways to add to them. */
export function makeRows() {
  const rows: Row[] = []
  const add = (label: string, value: number, unit: string) => rows.push({ label, value: Math.round(value * 1000) / 1000, unit })
  const addTimes = (label: string, times: readonly number[]) => {
    add(`${label}, median`, quantile(times, 0.5), 'ms')
    add(`${label}, p95`, quantile(times, 0.95), 'ms')
    add(`${label}, worst`, Math.max(...times), 'ms')
  }
  return { rows, add, addTimes }
}

export const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
