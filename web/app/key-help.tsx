/** @file The keys of the page, as a dialog (`?`) and as a page of Settings. */
import { use } from 'react'
import { PlaceKeysContext } from '../lib/place-keys.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Page } from '../ui/page.tsx'

const KEYS: readonly { readonly where: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      ['/', 'Search'],
      ['?', 'Keyboard shortcuts'],
    ],
  },
  {
    where: 'Photos',
    keys: [
      ['← → ↑ ↓', 'Move between photos'],
      ['Enter', 'Open'],
      ['Page ↑ ↓, Home, End', 'Move by screens, to both ends'],
      ['+ −', 'Larger, smaller tiles'],
      ['x', 'Select'],
      ['Shift + x, Shift + click', 'Select from the last one to here'],
      ['Ctrl + A', 'Select everything'],
      ['f, a', 'Favourite, add to album what is selected'],
      ['Shift + D', 'Download what is selected'],
      ['Esc', 'Clear the selection'],
    ],
  },
  {
    where: 'People and topics',
    keys: [
      ['← → ↑ ↓', 'Move between them'],
      ['n', 'Name; Enter goes on to the next person'],
      ['h', 'Hide'],
      ['l, b', 'Label a topic anew, make an album of it'],
      ['u', 'Undo'],
    ],
  },
  {
    where: 'One photo',
    keys: [
      ['← →', 'Previous, next'],
      ['Esc', 'Back'],
      ['Space', 'Slideshow'],
      ['i', 'Information'],
      ['a', 'Add to album'],
      ['Shift + D', 'Download'],
      ['o, t, n', 'Boxes of objects, text, faces'],
      ['p', 'Search by a part of the picture'],
      ['1 – 5', 'Rate; again takes the rating away'],
      ['f', 'Favourite'],
      ['Delete', 'Move to trash, and on to the next'],
      ['+ − 0', 'Zoom in, out, whole picture'],
    ],
  },
]

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <KeyList />
    </Dialog>
  )
}

export function ShortcutsPage() {
  return (
    <Page title="Shortcuts" about="Keys of the page. They are silent while you type." width="text">
      <KeyList />
    </Page>
  )
}

function KeyList() {
  const places = use(PlaceKeysContext).map(({ key, label }) => [`g, then ${key}`, label] as const)
  return [...KEYS, { where: 'Places', keys: places }].map(({ where, keys }) => (
    <section key={where} className="mt-4 first:mt-0">
      <h2 className="mb-1 text-sm font-semibold text-muted">{where}</h2>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key} className="flex flex-row-reverse items-center justify-between gap-4 border-t border-line py-2 text-sm">
            <dt className="font-medium text-muted">{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  ))
}
