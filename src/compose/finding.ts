/** @file Search, its facets and suggestions, and work done again over what a search finds. */

import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Relay } from '../background/relay.ts'
import { HOUR_MS, Task } from '../background/task.ts'
import type { Config } from '../config/schema.ts'
import type { ReprocessRequest } from '../contract/reprocess.ts'
import { type PictureSearchQuery, parseCrop, type SearchQuery, type SuggestQuery } from '../contract/search.ts'
import type { OpenDatabase } from '../db/client.ts'
import { onlyAllowed } from '../db/visible.ts'
import type { Texts } from '../describe/texts/texts.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Visibility } from '../domain/visibility.ts'
import { sniffFormat } from '../media/sniff.ts'
import { findTextCutOff, findWorth } from '../models/spaces/cut-offs.ts'
import { FacetIndex } from '../search/facet-index.ts'
import { createFacets } from '../search/facets.ts'
import { KeptAnswers } from '../search/kept-answers.ts'
import { SearchMemory } from '../search/memory.ts'
import { createPoints } from '../search/points.ts'
import { findPhotoIds, runSearch } from '../search/run-search.ts'
import type { SearchDeps } from '../search/search-deps.ts'
import { forgetOldDeletions } from '../search/store-changes.ts'
import { readMatching } from '../search/store-list.ts'
import { type FindNear, readSpace } from '../search/store-vector.ts'
import { findSuggestions } from '../search/suggest.ts'
import { VectorIndex } from '../search/vectors/vector-index.ts'
import type { Use } from '../search/while-unchanged.ts'
import { holdOriginal } from '../storage/bounds.ts'
import type { Analysis } from './analysis.ts'
import type { Signals } from './signals.ts'

/** After a failure. */
const RETRY_MS = 60_000
/** The first page comes first: reading the values of all facets takes seconds of the database’s time, in short turns. */
const FACETS_AFTER_MS = 3000

export type Finding = ReturnType<typeof composeFinding>

export function composeFinding(
  config: Config,
  { db }: OpenDatabase,
  stack: AsyncDisposableStack,
  log: Log,
  signals: Signals,
  { models, pipeline, ingest, queryEmbedder }: Pick<Analysis, 'models' | 'pipeline' | 'ingest' | 'queryEmbedder'>,
  texts: Texts,
  relay: Relay,
) {
  const facetIndex = new FacetIndex()
  const memory = new SearchMemory()
  const answers = new KeptAnswers()
  const warming = stack.use(
    new Task({
      name: 'indexes in memory',
      work: async (signal) => {
        const isFirst = !facetIndex.isFilled
        if (isFirst && !(await facetIndex.restore(db))) await sleep(FACETS_AFTER_MS, undefined, { ref: false, signal })
        await facetIndex.warm(db, signal)
        await facetIndex.save(db)
        if (isFirst) await memory.matches.common.warm(db, signal)
      },
      log,
      failureMessage: 'Loading the search indexes into memory failed; searches read what they need until the next attempt',
      failureLevel: 'warn',
      everyMs: HOUR_MS,
      retryMs: RETRY_MS,
    }),
  )
  const vectors = stack.use(new VectorIndex(db, log, config.vectorMemoryMb * 2 ** 20))
  signals.photoDone.listen(() => vectors.wake())
  relay.on('photos done', () => vectors.wake())
  const findNear: FindNear = (question) => vectors.nearest(question)
  const deps: SearchDeps = {
    facetIndex,
    db,
    language: config.language,
    textEmbedder: () => models.textEmbedder(),
    semanticNotice: () => models.shortNotice(),
    // the embedder follows the space that answers
    activeSpace: () => models.servingSpace(),
    memory,
    answers,
    findNear,
    cutOff: findTextCutOff,
    worth: findWorth,
    described: texts.described,
    lookAt: async (photoId, crop) => {
      const original = await ingest.locate(photoId)
      if (!original) throw new FototecaError('not_found', `the file of photo ${photoId} is not there now`)
      return original.withFile(async (file) => {
        await using held = await holdOriginal(file.path, file.bounds)
        const sniffed = await sniffFormat(held.path)
        if ('refused' in sniffed) throw new FototecaError('not_a_picture', sniffed.refused)
        return queryEmbedder.look({ ...file, format: sniffed.format, crop })
      })
    },
  }
  return {
    warming,
    /** by the vectors in memory */
    findNear,
    search: (sees: Visibility, query: SearchQuery) => runSearch(deps, sees, query),
    searchByPicture: async (sees: Visibility, file: Readable, { crop, ...query }: PictureSearchQuery) => {
      const staged = await ingest.stage(file, '')
      try {
        const { received, format } = staged
        const area = crop === undefined ? {} : { crop: parseCrop(crop) }
        const picture = memory.keepPicture(await queryEmbedder.look({ path: received.temporary, bounds: null, format, ...area }))
        return { ...(await runSearch(deps, sees, { ...query, picture })), picture }
      } finally {
        await ingest.discard(staged)
      }
    },
    facets: createFacets(deps, facetIndex),
    ...createPoints(db),
    suggest: (sees: Visibility, query: SuggestQuery) => findSuggestions(db, facetIndex, sees, query),
    start: async () => {
      await forgetOldDeletions(db)
      const active = await deps.activeSpace()
      const space = active && (await readSpace(db, { id: active.id }))
      if (space?.isIndexed) vectors.warm(space)
      warming.start()
    },
    /** Photos per category; null as long as the values of all photos are not in memory. */
    countCategories: async (sees: Visibility) => {
      if (!facetIndex.isFilled) return null
      const totals = await facetIndex.totals(db, sees)
      return new Map(totals.flatMap(({ key, value, count }) => (key === 'category' ? [[value, count]] : [])))
    },
    searchMemory: () => ({
      answers: reportUse(answers.use),
      filters: reportUse(memory.filtered.use),
      words: reportUse(memory.matches.use),
      encoded: reportUse(models.encodedUse()),
    }),
    activeSpace: async () => (await deps.activeSpace())?.name ?? null,
    findPhotos: (sees: Visibility, query: Omit<SearchQuery, 'limit' | 'cursor'>) => findPhotoIds(deps, sees, query),
    reprocess: async (sees: Visibility, { photos, dry_run, ...choice }: ReprocessRequest) => {
      const ids =
        photos === undefined
          ? sees.allowed === null
            ? undefined
            : [...(await readMatching(db, [sees.allowed]))]
          : 'ids' in photos
            ? await onlyAllowed(db, sees, photos.ids)
            : await findPhotoIds(deps, sees, photos.search)
      return pipeline.reprocess({ ...choice, ids }, dry_run)
    },
  }
}

const reportUse = ({ asked, kept }: Use) => ({ asked, kept, hit_rate: asked === 0 ? null : Math.round((kept / asked) * 1000) / 1000 })
