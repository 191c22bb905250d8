/** @file Filter by people: all, any or none of those chosen; each choice adds one. */
import { useQuery } from '@tanstack/react-query'
import { UserRound } from 'lucide-react'
import { useState } from 'react'
import { formatCount } from '../../../../src/domain/count-of.ts'
import type { SearchState } from '../../../lib/search-state.ts'
import { facetsQuery, peopleQuery } from '../api/facet-queries.ts'

const WAYS = [
  { filter: 'people', label: 'with all of' },
  { filter: 'people_any', label: 'with any of' },
  { filter: 'people_none', label: 'without' },
] as const
type Way = (typeof WAYS)[number]['filter']

interface PeopleFilterProps {
  readonly label: string
  readonly state: SearchState
  readonly onChange: (change: Partial<SearchState>) => void
}

export function PeopleFilter({ label, state, onChange }: PeopleFilterProps) {
  const { data } = useQuery(peopleQuery)
  const found = useQuery(facetsQuery(state)).data?.facets.people
  // of the photos found; fewer are listed than there are people
  const counts = new Map(found?.values.map(({ value, count }) => [Number(value), count]))
  const countOf = (person: { id: number }) => counts.get(person.id) ?? (found?.more === 0 ? 0 : undefined)
  const [way, setWay] = useState<Way>('people')
  const chosen = WAYS.flatMap(({ filter }) => state[filter] ?? [])
  const left = (data?.people ?? []).filter((person) => !chosen.includes(person.id))
  if (!data || data.people.length === 0) return null
  return (
    <fieldset className="inline-flex min-w-0 items-center gap-2 text-sm text-muted">
      <legend className="sr-only">{label}</legend>
      <UserRound className="size-4" aria-hidden />
      <select
        aria-label="All, any or none of these people"
        value={way}
        onChange={(event) => setWay(event.target.value as Way)}
        className="h-9 rounded-lg border border-line bg-page px-2 text-ink"
      >
        {WAYS.map((each) => (
          <option key={each.filter} value={each.filter}>
            {each.label}
          </option>
        ))}
      </select>
      <select
        aria-label={label}
        value=""
        disabled={left.length === 0}
        onChange={(event) => onChange({ [way]: [...(state[way] ?? []), Number(event.target.value)] })}
        className="h-9 max-w-44 rounded-lg border border-line bg-page px-2 text-ink"
      >
        <option value="">Add a person…</option>
        {left.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
            {countOf(person) === undefined ? '' : ` (${formatCount(countOf(person) ?? 0)})`}
          </option>
        ))}
      </select>
    </fieldset>
  )
}
