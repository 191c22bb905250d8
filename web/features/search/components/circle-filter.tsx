/** @file A filter by a circle on the map: around where this device is, around a point, so many kilometres wide. */
import { LocateFixed } from 'lucide-react'
import { useState } from 'react'
import { showToast } from '../../../lib/toasts.ts'
import { IconButton } from '../../../ui/button.tsx'

interface CircleFilterProps {
  readonly label: string
  /** `latitude,longitude,kilometres` */
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

const RADII = [1, 5, 10, 25, 100, 500]
const USUAL_KM = '10'

export function CircleFilter({ label, value, onChange }: CircleFilterProps) {
  const [latitude = '', longitude = '', km = USUAL_KM] = value?.split(',') ?? []
  const point = latitude === '' ? '' : `${latitude}, ${longitude}`
  const [draft, setDraft] = useState<string | null>(null)
  const settle = () => {
    if (draft === null) return
    setDraft(null)
    if (draft.trim() === '') return onChange(undefined)
    const [, north, east] = /^\s*(-?\d{1,2}(?:\.\d+)?)[\s,;]+(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(draft) ?? []
    if (!north || !east || Math.abs(Number(north)) > 90 || Math.abs(Number(east)) > 180)
      return showToast({ text: 'Write the point as latitude, longitude: 59.91, 10.75', tone: 'danger' })
    onChange(`${round(Number(north))},${round(Number(east))},${km}`)
  }
  const locate = () =>
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => onChange(`${round(coords.latitude)},${round(coords.longitude)},${km}`),
      () => showToast({ text: 'The browser does not say where you are.', tone: 'danger' }),
    )
  return (
    <fieldset className="inline-flex flex-wrap items-center gap-1.5 text-sm text-muted">
      <legend className="sr-only">{label}</legend>
      <span aria-hidden>{label}</span>
      <input
        aria-label={`${label}: latitude, longitude`}
        placeholder="59.91, 10.75"
        value={draft ?? point}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => event.key === 'Enter' && settle()}
        className="h-9 w-36 rounded-lg border border-line bg-page px-2 text-ink"
      />
      <select
        aria-label={`${label}: within`}
        value={km}
        disabled={value === undefined}
        onChange={(event) => onChange(`${latitude},${longitude},${event.target.value}`)}
        className="h-9 rounded-lg border border-line bg-page px-2 text-ink disabled:opacity-60"
      >
        {(RADII.includes(Number(km)) ? RADII : [...RADII, Number(km)]).map((each) => (
          <option key={each} value={each}>
            {each} km
          </option>
        ))}
      </select>
      <IconButton label="Around here" onClick={locate}>
        <LocateFixed className="size-4" aria-hidden />
      </IconButton>
    </fieldset>
  )
}

/** a metre or so */
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5
