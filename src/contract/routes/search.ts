/** @file Finding photos: search, facets, suggestions, what there is to filter by. */
import { z } from 'zod'
import { CategoryCount } from '../library.ts'
import { PlaceReport, PointsAnswer } from '../places.ts'
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
import { SearchFilters } from '../search-filters.ts'
import type { Route } from './route.ts'

export const SEARCH_ROUTES = {
  search: {
    method: 'GET',
    path: '/api/search',
    tag: 'search',
    access: 'see',
    summary: 'Search photos by words, by a photo, and by filters',
    limit: 'search',
    query: SearchQuery,
    answer: SearchAnswer,
  },
  searchByPicture: {
    method: 'POST',
    path: '/api/search/by-picture',
    tag: 'search',
    access: 'see',
    summary: 'Search by a picture (multipart, one part named `file`), which is not stored',
    limit: 'model',
    upload: true,
    query: PictureSearchQuery,
    answer: PictureSearchAnswer,
  },
  getFacets: {
    method: 'GET',
    path: '/api/search/facets',
    tag: 'search',
    access: 'see',
    summary: 'Count the photos a search finds by each value of each filter',
    limit: 'search',
    query: FacetsQuery,
    answer: FacetsAnswer,
  },
  suggest: {
    method: 'GET',
    path: '/api/suggest',
    tag: 'search',
    access: 'see',
    summary: 'Suggest completions: people, tags, categories, words in pictures, and file names',
    limit: 'search',
    query: SuggestQuery,
    answer: SuggestAnswer,
  },
  listPlaces: {
    method: 'GET',
    path: '/api/places',
    tag: 'search',
    access: 'see',
    summary: 'List the countries and cities photos were taken in, with counts, most photos first',
    answer: z.object({ places: z.array(PlaceReport) }),
  },
  listPoints: {
    method: 'GET',
    path: '/api/places/points',
    tag: 'search',
    access: 'see',
    cache: 'checked',
    summary: 'Get the positions of all photos that have one and match the filters, for a map',
    limit: 'search',
    query: SearchFilters,
    answer: PointsAnswer,
    tagged: 'of the answer; send it as `If-None-Match`',
  },
  listCategories: {
    method: 'GET',
    path: '/api/categories',
    tag: 'search',
    access: 'see',
    summary: 'List categories with counts',
    answer: z.object({ categories: z.array(CategoryCount) }),
  },
} as const satisfies Record<string, Route>
