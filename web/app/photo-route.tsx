/** @file `/photo/:id`, loaded on demand. */
import { getRouteApi } from '@tanstack/react-router'
import { PhotoPage } from '../features/photo/components/photo-page.tsx'

const route = getRouteApi('/photo/$id')

export function PhotoRoute() {
  return <PhotoPage id={Number(route.useParams().id)} />
}
