/** @file Search over a test database, with a text model whose answers a test writes down. */

import { SearchQuery } from '../../src/contract/search.ts'
import type { Db } from '../../src/db/client.ts'
import { ensureSpace, saveEmbedding } from '../../src/db/vector.ts'
import { EVERY_PHOTO } from '../../src/domain/visibility.ts'
import type { TextEmbedder } from '../../src/models/ports/capability.ts'
import { runSearch } from '../../src/search/run-search.ts'
import type { SearchDeps } from '../../src/search/search-deps.ts'

export function makeSearch(db: Db, options: Partial<SearchDeps> = {}) {
  const deps: SearchDeps = {
    db,
    textEmbedder: () => Promise.resolve(null),
    semanticNotice: () => null,
    activeSpace: () => Promise.resolve(null),
    language: 'english',
    ...options,
  }
  return (query: Record<string, unknown>) => runSearch(deps, EVERY_PHOTO, SearchQuery.parse(query))
}

export type Ask = ReturnType<typeof makeSearch>
export const idsOf = (answer: Awaited<ReturnType<Ask>>): number[] => answer.hits.map(({ photo }) => photo.id)

export const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values)
  return Float32Array.from(values, (value) => value / length)
}

/** A text model that knows these texts; any other is an error. */
export function makeTextEmbedder(name: string, width: number, vectors: Readonly<Record<string, Float32Array>>): TextEmbedder {
  return {
    info: { id: `fake/${name}@1`, provider: 'fake', name, version: '1', licence: 'none' },
    space: { name, width, hasText: true },
    embedText: (text) => {
      const vector = vectors[text]
      return vector ? Promise.resolve(vector) : Promise.reject(new Error(`no vector for “${text}”`))
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

export async function addVectors(db: Db, name: string, vectors: readonly (readonly [number, Float32Array])[]): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const spaceId = await ensureSpace(trx, { name, width: vectors[0]![1].length, hasText: true }, `fake/${name}@1`)
    for (const [photoId, vector] of vectors) await saveEmbedding(trx, spaceId, photoId, vector)
    return spaceId
  })
}
