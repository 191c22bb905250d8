/** @file The bar at the right edge: years along the whole library, drag to any month, also where nothing is loaded yet. */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useSize } from '../../../lib/use-size.ts'
import type { Section } from '../layout.ts'

/** ticks nearer than this would overlap */
const TICK_SPACE = 22
const SHOWN_MS = 1200

interface ScrubberProps {
  readonly sections: readonly Section[]
  readonly tops: Float64Array
  readonly viewHeight: number
  readonly top: number
  readonly describe: (top: number) => string
  readonly onScrub: (top: number) => void
  readonly onScrubbing: (scrubbing: boolean) => void
}

export function Scrubber({ sections, tops, viewHeight, top, describe, onScrub, onScrubbing }: ScrubberProps) {
  const track = useRef<HTMLDivElement>(null)
  const { height } = useSize(track)
  const [hover, setHover] = useState<number | null>(null)
  const [dragging, setDragging] = useState(false)
  const most = Math.max(1, (tops.at(-1) ?? 0) - viewHeight)
  const fraction = Math.min(1, Math.max(0, top / most))
  const years = useMemo(() => placeYears(sections, tops, most, height), [sections, tops, most, height])
  const moving = useMoving(top)

  if ((tops.at(-1) ?? 0) <= viewHeight * 1.5) return <div ref={track} className="absolute inset-y-3 right-0 w-0" />

  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height))
  }
  const endDrag = () => {
    setDragging(false)
    setHover(null)
    onScrubbing(false)
  }
  const pressKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: viewHeight, ArrowUp: -viewHeight, PageDown: most / 10, PageUp: -most / 10 }[event.key]
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? most : step === undefined ? undefined : top + step
    if (to === undefined) return
    event.preventDefault()
    onScrub(Math.min(most, Math.max(0, to)))
  }
  const shown = dragging ? fraction : hover
  const label = shown === null ? '' : describe(shown * most)
  return (
    <div
      ref={track}
      role="slider"
      tabIndex={0}
      aria-label="Date"
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(fraction * 100)}
      aria-valuetext={describe(top)}
      onKeyDown={pressKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
        onScrubbing(true)
        onScrub(at(event) * most)
      }}
      onPointerMove={(event) => {
        if (dragging) onScrub(at(event) * most)
        else if (event.pointerType === 'mouse') setHover(at(event))
      }}
      onPointerUp={endDrag}
      onPointerCancel={endDrag}
      onPointerLeave={() => setHover(null)}
      className={`absolute inset-y-3 right-0 z-20 w-8 touch-none select-none transition-opacity sm:w-14 sm:opacity-100 ${
        moving || dragging ? 'opacity-100' : 'max-sm:opacity-0'
      }`}
    >
      {years.map(({ year, y }) => (
        <span
          key={year}
          className={`absolute right-5 -translate-y-1/2 text-[11px] text-muted tabular-nums max-sm:rounded-full max-sm:bg-surface/85 max-sm:px-1.5 max-sm:shadow ${dragging ? '' : 'max-sm:hidden'}`}
          style={{ top: y }}
        >
          {year}
        </span>
      ))}
      {shown !== null && hover !== null && !dragging && (
        <span className="absolute right-0 h-px w-3 bg-muted" style={{ top: shown * height }} />
      )}
      <span
        className="absolute right-0 h-[3px] w-3 -translate-y-1/2 rounded-l-full bg-accent max-sm:hidden"
        style={{ top: fraction * height }}
      />
      <span
        className="absolute right-0.5 h-10 w-1.5 -translate-y-1/2 rounded-full bg-accent sm:hidden"
        style={{ top: Math.min(height - 20, Math.max(20, fraction * height)) }}
      />
      {label && (
        <span
          className="pointer-events-none absolute right-12 -translate-y-1/2 rounded-full bg-ink px-3 py-1 text-[13px] font-medium whitespace-nowrap text-page shadow-lg sm:right-14"
          style={{ top: (shown ?? 0) * height }}
        >
          {label}
        </span>
      )}
    </div>
  )
}

/** Where each year begins on the track; years too near to the one above are left out. */
function placeYears(sections: readonly Section[], tops: Float64Array, most: number, height: number): { year: string; y: number }[] {
  const years: { year: string; y: number }[] = []
  let before = ''
  let lastY = Number.NEGATIVE_INFINITY
  sections.forEach((section, index) => {
    const year = section.parts[0]?.day.slice(0, 4) ?? ''
    if (year === before) return
    before = year
    const y = Math.min(1, (tops[index] ?? 0) / most) * height
    if (y - lastY < TICK_SPACE) return
    lastY = y
    years.push({ year, y })
  })
  return years
}

/** True while the value changes, and a little after. */
function useMoving(value: number): boolean {
  const [moving, setMoving] = useState(false)
  const first = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change of `value` is the event
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    setMoving(true)
    const timer = setTimeout(() => setMoving(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [value])
  return moving
}
