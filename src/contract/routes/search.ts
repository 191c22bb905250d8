/** @file Finding photos: search, facets, suggestions, what there is to filter by. */
import { z } from 'zod'
import { CategoryCount } from '../library.ts'
import {
  FacetsAnswer,
  FacetsQuery,
  PictureSearchAnswer,
  PictureSearchQuery,
  SearchAnswer,
  SearchQuery,
  SuggestAnswer,
  SuggestQuery,
} from '../search.ts'
import type { Route } from './route.ts'

export const SEARCH_ROUTES = {
  search: { method: 'GET', path: '/api/search', tag: 'search', access: 'member', summary: 'Find photos by words, by a photo, by filters', limit: 'search', query: SearchQuery, answer: SearchAnswer },
  searchByPicture: { method: 'POST', path: '/api/search/by-picture', tag: 'search', access: 'member', summary: 'Find photos by a picture (multipart, one part named `file`) that is kept nowhere', limit: 'model', upload: true, query: PictureSearchQuery, answer: PictureSearchAnswer },
  getFacets: { method: 'GET', path: '/api/search/facets', tag: 'search', access: 'member', summary: 'Of the photos a search finds, how many hold each value of each filter', limit: 'search', query: FacetsQuery, answer: FacetsAnswer },
  suggest: { method: 'GET', path: '/api/suggest', tag: 'search', access: 'member', summary: 'How to go on with what was typed: people, tags, categories, words in pictures and file names', limit: 'search', query: SuggestQuery, answer: SuggestAnswer },
  listCategories: { method: 'GET', path: '/api/categories', tag: 'search', access: 'member', summary: 'Categories with counts', answer: z.object({ categories: z.array(CategoryCount) }) },
} as const satisfies Record<string, Route> // biome-ignore format: a table
