/** @file A filter by a range of numbers: from, to, either left open. */
import { useState } from 'react'

interface RangeFilterProps {
  readonly label: string
  /** `2-4`, `4-`, `-4`, `4`; undefined: any */
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

const FIELD = 'h-9 w-16 rounded-lg border border-line bg-page px-2 text-ink'

export function RangeFilter({ label, value, onChange }: RangeFilterProps) {
  const [min = '', max = min] = value?.split('-') ?? []
  const change = (from: string, to: string) => {
    if (from === '' && to === '') return onChange(undefined)
    onChange(from === to ? from : `${from}-${to}`)
  }
  return (
    <fieldset className="inline-flex items-center gap-1.5 text-sm text-muted">
      <legend className="sr-only">{label}</legend>
      <span aria-hidden>{label}</span>
      <NumberField label={`${label} at least`} value={min} hint="from" onSettle={(from) => change(from, value?.includes('-') ? max : '')} />
      –
      <NumberField label={`${label} at most`} value={max} hint="to" onSettle={(to) => change(min, to)} />
    </fieldset>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly value: string
  readonly hint: string
  readonly onSettle: (value: string) => void
}

/** The search goes on when the field is left or Enter is pressed, not at each key. */
function NumberField({ label, value, hint, onSettle }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null)
  const settle = () => {
    if (draft !== null && draft !== value) onSettle(draft)
    setDraft(null)
  }
  return (
    <input
      type="number"
      min={0}
      step="any"
      inputMode="decimal"
      aria-label={label}
      placeholder={hint}
      value={draft ?? value}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
      className={FIELD}
    />
  )
}
