/** @file The page of product pictures with the photos its address names. */
import { getRouteApi } from '@tanstack/react-router'
import { GeneratePage } from '../features/generate/components/generate-page.tsx'

const route = getRouteApi('/products/create')

export function GenerateRoute() {
  const { photos } = route.useSearch()
  return <GeneratePage key={photos ?? ''} photos={photos?.split(',').map(Number) ?? []} />
}
