/** @file What is set, as chips that can be taken away. */

import { filters } from 'virtual:contract'
import { useQuery } from '@tanstack/react-query'
import type { FilterKey } from '../../../../src/contract/search-filters.ts'
import { formatDay } from '../../../lib/format.ts'
import type { SearchState } from '../../../lib/search-state.ts'
import { readTyped } from '../../../lib/typed-search.ts'
import { RemovableChip } from '../../../ui/chip.tsx'
import { facetsQuery, peopleQuery } from '../api/facet-queries.ts'
import { TypedChips } from './typed-chips.tsx'

/** Filters whose values are ids. */
const NAMED: readonly FilterKey[] = ['source', 'album', 'cluster']

interface ActiveFiltersProps {
  readonly state: SearchState
  readonly onChange: (change: Partial<SearchState>) => void
}

interface Active {
  readonly key: string
  readonly label: string
  readonly without: Partial<SearchState>
}

export function ActiveFilters({ state, onChange }: ActiveFiltersProps) {
  const { data } = useQuery({ ...peopleQuery, enabled: (state.people ?? state.people_any ?? state.people_none) !== undefined })
  const names = new Map(data?.people.map((person) => [person.id, person.name ?? 'Somebody without a name']))
  const isNamed = NAMED.some((key) => state[key] !== undefined)
  const { data: found } = useQuery({ ...facetsQuery(state), enabled: isNamed })
  const label = (key: FilterKey, value: string) => found?.facets[key]?.values.find((each) => each.value === value)?.label ?? value
  const active = (Object.keys(filters) as FilterKey[]).flatMap((key) => listActive(key, state, names, label))
  const typed = state.q ? readTyped(state.q).chips.length : 0
  if (active.length + typed === 0) return null
  return (
    <ul aria-label="Filters in use" className="flex flex-wrap gap-2">
      {state.q && <TypedChips q={state.q} onChange={(q) => onChange({ q })} />}
      {active.map(({ key, label, without }) => (
        <li key={key} className="max-w-full">
          <RemovableChip label={label} onRemove={() => onChange(without)} />
        </li>
      ))}
    </ul>
  )
}

/** What stands before the name. */
const PEOPLE_WAYS: Partial<Record<FilterKey, string>> = { people_any: 'Any of: ', people_none: 'Without ' }

/** The chips of one filter. */
function listActive(
  key: FilterKey,
  state: SearchState,
  names: ReadonlyMap<number, string>,
  nameOf: (key: FilterKey, value: string) => string,
): Active[] {
  const value = state[key]
  const { control, label } = filters[key]
  if (value === undefined) return []
  switch (control) {
    // category chips show by themselves what is chosen, and are taken away there
    case 'chips':
      return []
    case 'choice':
      return (value as string[]).map((choice) => {
        const left = (value as string[]).filter((each) => each !== choice)
        return {
          key: `${key}-${choice}`,
          label: `${label}: ${nameOf(key, choice)}`,
          without: { [key]: left.length > 0 ? left : undefined },
        }
      })
    case 'people':
      return (value as number[]).map((id) => {
        const left = (value as number[]).filter((each) => each !== id)
        return {
          key: `${key}-${id}`,
          label: `${PEOPLE_WAYS[key] ?? ''}${names.get(id) ?? `Person ${id}`}`,
          without: { [key]: left.length > 0 ? left : undefined },
        }
      })
    case 'range':
    case 'circle':
      return [{ key, label: `${label}: ${value}`, without: { [key]: undefined } }]
    case 'area':
      return [{ key, label, without: { [key]: undefined } }]
    case 'date':
      return [{ key, label: `${label} ${formatDay(value as string)}`, without: { [key]: undefined } }]
    case 'switch':
      return [{ key, label: value ? label : `${label}: no`, without: { [key]: undefined } }]
  }
}
