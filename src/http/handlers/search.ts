/** @file The handlers of `contract/routes/search.ts`; the compiler says which is missing. */
import type { SEARCH_ROUTES } from '../../contract/routes/search.ts'
import type { HandlersOf } from '../handler.ts'
import { listCategories } from '../routes/categories/list-categories.ts'
import { getFacets } from '../routes/search/get-facets.ts'
import { searchByPicture } from '../routes/search/search-by-picture.ts'
import { search } from '../routes/search/search-photos.ts'
import { suggest } from '../routes/search/suggest.ts'

export const searchHandlers = {
  search,
  searchByPicture,
  getFacets,
  suggest,
  listCategories,
} satisfies HandlersOf<typeof SEARCH_ROUTES>
