/** @file Search, its facets and suggestions, and work done again over what a search finds. */
import type { Config } from '../config/schema.ts'
import type { ReprocessRequest } from '../contract/reprocess.ts'
import type { SearchQuery, SuggestQuery } from '../contract/search.ts'
import type { OpenDatabase } from '../db/client.ts'
import type { Texts } from '../describe/texts/texts.ts'
import { findTextCutOff } from '../models/cut-offs.ts'
import { FacetIndex } from '../search/facet-index.ts'
import { createFacets } from '../search/facets.ts'
import { SearchMemory } from '../search/memory.ts'
import { findPhotoIds, runSearch, type SearchDeps } from '../search/run-search.ts'
import { findSuggestions } from '../search/suggest.ts'
import type { Analysis } from './analysis.ts'

export type Finding = ReturnType<typeof composeFinding>

export function composeFinding(
  config: Config,
  { db }: OpenDatabase,
  { models, pipeline }: Pick<Analysis, 'models' | 'pipeline'>,
  texts: Texts,
) {
  const facetIndex = new FacetIndex()
  const deps: SearchDeps = {
    facetIndex,
    db,
    language: config.language,
    textEmbedder: () => models.textEmbedder(),
    semanticNotice: () => models.notice(),
    // the embedder follows the space that answers
    activeSpace: () => models.servingSpace(),
    memory: new SearchMemory(),
    cutOff: findTextCutOff,
    described: texts.described,
  }
  return {
    search: (query: SearchQuery) => runSearch(deps, query),
    facets: createFacets(deps, facetIndex),
    suggest: (query: SuggestQuery) => findSuggestions(db, facetIndex, query),
    activeSpace: async () => (await deps.activeSpace())?.name ?? null,
    findPhotos: (query: Omit<SearchQuery, 'limit' | 'cursor'>) => findPhotoIds(deps, query),
    reprocess: async ({ photos, dry_run, ...choice }: ReprocessRequest) => {
      const ids = photos === undefined ? undefined : 'ids' in photos ? photos.ids : await findPhotoIds(deps, photos.search)
      return pipeline.reprocess({ ...choice, ids }, dry_run)
    },
  }
}
