/** @file The page’s addresses. Search and photo pages load when they are first needed. */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { GalleryPage } from '../features/gallery/components/gallery-page.tsx'
import { AddFolder } from '../features/status/components/add-folder.tsx'
import { EmptyLibrary } from '../features/upload/components/empty-library.tsx'
import { parseUrlSearch, readSearchState, writeUrlSearch } from '../lib/search-state.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { readGenerateState } from './generate-state.ts'
import { Shell } from './shell.tsx'

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
  component: () => (
    <GalleryPage
      empty={
        <EmptyLibrary>
          <AddFolder label="Or name a folder of the computer that runs fototeca. It is read where it is; nothing in it is changed." />
        </EmptyLibrary>
      }
    />
  ),
})

/** the described system's address for the same page */
const photosRoute = createRoute({
  getParentRoute: () => root,
  path: '/photos',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true })
  },
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

const failuresRoute = createRoute({
  getParentRoute: () => root,
  path: '/failures',
  component: lazyRouteComponent(() => import('../features/failures/components/failures-page.tsx'), 'FailuresPage'),
})

const modelsRoute = createRoute({
  getParentRoute: () => root,
  path: '/models',
  component: lazyRouteComponent(() => import('../features/models/components/models-page.tsx'), 'ModelsPage'),
})

const categoriesRoute = createRoute({
  getParentRoute: () => root,
  path: '/categories',
  component: lazyRouteComponent(() => import('../features/categories/components/categories-page.tsx'), 'CategoriesPage'),
})

const albumsRoute = createRoute({
  getParentRoute: () => root,
  path: '/albums',
  component: lazyRouteComponent(() => import('../features/albums/components/albums-page.tsx'), 'AlbumsPage'),
})

const albumRoute = createRoute({
  getParentRoute: () => root,
  path: '/albums/$id',
  component: lazyRouteComponent(() => import('../features/albums/components/album-page.tsx'), 'AlbumPage'),
})

const surpriseRoute = createRoute({
  getParentRoute: () => root,
  path: '/surprise',
  component: lazyRouteComponent(() => import('../features/albums/components/surprise-page.tsx'), 'SurprisePage'),
})

const clustersRoute = createRoute({
  getParentRoute: () => root,
  path: '/clusters',
  component: lazyRouteComponent(() => import('../features/clusters/components/clusters-page.tsx'), 'ClustersPage'),
})

const generateRoute = createRoute({
  getParentRoute: () => root,
  path: '/products/generate',
  validateSearch: readGenerateState,
  component: lazyRouteComponent(() => import('./generate-route.tsx'), 'GenerateRoute'),
})

const describeRoute = createRoute({
  getParentRoute: () => root,
  path: '/describe',
  component: lazyRouteComponent(() => import('../features/describe/components/describe-page.tsx'), 'DescribePage'),
})

const compareRoute = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  component: lazyRouteComponent(() => import('../features/describe/components/compare-page.tsx'), 'ComparePage'),
})

const peopleRoute = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: lazyRouteComponent(() => import('../features/people/components/people-page.tsx'), 'PeoplePage'),
})

const questionsRoute = createRoute({
  getParentRoute: () => root,
  path: '/people/questions',
  component: lazyRouteComponent(() => import('../features/people/components/questions-page.tsx'), 'QuestionsPage'),
})

const personRoute = createRoute({
  getParentRoute: () => root,
  path: '/people/$id',
  component: lazyRouteComponent(() => import('./person-route.tsx'), 'PersonRoute'),
})

const duplicatesRoute = createRoute({
  getParentRoute: () => root,
  path: '/duplicates',
  component: lazyRouteComponent(() => import('../features/duplicates/components/duplicates-page.tsx'), 'DuplicatesPage'),
})

const trashRoute = createRoute({
  getParentRoute: () => root,
  path: '/trash',
  component: lazyRouteComponent(() => import('../features/trash/components/trash-page.tsx'), 'TrashPage'),
})

const changesRoute = createRoute({
  getParentRoute: () => root,
  path: '/changes',
  component: lazyRouteComponent(() => import('../features/changes/components/changes-page.tsx'), 'ChangesPage'),
})

const vocabularyRoute = createRoute({
  getParentRoute: () => root,
  path: '/vocabulary',
  component: lazyRouteComponent(() => import('../features/vocabulary/components/vocabulary-page.tsx'), 'VocabularyPage'),
})

const productsRoute = createRoute({
  getParentRoute: () => root,
  path: '/products',
  component: lazyRouteComponent(() => import('../features/products/components/products-page.tsx'), 'ProductsPage'),
})

export function createPageRouter() {
  return createRouter({
    routeTree: root.addChildren([
      galleryRoute,
      photosRoute,
      searchRoute,
      photoRoute,
      failuresRoute,
      modelsRoute,
      categoriesRoute,
      vocabularyRoute,
      albumsRoute,
      albumRoute,
      surpriseRoute,
      clustersRoute,
      peopleRoute,
      questionsRoute,
      personRoute,
      duplicatesRoute,
      trashRoute,
      changesRoute,
      productsRoute,
      describeRoute,
      generateRoute,
      compareRoute,
    ]),
    parseSearch: parseUrlSearch,
    stringifySearch: writeUrlSearch,
    defaultPreload: false,
  })
}
