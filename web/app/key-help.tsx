/** @file The keys of the page. */
import { Dialog } from '../ui/dialog.tsx'
import { PLACES } from './places.ts'

const KEYS: readonly { readonly where: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      ['/', 'Search'],
      ['?', 'These keys'],
    ],
  },
  { where: 'Places', keys: PLACES.map(({ key, label }) => [`g, then ${key}`, label] as const) },
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
      ['Shift + D', 'Download what is selected'],
      ['Esc', 'Clear the selection'],
    ],
  },
  {
    where: 'People and clusters',
    keys: [
      ['← → ↑ ↓', 'Move between them'],
      ['n', 'Name; Enter goes on to the next person'],
      ['h', 'Hide'],
      ['l, b', 'Label a cluster anew, make an album of it'],
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
      ['o, t, f', 'Boxes of objects, text, faces'],
      ['p', 'Search by a part of the picture'],
      ['1 – 5', 'Rate; again takes the rating away'],
      ['Shift + f', 'Favourite'],
      ['Delete', 'To the trash, and on to the next'],
      ['+ − 0', 'Zoom in, out, whole picture'],
    ],
  },
]

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      {KEYS.map(({ where, keys }) => (
        <section key={where} className="mt-4 first:mt-0">
          <h3 className="mb-1 text-[13px] font-semibold text-muted">{where}</h3>
          <dl>
            {keys.map(([key, what]) => (
              <div key={key} className="flex items-center justify-between gap-4 border-t border-line py-2 text-sm">
                <dd>{what}</dd>
                <dt className="font-medium text-muted">{key}</dt>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
