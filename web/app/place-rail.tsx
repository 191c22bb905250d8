/** @file The places at the left edge: icons, and with room for them words, until a person folds the rail. Not on a phone. */
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useState } from 'react'
import { PlaceList } from './place-list.tsx'

const KEY = 'fototeca-rail'

export function PlaceRail() {
  const [folded, setFolded] = useState(() => localStorage.getItem(KEY) === 'folded')
  const fold = () => {
    localStorage.setItem(KEY, folded ? 'open' : 'folded')
    setFolded(!folded)
  }
  const Icon = folded ? PanelLeftOpen : PanelLeftClose
  return (
    <nav
      aria-label="Places"
      className={`scrollbar-none flex w-16 shrink-0 flex-col justify-between gap-2 overflow-y-auto border-r border-line px-2.5 py-3 max-sm:hidden ${folded ? '' : 'min-[1200px]:w-48'}`}
    >
      <PlaceList look={folded ? 'icons' : 'auto'} />
      <button
        type="button"
        aria-expanded={!folded}
        onClick={fold}
        title={folded ? 'Show the words' : 'Icons only'}
        className="hidden h-10 shrink-0 items-center gap-3 rounded-full px-3 text-sm text-muted transition-colors hover:bg-raised hover:text-ink min-[1200px]:flex"
      >
        <Icon className="size-5 shrink-0" aria-hidden />
        <span className={folded ? 'sr-only' : ''}>{folded ? 'Show the words' : 'Icons only'}</span>
      </button>
    </nav>
  )
}
