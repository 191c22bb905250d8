/** @file Mode switch and filters above the hits; each control follows from the contract’s table of filters. */

import { filters } from 'virtual:contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CalendarRange, ChevronDown, Map as MapIcon, Pencil, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import type { FilterKey } from '../../../../src/contract/search-filters.ts'
import type { SearchMode } from '../../../../src/contract/words.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { countFilters, type SearchState } from '../../../lib/search-state.ts'
import { PHONE, useMedia } from '../../../lib/use-media.ts'
import { Button, LINK_BUTTON } from '../../../ui/button.tsx'
import { ToggleChip } from '../../../ui/chip.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { facetsQuery } from '../api/facet-queries.ts'
import { ChoiceFilter } from './choice-filter.tsx'
import { CircleFilter } from './circle-filter.tsx'
import { PeopleFilter } from './people-filter.tsx'
import { RangeFilter } from './range-filter.tsx'

const MODES: readonly { value: SearchMode; label: string; hint: string }[] = [
  { value: 'hybrid', label: 'Hybrid', hint: 'Words and meaning together' },
  { value: 'keyword', label: 'Keyword', hint: 'Words as they stand: in text, tags, names, files' },
  { value: 'semantic', label: 'Meaning', hint: 'What the picture shows, whatever the words' },
]

/** Category chips shown at once; the rest opens on demand. */
const CHIPS = 12
const KEYS = Object.keys(filters) as FilterKey[]

interface FilterBarProps {
  readonly state: SearchState
  readonly onChange: (change: Partial<SearchState>) => void
}

export function FilterBar({ state, onChange }: FilterBarProps) {
  const isPhone = useMedia(PHONE)
  const [open, setOpen] = useState(() => !isPhone && countFilters(state) > (state.category ? 1 : 0))
  const quick = KEYS.filter((key) => filters[key].control === 'chips')
  const more = KEYS.filter((key) => filters[key].control !== 'chips')
  const set = more.filter((key) => state[key] !== undefined).length
  const modes = state.like === undefined && state.picture === undefined && (
    <Segmented label="Search mode" value={state.mode ?? 'hybrid'} options={MODES} onChange={(mode) => onChange({ mode })} />
  )
  const controls = more.map((key) => <FilterControl key={key} filter={key} state={state} onChange={onChange} />)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2 desk:flex-wrap">
        {!isPhone && modes}
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="inline-flex h-9 shrink-0 items-center gap-1.5 rounded-full border border-line px-3 text-sm font-medium hover:bg-raised max-desk:h-11"
        >
          <SlidersHorizontal className="size-4" aria-hidden />
          Filters
          {set > 0 && <span className="rounded-full bg-accent px-1.5 text-xs text-on-accent">{set}</span>}
          {!isPhone && <ChevronDown className={`size-4 transition-transform ${open ? 'rotate-180' : ''}`} aria-hidden />}
        </button>
        {isPhone &&
          quick.map((key) => (
            <CategoryChips key={key} label={filters[key].label} state={state} onChange={(category) => onChange({ category })} />
          ))}
      </div>
      {!isPhone &&
        quick.map((key) => (
          <CategoryChips key={key} label={filters[key].label} state={state} onChange={(category) => onChange({ category })} />
        ))}
      {open && !isPhone && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border border-line bg-surface p-3">{controls}</div>
      )}
      {open && isPhone && (
        <Dialog title="Filters" look="sheet" onClose={() => setOpen(false)}>
          <div className="flex flex-col items-start gap-4 *:min-h-11 *:max-w-full">
            {controls}
            {modes && (
              <details className="w-full">
                <summary className="py-3 text-sm font-medium">Advanced</summary>
                {modes}
              </details>
            )}
          </div>
          <ShowFound state={state} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </div>
  )
}

/** Always in sight: what was chosen is at work already. */
function ShowFound({ state, onClose }: { readonly state: SearchState; readonly onClose: () => void }) {
  const { data } = useQuery(facetsQuery(state))
  return (
    <div className="sticky -bottom-6 -mx-6 -mb-6 bg-surface px-6 pt-3 pb-4 max-sm:-mx-4 max-sm:px-4">
      <Button look="solid" className="h-11! w-full" onClick={onClose}>
        {data ? `Show ${countOf(data.total, 'photo')}` : 'Show photos'}
      </Button>
    </div>
  )
}

