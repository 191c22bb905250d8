/**
 * @file The places of the page and what each holds. Rail, bottom bar, tabs, routes, and `g` keys are made from these two lists:
 * a new page is a line in `PAGES`.
 */
import { lazyRouteComponent } from '@tanstack/react-router'
import { Blocks, BookImage, Compass, Gem, Images, type LucideIcon, Settings, Trash2 } from 'lucide-react'

interface PlaceEntry {
  readonly name: string
  /** where its link leads */
  readonly path: string
  readonly label: string
  readonly Icon: LucideIcon
  /** `g`, then this letter; no two places or pages share one */
  readonly key: string
  /** shown where the mouse rests */
  readonly hint: string
  /** below the line in the rail */
  readonly isLast?: boolean
  /** in the bar of a phone; all others are under More */
  readonly onPhone?: boolean
}

export const PLACES = [
  { name: 'photos', path: '/', label: 'Photos', Icon: Images, key: 'p', hint: 'All photos by day', onPhone: true },
  { name: 'explore', path: '/explore', label: 'Explore', Icon: Compass, key: 'e', hint: 'People, places, things, topics, and trips' },
  {
    name: 'albums',
    path: '/albums',
    label: 'Albums',
    Icon: BookImage,
    key: 'a',
    hint: 'Albums, smart albums, and favourites',
    onPhone: true,
  },
  { name: 'products', path: '/products', label: 'Products', Icon: Gem, key: 'r', hint: 'Product pictures, ready for marketplaces' },
  {
    name: 'clean-up',
    path: '/clean-up/duplicates',
    label: 'Clean up',
    Icon: Blocks,
    key: 'c',
    hint: 'Duplicates, faces to review, and failures',
  },
  { name: 'trash', path: '/trash', label: 'Trash', Icon: Trash2, key: 't', hint: 'Deleted photos stay for 30 days', isLast: true },
  {
    name: 'settings',
    path: '/settings/library',
    label: 'Settings',
    Icon: Settings,
    key: 's',
    hint: 'Library, models, descriptions, appearance',
    isLast: true,
  },
] as const satisfies readonly PlaceEntry[]

export type Place = (typeof PLACES)[number]

interface PageEntry {
  readonly place: Place['name']
  readonly path: string
  /** of its tab; a page without one is reached from another page */
  readonly tab?: string
  /** `g`, then this letter */
  readonly key?: string
  readonly Page: ReturnType<typeof lazyRouteComponent>
}

