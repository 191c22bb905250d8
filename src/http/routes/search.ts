/** @file The handlers of `contract/routes/search.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { SEARCH_ROUTES } from '../../contract/routes/search.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { HandlersOf } from '../handler.ts'
import { listPoints } from './search/list-points.ts'

export const searchHandlers = {
  search: ({ actor, query, services }) => services.search(actor.sees, query),
  /** The picture is looked at and forgotten; its vectors stay in memory for a while, under a key. */
  searchByPicture: async ({ actor, files, query, services }) => {
    for await (const file of files) return services.searchByPicture(actor.sees, file.stream, query)
    throw new FototecaError('invalid', 'file: send one picture as a multipart part named `file`')
  },
  getFacets: ({ actor, query, services }) => services.facets(actor.sees, query),
  suggest: ({ actor, query, services }) => services.suggest(actor.sees, query),
  listPlaces: async ({ actor, services }) => ({ places: await services.places(actor.sees) }),
  listPoints,
  listCategories: async ({ actor, services }) => ({ categories: await services.library.categories(actor.sees) }),
} satisfies HandlersOf<typeof SEARCH_ROUTES>
