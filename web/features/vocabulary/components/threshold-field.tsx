/** @file From which score a word is said: as measured, or as a person sets it. */
import { useId } from 'react'

/** Scores lie between; the measured ones of a large vocabulary near 3.5 */
const LEAST = 1
const MOST = 8
const STEP = 0.05
/** where the slider stands while nothing was measured */
const USUAL = 3.5

interface ThresholdFieldProps {
  readonly measured: number | null
  /** null: as measured */
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}

export function ThresholdField({ measured, value, onChange }: ThresholdFieldProps) {
  const id = useId()
  const shown = value ?? measured ?? USUAL
  return (
    <div className="flex flex-col gap-1.5 text-[13px] text-muted">
      <div className="flex items-baseline justify-between gap-3">
        <label htmlFor={id}>Said from a score of</label>
        <output htmlFor={id} className="text-ink tabular-nums">
          {value === null ? (measured === null ? 'as measured' : `${measured.toFixed(2)}, as measured`) : value.toFixed(2)}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={LEAST}
        max={MOST}
        step={STEP}
        value={shown}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-6 w-full accent-(--color-accent)"
      />
      <div className="flex items-center justify-between gap-3 text-xs">
        <span>on more photos</span>
        {value !== null && (
          <button type="button" onClick={() => onChange(null)} className="font-medium text-accent hover:underline">
            {measured === null ? 'As measured' : `As measured (${measured.toFixed(2)})`}
          </button>
        )}
        <span>only where it is sure</span>
      </div>
    </div>
  )
}
