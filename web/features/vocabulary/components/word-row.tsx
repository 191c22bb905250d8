/** @file One word in the list: what it is a kind of, from which score it is said, how many photos carry it. */
import { Link } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import type { WordReport } from '../../../../src/contract/vocabulary.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { IconButton } from '../../../ui/button.tsx'

/** broader terms shown in a row; the dialog has them all */
const KINDS_SHOWN = 4

export function WordRow({ word, onOpen }: { readonly word: WordReport; readonly onOpen: () => void }) {
  const kinds = word.broader.slice(0, KINDS_SHOWN)
  return (
    <li
      aria-label={word.word}
      className="flex items-center gap-3 py-2.5 pr-2 pl-4 [content-visibility:auto] [contain-intrinsic-size:auto_3.6rem]"
    >
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={`font-medium wrap-anywhere ${word.is_said ? '' : 'text-muted line-through'}`}>{word.word}</span>
          {word.from === 'person' && <Mark>yours</Mark>}
          {!word.is_said && <Mark>removed</Mark>}
          {word.is_known === false && <Mark>unknown to the model</Mark>}
        </p>
        <p className="truncate text-xs text-muted">
          {kinds.length === 0
            ? 'of no kind that is known'
            : `a kind of ${kinds.join(', ')}${word.broader.length > KINDS_SHOWN ? ', …' : ''}`}
        </p>
      </div>
      <div className="flex shrink-0 flex-col items-end text-xs tabular-nums">
        {word.photos > 0 ? (
          <Link to="/search" search={{ tag: [word.word] }} className="text-sm text-accent hover:underline">
            {countOf(word.photos, 'photo')}
          </Link>
        ) : (
          <span className="text-sm text-muted">no photo</span>
        )}
        <span className="text-muted">{describeThreshold(word)}</span>
      </div>
      <IconButton label={`Change ${word.word}`} onClick={onOpen}>
        <Pencil className="size-4" aria-hidden />
      </IconButton>
    </li>
  )
}

const Mark = ({ children }: { readonly children: string }) => (
  <span className="rounded-full bg-raised px-2 py-0.5 text-[11px] whitespace-nowrap text-muted">{children}</span>
)

function describeThreshold({ is_said, is_known, threshold, measured }: WordReport): string {
  if (!is_said) return 'never said'
  if (is_known === false) return 'cannot be said'
  if (threshold === null) return 'not measured yet'
  return threshold === measured ? `from ${threshold.toFixed(2)}` : `from ${threshold.toFixed(2)}, yours`
}
