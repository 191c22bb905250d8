/** @file The page’s addresses, made from the list of places. All pages but the timeline load when they are first needed. */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { GalleryPage } from '../features/gallery/components/gallery-page.tsx'
import { parseUrlSearch, readSearchState, writeUrlSearch } from '../lib/search-state.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { readPageState } from './page-state.ts'
import { MOVED, PAGES } from './places.ts'
import { Shell } from './shell.tsx'

/** an empty library is seen once: it is not in the first page of all others */
const Welcome = lazyRouteComponent(() => import('./welcome-page.tsx'), 'Welcome')

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <EmptyState icon={<Compass className="size-7" aria-hidden />} title="There is no such page">
      <Link to="/" className="text-accent underline">
        All photos
      </Link>
    </EmptyState>
  ),
})

const galleryRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: () => <GalleryPage empty={<Welcome />} />,
})

const searchRoute = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: readSearchState,
  component: lazyRouteComponent(() => import('./search-route.tsx'), 'SearchRoute'),
})

const photoRoute = createRoute({
  getParentRoute: () => root,
  path: '/photo/$id',
  component: lazyRouteComponent(() => import('./photo-route.tsx'), 'PhotoRoute'),
})

const makePageRoute = <const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => root, path, validateSearch: readPageState, component })

/** one route for each page of the list, each with its own address, so that links are checked */
type RoutesOf<T extends readonly { readonly path: string }[]> = { -readonly [K in keyof T]: ReturnType<typeof makePageRoute<T[K]['path']>> }

const movedRoutes = MOVED.map(([from, to]) =>
  createRoute({
    getParentRoute: () => root,
    path: from,
    beforeLoad: ({ params, search }) => {
      throw redirect({ to, params, search, replace: true } as never)
    },
  }),
)

export function createPageRouter() {
  return createRouter({
    routeTree: root.addChildren([
      galleryRoute,
      searchRoute,
      photoRoute,
      ...(PAGES.map(({ path, Page }) => makePageRoute(path, Page)) as unknown as RoutesOf<typeof PAGES>),
      // nothing links to what has moved: left out of the types
      ...(movedRoutes as unknown as []),
    ]),
    parseSearch: parseUrlSearch,
    stringifySearch: writeUrlSearch,
    defaultPreload: false,
  })
}
