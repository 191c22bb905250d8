/** @file `/search`, loaded on demand. */
import { getRouteApi } from '@tanstack/react-router'
import { SearchPage } from '../features/search/components/search-page.tsx'

const route = getRouteApi('/search')

export function SearchRoute() {
  return <SearchPage state={route.useSearch()} />
}
