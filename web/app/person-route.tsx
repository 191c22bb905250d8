/** @file `/explore/people/:id`, loaded on demand. */
import { getRouteApi } from '@tanstack/react-router'
import { PersonPage } from '../features/people/components/person-page.tsx'

const route = getRouteApi('/explore/people/$id')

export function PersonRoute() {
  const { id } = route.useParams()
  return <PersonPage key={id} id={Number(id)} />
}
