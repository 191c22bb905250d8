/** @file What is around every page: header, places, uploads, keys. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { ImagePlus } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { SearchBox } from '../features/search/components/search-box.tsx'
import { SelectionBar } from '../features/selection/components/selection-bar.tsx'
import { StatusButton } from '../features/status/components/status-button.tsx'
import { UploadProvider, useUploads } from '../features/upload/components/upload-provider.tsx'
import { UploadTray } from '../features/upload/components/upload-tray.tsx'
import { PlaceKeysContext } from '../lib/place-keys.ts'
import { useSelectedCount } from '../lib/selection.ts'
import { useFollowProgress } from '../lib/use-follow-progress.ts'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { IconButton } from '../ui/button.tsx'
import { PlaceContext } from '../ui/page.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { PHOTO_ACTIONS } from './photo-actions.ts'
import { PlaceBar } from './place-bar.tsx'
import { useCurrentPlace } from './place-link.tsx'
import { PlaceRail } from './place-rail.tsx'
import { PlaceTabs } from './place-tabs.tsx'
import { PLACE_KEYS } from './places.ts'
import { usePlaceKeys } from './use-place-keys.ts'
import { ViewMenu } from './view-menu.tsx'

export function Shell() {
  return (
    <UploadProvider>
      <Frame />
      <UploadTray />
      <Toasts />
    </UploadProvider>
  )
}

const KeyHelp = lazy(() => import('./key-help.tsx').then(({ KeyHelp }) => ({ default: KeyHelp })))

function Frame() {
  const [keys, setKeys] = useState(false)
  // the photo page has the whole window
  const bare = useRouterState({ select: (state) => state.location.pathname.startsWith('/photo/') })
  const selecting = useSelectedCount() > 0
  const label = useCurrentPlace()?.label
  const place = useMemo(() => (label === undefined ? null : { label, tabs: <PlaceTabs /> }), [label])
  useHotkeys([['?', () => setKeys(true)]])
  usePlaceKeys()
  useFollowProgress()
  return (
    <PlaceKeysContext value={PLACE_KEYS}>
      <div className="flex h-full flex-col">
        <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-3">
          To the content
        </a>
        {!bare && (
          <>
            <SelectionBar actions={PHOTO_ACTIONS} />
            {/* hidden, not gone: half-typed words stay */}
            <div className={selecting ? 'desk:hidden max-desk:contents' : 'contents'}>
              <Header />
            </div>
          </>
        )}
        <div className="flex min-h-0 flex-1">
          {!bare && <PlaceRail />}
          <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
            <PlaceContext value={place}>
              <Outlet />
            </PlaceContext>
          </main>
        </div>
        {!bare && !selecting && <PlaceBar />}
        {keys && (
          <Suspense>
            <KeyHelp onClose={() => setKeys(false)} />
          </Suspense>
        )}
      </div>
    </PlaceKeysContext>
  )
}

function Header() {
  const { chooseFiles } = useUploads()
  return (
    <header className="relative z-30 flex h-14 shrink-0 items-center gap-1 border-b border-line bg-page px-2 sm:gap-2 sm:px-4">
      <Link to="/" aria-label="fototeca: all photos" className="flex w-44 shrink-0 items-center gap-2.5 rounded-lg p-1.5 max-desk:hidden">
        <img src="/icon.svg" alt="" className="size-7" />
        <span className="text-lg font-semibold tracking-tight">fototeca</span>
      </Link>
      <SearchBox />
      <div className="flex shrink-0 items-center justify-end">
        <ViewMenu />
        <IconButton label="Add pictures" onClick={chooseFiles}>
          <ImagePlus className="size-5" aria-hidden />
        </IconButton>
        <StatusButton />
      </div>
    </header>
  )
}
