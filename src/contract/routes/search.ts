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
    summary: 'Find photos by words, by a photo, by filters',
    limit: 'search',
    query: SearchQuery,
    answer: SearchAnswer,
  },
  searchByPicture: {
    method: 'POST',
    path: '/api/search/by-picture',
    tag: 'search',
    access: 'see',
    summary: 'Find photos by a picture (multipart, one part named `file`) that is kept nowhere',
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
    summary: 'Of the photos a search finds, how many hold each value of each filter',
    limit: 'search',
    query: FacetsQuery,
    answer: FacetsAnswer,
  },
  suggest: {
    method: 'GET',
    path: '/api/suggest',
    tag: 'search',
    access: 'see',
    summary: 'How to go on with what was typed: people, tags, categories, words in pictures and file names',
    limit: 'search',
    query: SuggestQuery,
    answer: SuggestAnswer,
  },
  listPlaces: {
    method: 'GET',
    path: '/api/places',
    tag: 'search',
    access: 'see',
    summary: 'Countries and cities that photos were taken in, with counts; the most photos first',
    answer: z.object({ places: z.array(PlaceReport) }),
  },
  listPoints: {
    method: 'GET',
    path: '/api/places/points',
    tag: 'search',
    access: 'see',
    cache: 'checked',
    summary: 'The position of every photo that has one, of those the filters keep: for a map',
    limit: 'search',
    query: SearchFilters,
    answer: PointsAnswer,
    tagged: 'of what it answered; send it as `If-None-Match`',
  },
  listCategories: {
    method: 'GET',
    path: '/api/categories',
    tag: 'search',
    access: 'see',
    summary: 'Categories with counts',
    answer: z.object({ categories: z.array(CategoryCount) }),
  },
} as const satisfies Record<string, Route>