function FilterControl({ filter, state, onChange }: FilterBarProps & { readonly filter: FilterKey }) {
  const { control, label } = filters[filter]
  switch (control) {
    case 'date':
      return (
        <label className="inline-flex items-center gap-2 text-sm text-muted">
          <CalendarRange className="size-4" aria-hidden />
          {label}
          <input
            type="date"
            value={(state[filter] as string | undefined) ?? ''}
            onChange={(event) => onChange({ [filter]: event.target.value || undefined })}
            className="h-9 rounded-lg border border-line bg-page px-2 text-ink"
          />
        </label>
      )
    case 'switch':
      return (
        <label className="inline-flex cursor-pointer items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={state[filter] === true}
            onChange={(event) => onChange({ [filter]: event.target.checked || undefined })}
            className="size-4 accent-(--accent)"
          />
          {label}
        </label>
      )
    case 'people':
      // all, any and none are one control
      return filter === 'people' ? <PeopleFilter label={label} state={state} onChange={onChange} /> : null
    case 'choice':
      return <Choice filter={filter} label={label} state={state} onChange={onChange} />
    case 'range':
      return <RangeFilter label={label} value={state[filter] as string | undefined} onChange={(value) => onChange({ [filter]: value })} />
    case 'circle':
      return <CircleFilter label={label} value={state[filter] as string | undefined} onChange={(value) => onChange({ [filter]: value })} />
    // chosen by moving a map
    case 'area':
      return (
        <Link to="/explore/places" className={LINK_BUTTON}>
          <MapIcon className="size-4" aria-hidden />
          On the map
        </Link>
      )
    // they stand above
    case 'chips':
      return null
  }
}

function Choice({ filter, label, state, onChange }: FilterBarProps & { readonly filter: FilterKey; readonly label: string }) {
  const { data } = useQuery(facetsQuery(state))
  const chosen = ((state[filter] as readonly unknown[] | undefined) ?? []).map(String)
  return <ChoiceFilter label={label} facet={data?.facets[filter]} chosen={chosen} onChange={(next) => onChange({ [filter]: next })} />
}

interface ChipsProps {
  readonly label: string
  readonly state: SearchState
  readonly onChange: (chosen: string[] | undefined) => void
}

/** Of the photos found, how many are in each category; those of the whole library where nothing is asked. */
function CategoryChips({ label, state, onChange }: ChipsProps) {
  const chosen = state.category ?? []
  const { data } = useQuery(facetsQuery(state))
  const [all, setAll] = useState(false)
  const held = (data?.facets.category?.values ?? []).map(({ value, count }) => ({ name: value, count }))
  const missing = chosen.filter((name) => !held.some((category) => category.name === name)).map((name) => ({ name, count: 0 }))
  const categories = [...held, ...missing]
  if (categories.length === 0) return null
  const shown = all ? categories : categories.filter((category, index) => index < CHIPS || chosen.includes(category.name))
  return (
    <fieldset className="scrollbar-none flex min-w-0 gap-2 overflow-x-auto py-0.5 desk:flex-wrap max-desk:-mr-4 max-desk:pr-4">
      <legend className="sr-only">{label}</legend>
      {shown.map(({ name, count }) => {
        const on = chosen.includes(name)
        const next = on ? chosen.filter((each) => each !== name) : [...chosen, name]
        return (
          <ToggleChip key={name} on={on} onToggle={() => onChange(next.length > 0 ? next : undefined)}>
            <span className="inline-block first-letter:uppercase">{name}</span>
            <span className={on ? '' : 'text-muted'}>{formatCount(count)}</span>
          </ToggleChip>
        )
      })}
      {categories.length > shown.length && (
        <button type="button" onClick={() => setAll(true)} className="h-8 shrink-0 px-2 text-sm text-accent">
          {categories.length - shown.length} more
        </button>
      )}
      <Link
        to="/explore/things"
        aria-label="Change the categories"
        title="Change the categories"
        className="inline-flex size-8 shrink-0 items-center justify-center rounded-full text-muted hover:bg-raised"
      >
        <Pencil className="size-3.5" aria-hidden />
      </Link>
    </fieldset>
  )
}
