/** @file What is around every page: header, places, uploads, keys. */
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { ImagePlus, Keyboard, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { SearchBox } from '../features/search/components/search-box.tsx'
import { SelectionBar } from '../features/selection/components/selection-bar.tsx'
import { StatusButton } from '../features/status/components/status-button.tsx'
import { UploadProvider, useUploads } from '../features/upload/components/upload-provider.tsx'
import { UploadTray } from '../features/upload/components/upload-tray.tsx'
import { useSelectedCount } from '../lib/selection.ts'
import { useTheme } from '../lib/theme.ts'
import { useFollowProgress } from '../lib/use-follow-progress.ts'
import { useHotkeys } from '../lib/use-hotkeys.ts'
import { IconButton } from '../ui/button.tsx'
import { Toasts } from '../ui/toasts.tsx'
import { KeyHelp } from './key-help.tsx'
import { PHOTO_ACTIONS } from './photo-actions.ts'
import { PlaceMenu } from './place-menu.tsx'
import { PlaceRail } from './place-rail.tsx'
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

function Frame() {
  const [keys, setKeys] = useState(false)
  // the photo page has the whole window
  const bare = useRouterState({ select: (state) => state.location.pathname.startsWith('/photo/') })
  const selecting = useSelectedCount() > 0
  useHotkeys([['?', () => setKeys(true)]])
  usePlaceKeys()
  useFollowProgress()
  return (
    <div className="flex h-full flex-col">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-3">
        To the photos
      </a>
      {!bare && (
        <>
          <SelectionBar actions={PHOTO_ACTIONS} />
          {/* hidden, not gone: half-typed words stay */}
          <div className={selecting ? 'hidden' : 'contents'}>
            <Header onKeys={() => setKeys(true)} />
          </div>
        </>
      )}
      <div className="flex min-h-0 flex-1">
        {!bare && <PlaceRail />}
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          <Outlet />
        </main>
      </div>
      {keys && <KeyHelp onClose={() => setKeys(false)} />}
    </div>
  )
}

function Header({ onKeys }: { readonly onKeys: () => void }) {
  const { theme, toggleTheme } = useTheme()
  const { chooseFiles } = useUploads()
  return (
    <header className="relative z-30 flex h-15 shrink-0 items-center gap-1 border-b border-line bg-page px-2 sm:gap-2 sm:px-4">
      <PlaceMenu />
      <Link
        to="/"
        aria-label="fototeca: all photos"
        className="flex shrink-0 items-center gap-2.5 rounded-full p-1.5 max-sm:hidden md:w-44"
      >
        <img src="/icon.svg" alt="" className="size-7" />
        <span className="hidden text-lg font-semibold tracking-tight md:inline">fototeca</span>
      </Link>
      <SearchBox />
      <div className="flex shrink-0 items-center justify-end md:min-w-44">
        <StatusButton />
        <IconButton label="Add pictures" onClick={chooseFiles}>
          <ImagePlus className="size-5" aria-hidden />
        </IconButton>
        <ViewMenu />
        <IconButton label={theme === 'dark' ? 'Light theme' : 'Dark theme'} onClick={toggleTheme} className="max-sm:hidden">
          {theme === 'dark' ? <Sun className="size-5" aria-hidden /> : <Moon className="size-5" aria-hidden />}
        </IconButton>
        <IconButton label="Keys (?)" onClick={onKeys} className="max-lg:hidden">
          <Keyboard className="size-5" aria-hidden />
        </IconButton>
      </div>
    </header>
  )
}