/** Pages that load when they are first opened. `/`, `/search`, and `/photo/12` have routes of their own (`router.tsx`). */
export const PAGES = [
  { place: 'photos', path: '/recent', tab: 'Recently added', Page: lazyRouteComponent(() => import('./found-routes.tsx'), 'RecentRoute') },
  { place: 'photos', path: '/welcome', Page: lazyRouteComponent(() => import('./welcome-page.tsx'), 'WelcomePage') },
  { place: 'photos', path: '/on-this-day', Page: lazyRouteComponent(() => import('./on-this-day-route.tsx'), 'OnThisDayRoute') },
  { place: 'photos', path: '/on-this-day/$year', Page: lazyRouteComponent(() => import('./on-this-day-route.tsx'), 'OneYearRoute') },

  { place: 'explore', path: '/explore', tab: 'Overview', Page: lazyRouteComponent(() => import('./explore-page.tsx'), 'ExplorePage') },
  {
    place: 'explore',
    path: '/explore/people',
    tab: 'People',
    Page: lazyRouteComponent(() => import('../features/people/components/people-page.tsx'), 'PeoplePage'),
  },
  { place: 'explore', path: '/explore/people/$id', Page: lazyRouteComponent(() => import('./person-route.tsx'), 'PersonRoute') },
  {
    place: 'explore',
    path: '/explore/places',
    tab: 'Places',
    key: 'n',
    Page: lazyRouteComponent(() => import('./place-routes.tsx'), 'PlacesRoute'),
  },
  { place: 'explore', path: '/explore/places/near/$circle', Page: lazyRouteComponent(() => import('./place-routes.tsx'), 'NearRoute') },
  { place: 'explore', path: '/explore/places/area/$area', Page: lazyRouteComponent(() => import('./place-routes.tsx'), 'AreaRoute') },
  { place: 'explore', path: '/explore/places/in/$country', Page: lazyRouteComponent(() => import('./place-routes.tsx'), 'CountryRoute') },
  {
    place: 'explore',
    path: '/explore/places/in/$country/$city',
    Page: lazyRouteComponent(() => import('./place-routes.tsx'), 'CityRoute'),
  },
  {
    place: 'explore',
    path: '/explore/things',
    tab: 'Things',
    Page: lazyRouteComponent(() => import('../features/categories/components/categories-page.tsx'), 'CategoriesPage'),
  },
  {
    place: 'explore',
    path: '/explore/topics',
    tab: 'Topics',
    key: 'k',
    Page: lazyRouteComponent(() => import('../features/clusters/components/clusters-page.tsx'), 'ClustersPage'),
  },
  {
    place: 'explore',
    path: '/explore/trips',
    tab: 'Trips',
    Page: lazyRouteComponent(() => import('../features/clusters/components/trips-page.tsx'), 'TripsPage'),
  },

  {
    place: 'albums',
    path: '/albums',
    tab: 'Albums',
    Page: lazyRouteComponent(() => import('../features/albums/components/albums-page.tsx'), 'AlbumsPage'),
  },
  {
    place: 'albums',
    path: '/albums/smart',
    tab: 'Smart',
    Page: lazyRouteComponent(() => import('../features/albums/components/albums-page.tsx'), 'SmartAlbumsPage'),
  },
  {
    place: 'albums',
    path: '/albums/favourites',
    tab: 'Favourites',
    Page: lazyRouteComponent(() => import('./found-routes.tsx'), 'FavouritesRoute'),
  },
  {
    place: 'albums',
    path: '/albums/surprise',
    Page: lazyRouteComponent(() => import('../features/albums/components/surprise-page.tsx'), 'SurprisePage'),
  },
  {
    place: 'albums',
    path: '/albums/$id',
    Page: lazyRouteComponent(() => import('../features/albums/components/album-page.tsx'), 'AlbumPage'),
  },

  {
    place: 'products',
    path: '/products',
    tab: 'Products',
    Page: lazyRouteComponent(() => import('../features/products/components/products-page.tsx'), 'ProductsPage'),
  },
  {
    place: 'products',
    path: '/products/create',
    tab: 'Create',
    key: 'x',
    Page: lazyRouteComponent(() => import('./generate-route.tsx'), 'GenerateRoute'),
  },
  {
    place: 'products',
    path: '/products/ungrouped',
    tab: 'Ungrouped',
    Page: lazyRouteComponent(() => import('../features/products/components/products-page.tsx'), 'UngroupedPage'),
  },
  {
    place: 'products',
    path: '/products/review',
    tab: 'Needs review',
    Page: lazyRouteComponent(() => import('../features/products/components/products-page.tsx'), 'ReviewPage'),
  },
  {
    place: 'products',
    path: '/products/trash',
    tab: 'Trash',
    Page: lazyRouteComponent(() => import('../features/products/components/products-page.tsx'), 'ProductTrashPage'),
  },

  {
    place: 'clean-up',
    path: '/clean-up/duplicates',
    tab: 'Duplicates',
    key: 'd',
    Page: lazyRouteComponent(() => import('../features/duplicates/components/duplicates-page.tsx'), 'DuplicatesPage'),
  },
  {
    place: 'clean-up',
    path: '/clean-up/duplicates/$kind',
    Page: lazyRouteComponent(() => import('../features/duplicates/components/duplicates-page.tsx'), 'DuplicatesPage'),
  },
  {
    place: 'clean-up',
    path: '/clean-up/faces',
    tab: 'Faces',
    key: 'o',
    Page: lazyRouteComponent(() => import('../features/people/components/questions-page.tsx'), 'QuestionsPage'),
  },
  {
    place: 'clean-up',
    path: '/clean-up/failures',
    tab: 'Failures',
    key: 'f',
    Page: lazyRouteComponent(() => import('../features/failures/components/failures-page.tsx'), 'FailuresPage'),
  },

  { place: 'trash', path: '/trash', Page: lazyRouteComponent(() => import('../features/trash/components/trash-page.tsx'), 'TrashPage') },

  {
    place: 'settings',
    path: '/settings/library',
    tab: 'Library',
    key: 'l',
    Page: lazyRouteComponent(() => import('../features/status/components/library-page.tsx'), 'LibraryPage'),
  },
  {
    place: 'settings',
    path: '/settings/models',
    tab: 'Models',
    key: 'm',
    Page: lazyRouteComponent(() => import('../features/models/components/models-page.tsx'), 'ModelsPage'),
  },
  {
    place: 'settings',
    path: '/settings/descriptions',
    tab: 'Descriptions',
    key: 'w',
    Page: lazyRouteComponent(() => import('../features/describe/components/describe-page.tsx'), 'DescribePage'),
  },
  {
    place: 'settings',
    path: '/settings/descriptions/compare',
    Page: lazyRouteComponent(() => import('../features/describe/components/compare-page.tsx'), 'ComparePage'),
  },
  {
    place: 'settings',
    path: '/settings/vocabulary',
    tab: 'Vocabulary',
    key: 'v',
    Page: lazyRouteComponent(() => import('../features/vocabulary/components/vocabulary-page.tsx'), 'VocabularyPage'),
  },
  {
    place: 'settings',
    path: '/settings/accounts',
    tab: 'Accounts',
    Page: lazyRouteComponent(() => import('../features/accounts/components/accounts-page.tsx'), 'AccountsPage'),
  },
  {
    place: 'settings',
    path: '/settings/changes',
    tab: 'Changes',
    key: 'u',
    Page: lazyRouteComponent(() => import('../features/changes/components/changes-page.tsx'), 'ChangesPage'),
  },
  {
    place: 'settings',
    path: '/settings/queue',
    tab: 'Queue',
    key: 'q',
    Page: lazyRouteComponent(() => import('../features/activity/components/queue-page.tsx'), 'QueuePage'),
  },
  {
    place: 'settings',
    path: '/settings/statistics',
    tab: 'Statistics',
    Page: lazyRouteComponent(() => import('../features/activity/components/statistics-page.tsx'), 'StatisticsPage'),
  },
  {
    place: 'settings',
    path: '/settings/appearance',
    tab: 'Appearance',
    Page: lazyRouteComponent(() => import('./appearance-page.tsx'), 'AppearancePage'),
  },
  {
    place: 'settings',
    path: '/settings/shortcuts',
    tab: 'Shortcuts',
    Page: lazyRouteComponent(() => import('./key-help.tsx'), 'ShortcutsPage'),
  },
  {
    place: 'settings',
    path: '/settings/about',
    tab: 'About',
    Page: lazyRouteComponent(() => import('../features/status/components/about-page.tsx'), 'AboutPage'),
  },
] as const satisfies readonly PageEntry[]

