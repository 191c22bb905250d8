/** @file How many were found, in which order they stand, and the way to those left out. */
import type { ReactNode } from 'react'
import type { SearchAnswer } from '../../../../src/contract/search.ts'
import { SEARCH_SORTS, type SearchSort } from '../../../../src/contract/words.ts'
import { countOf } from '../../../../src/domain/count-of.ts'
import { isEmptySearch, type SearchState } from '../../../lib/search-state.ts'
import { readTyped } from '../../../lib/typed-search.ts'

interface ResultLineProps {
  readonly answer: SearchAnswer
  readonly state: SearchState
  readonly isWaiting: boolean
  readonly onChange: (change: Partial<SearchState>) => void
  /** what else can be done with the result */
  readonly children: ReactNode
}

const SORTS: Record<SearchSort, string> = { relevance: 'Best first', newest: 'Newest first', oldest: 'Oldest first' }

export function ResultLine({ answer, state, isWaiting, onChange, children }: ResultLineProps) {
  const { hidden = 0 } = answer.cut_off ?? {}
  // a list without words has no best
  const isList = answer.ran.length === 1 && answer.ran[0] === 'list'
  const sorts = isList ? SEARCH_SORTS.filter((sort) => sort !== 'relevance') : SEARCH_SORTS
  return (
    <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      <p aria-live="polite">{countLine(answer.total, state, isWaiting)}</p>
      {hidden > 0 && (
        <button
          type="button"
          aria-pressed={state.all === true}
          onClick={() => onChange({ all: state.all ? undefined : true })}
          className="text-accent hover:underline"
        >
          {state.all ? 'Hide weaker matches' : `Show ${countOf(hidden, 'weaker match', 'weaker matches')}`}
        </button>
      )}
      {answer.total > 1 && (
        <select
          aria-label="Order"
          value={state.sort ?? (isList ? 'newest' : 'relevance')}
          onChange={(event) => onChange({ sort: event.target.value as SearchSort })}
          className="ml-auto h-9 rounded-full bg-transparent px-2 text-sm text-ink hover:bg-raised"
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {SORTS[sort]}
            </option>
          ))}
        </select>
      )}
      {children}
    </div>
  )
}

function countLine(total: number, state: SearchState, isWaiting: boolean): string {
  if (isWaiting) return 'Searching…'
  if (isEmptySearch(state)) return countOf(total, 'photo')
  const words = state.q ? readTyped(state.q).plain : ''
  const and = words === '' ? '' : `, and “${words}”`
  if (state.picture !== undefined) return `${countOf(total, 'photo')} like this picture${and}`
  if (state.like !== undefined) return `${countOf(total, 'photo')} like this ${state.crop === undefined ? 'one' : 'part'}${and}`
  return words === '' ? countOf(total, 'photo') : `${countOf(total, 'photo')} for “${words}”`
}
