/** @file A filter by the values the found photos hold, most photos first; choosing one adds it. */
import type { FacetsAnswer } from '../../../../src/contract/search.ts'
import { formatCount } from '../../../../src/domain/count-of.ts'

interface ChoiceFilterProps {
  readonly label: string
  readonly facet: FacetsAnswer['facets'][keyof FacetsAnswer['facets']]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: string[]) => void
}

export function ChoiceFilter({ label, facet, chosen, onChange }: ChoiceFilterProps) {
  const left = (facet?.values ?? []).filter(({ value }) => !chosen.includes(value))
  if (left.length === 0 && chosen.length === 0) return null
  return (
    <label className="inline-flex min-w-0 items-center gap-2 text-sm text-muted">
      {label}
      <select
        value=""
        disabled={left.length === 0}
        onChange={(event) => onChange([...chosen, event.target.value])}
        className="h-9 max-w-40 rounded-lg border border-line bg-page px-2 text-ink"
      >
        <option value="">{chosen.length > 0 ? `${chosen.length} chosen` : 'Any'}</option>
        {left.map(({ value, label: name, count }) => (
          <option key={value} value={value}>
            {name} ({formatCount(count)})
          </option>
        ))}
      </select>
    </label>
  )
}
