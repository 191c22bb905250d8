/** @file The handlers of `contract/routes/search.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { SEARCH_ROUTES } from '../../contract/routes/search.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { HandlersOf } from '../handler.ts'

export const searchHandlers = {
  search: ({ query, services }) => services.search(query),
  /** The picture is looked at and forgotten; its vectors stay in memory for a while, under a key. */
  searchByPicture: async ({ files, query, services }) => {
    for await (const file of files) return services.searchByPicture(file.stream, query)
    throw new FototecaError('invalid', 'file: send one picture as a multipart part named `file`')
  },
  getFacets: ({ query, services }) => services.facets(query),
  suggest: ({ query, services }) => services.suggest(query),
  listCategories: async ({ services }) => ({ categories: await services.library.categories() }),
} satisfies HandlersOf<typeof SEARCH_ROUTES>
