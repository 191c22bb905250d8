/**
 * @file Draws a box on the picture to search by that part of it: by mouse or finger from corner to corner, inside it to move it, at a
 * corner to change it; by keys with the arrows (Shift: its size).
 */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Box, Point } from '../../../../src/domain/geometry.ts'
import { growBox, moveBox, spanBox } from '../part.ts'

interface PartChooserProps {
  readonly part: Box
  readonly onChange: (part: Box) => void
  readonly onSearch: () => void
}

const STEP = 0.02
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
}
const CORNERS = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
] as const

/** What a pointer that is down does. */
type Drag = { readonly from: Point } | { readonly box: Box; readonly at: Point }

export function PartChooser({ part, onChange, onSearch }: PartChooserProps) {
  const area = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag | null>(null)
  const [pointer, setPointer] = useState<number | null>(null)
  useEffect(() => frame.current?.focus(), [])

  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const room = area.current?.getBoundingClientRect()
    return room ? { x: (clientX - room.left) / room.width, y: (clientY - room.top) / room.height } : { x: 0, y: 0 }
  }
  const press = (event: PointerEvent<HTMLDivElement>) => {
    // the picture beneath neither pans nor goes on to the next one
    event.stopPropagation()
    if (event.button !== 0 || pointer !== null) return
    event.preventDefault()
    frame.current?.focus()
    event.currentTarget.setPointerCapture(event.pointerId)
    setPointer(event.pointerId)
    const at = pointOf(event)
    const corner = (event.target as HTMLElement).dataset.corner
    const isInside = (event.target as HTMLElement).closest('[data-part]') !== null
    if (corner !== undefined) {
      const opposite = CORNERS[(Number(corner) + 2) % CORNERS.length] ?? CORNERS[0]
      drag.current = { from: { x: part.x + opposite.x * part.width, y: part.y + opposite.y * part.height } }
    } else drag.current = isInside ? { box: part, at } : { from: at }
  }
  const move = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation()
    const now = drag.current
    if (now === null || event.pointerId !== pointer) return
    const at = pointOf(event)
    onChange('from' in now ? spanBox(now.from, at) : moveBox(now.box, { x: at.x - now.at.x, y: at.y - now.at.y }))
  }
  const release = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation()
    if (event.pointerId !== pointer) return
    drag.current = null
    setPointer(null)
  }
  const key = (event: KeyboardEvent) => {
    const by = ARROWS[event.key]
    if (by) onChange(event.shiftKey ? growBox(part, by) : moveBox(part, by))
    else if (event.key === 'Enter') onSearch()
    else return
    event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keys the part inside is moved
    <div
      ref={area}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onDoubleClick={(event) => event.stopPropagation()}
      className="absolute inset-0 z-10 cursor-crosshair touch-none overflow-hidden"
    >
      <div
        ref={frame}
        role="group"
        data-part
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move it
        tabIndex={0}
        aria-label="Part of the picture: the arrow keys move it, with Shift they change its size, Enter searches"
        onKeyDown={key}
        className="absolute cursor-move border-2 border-white shadow-[0_0_0_9999px_rgb(0_0_0/.55)] outline-2 outline-transparent focus-visible:outline-accent"
        style={{ left: `${part.x * 100}%`, top: `${part.y * 100}%`, width: `${part.width * 100}%`, height: `${part.height * 100}%` }}
      >
        {CORNERS.map(({ x, y }, corner) => (
          <span
            key={`${x}${y}`}
            data-corner={corner}
            // large enough for a finger, the mark in its middle
            className={`absolute grid size-10 -translate-1/2 place-items-center ${x === y ? 'cursor-nwse-resize' : 'cursor-nesw-resize'}`}
            style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
          >
            <span className="pointer-events-none size-3.5 rounded-full border-2 border-white bg-accent" />
          </span>
        ))}
      </div>
    </div>
  )
}