/** Addresses of earlier versions, and places without a page of their own: each leads on. */
export const MOVED = [
  ['/photos', '/'],
  ['/people', '/explore/people'],
  ['/people/$id', '/explore/people/$id'],
  ['/people/questions', '/clean-up/faces'],
  ['/clusters', '/explore/topics'],
  ['/categories', '/explore/things'],
  ['/surprise', '/albums/surprise'],
  ['/products/generate', '/products/create'],
  ['/clean-up', '/clean-up/duplicates'],
  ['/duplicates', '/clean-up/duplicates'],
  ['/failures', '/clean-up/failures'],
  ['/settings', '/settings/library'],
  ['/models', '/settings/models'],
  ['/describe', '/settings/descriptions'],
  ['/compare', '/settings/descriptions/compare'],
  ['/vocabulary', '/settings/vocabulary'],
  ['/changes', '/settings/changes'],
  ['/queue', '/settings/queue'],
  ['/statistics', '/settings/statistics'],
] as const

export interface Tab {
  readonly path: '/' | (typeof PAGES)[number]['path']
  readonly label: string
}

/** The tabs of a place, in order; none where it has but one page. */
export function tabsOf(place: Place['name']): readonly Tab[] {
  const tabs = PAGES.flatMap((page: PageEntry): Tab[] =>
    page.place === place && page.tab !== undefined ? [{ path: page.path as Tab['path'], label: page.tab }] : [],
  )
  return place === 'photos' ? [{ path: '/', label: 'Timeline' }, ...tabs] : tabs
}

const matches = (pattern: string, pathname: string): boolean => new RegExp(`^${pattern.replace(/\$\w+/g, '[^/]+')}/?$`).test(pathname)

/** The place an address belongs to; null where it belongs to none. */
export function findPlace(pathname: string): Place | null {
  const name = pathname === '/' || pathname === '/search' ? 'photos' : PAGES.find(({ path }) => matches(path, pathname))?.place
  return PLACES.find((place) => place.name === name) ?? null
}

/** Every `g` key with where it leads. */
export const PLACE_KEYS: readonly { readonly key: string; readonly label: string; readonly path: Tab['path'] }[] = [
  ...PLACES.map(({ key, label, path }) => ({ key, label, path })),
  ...PAGES.flatMap((page: PageEntry) =>
    page.key === undefined || page.tab === undefined ? [] : [{ key: page.key, label: page.tab, path: page.path as Tab['path'] }],
  ),
]
