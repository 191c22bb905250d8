/** @file How a map is moved: drag, wheel, pinch, double click, keys. */
import { type KeyboardEvent, type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { type Size, useSize } from '../../lib/use-size.ts'
import { panBy, type View, zoomAt } from './map-view.ts'

/** pixels a pointer moves before it drags: a click on a pin is none */
const DRAG = 5
const KEY_STEP = 90

/** @param start what it shows at first @param all all there is to be seen */
export function useMapView(box: RefObject<HTMLElement | null>, start: (size: Size) => View, all: (size: Size) => View) {
  const size = useSize(box)
  const [view, setView] = useState<View | null>(null)
  const pointers = useRef(new Map<number, { x: number; y: number }>())
  const drags = useRef(false)
  const shown = view ?? (size.width > 0 ? start(size) : null)
  const change = (by: (view: View) => View) => setView((old) => by(old ?? start(size)))

  const latest = useRef(change)
  useEffect(() => {
    latest.current = change
  })
  // React listens to wheel passively, where the page could not be kept from scrolling
  useEffect(() => {
    const element = box.current
    if (!element) return
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      latest.current((old) =>
        zoomAt(old, -event.deltaY * (event.ctrlKey ? 0.015 : 0.004), fromMiddle(element, event), element.getBoundingClientRect()),
      )
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [box])

  const zoomBy = (steps: number) => change((old) => zoomAt(old, steps, { x: 0, y: 0 }, size))
  const keys = new Map<string, () => void>([
    ['ArrowLeft', () => change((old) => panBy(old, KEY_STEP, 0, size))],
    ['ArrowRight', () => change((old) => panBy(old, -KEY_STEP, 0, size))],
    ['ArrowUp', () => change((old) => panBy(old, 0, KEY_STEP, size))],
    ['ArrowDown', () => change((old) => panBy(old, 0, -KEY_STEP, size))],
    ['+', () => zoomBy(1)],
    ['=', () => zoomBy(1)],
    ['-', () => zoomBy(-1)],
    ['0', () => setView(all(size))],
  ])

  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
      if (pointers.current.size === 1) drags.current = false
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const before = pointers.current.get(event.pointerId)
      if (!before) return
      const now = { x: event.clientX, y: event.clientY }
      if (!drags.current && Math.hypot(now.x - before.x, now.y - before.y) < DRAG) return
      // from now on what is under the pointer is not pressed
      if (!drags.current) event.currentTarget.setPointerCapture(event.pointerId)
      drags.current = true
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
      pointers.current.set(event.pointerId, now)
      if (!other) return change((old) => panBy(old, now.x - before.x, now.y - before.y, size))
      const steps = Math.log2(Math.max(1, distance(now, other)) / Math.max(1, distance(before, other)))
      const at = fromMiddle(event.currentTarget, { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 })
      // the other finger moves the other half
      change((old) => zoomAt(panBy(old, (now.x - before.x) / 2, (now.y - before.y) / 2, size), steps, at, size))
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => void pointers.current.delete(event.pointerId),
    onPointerCancel: (event: PointerEvent<HTMLElement>) => void pointers.current.delete(event.pointerId),
    onClickCapture(event: MouseEvent<HTMLElement>) {
      if (!drags.current) return
      drags.current = false
      event.preventDefault()
      event.stopPropagation()
    },
    onDoubleClick(event: MouseEvent<HTMLElement>) {
      const at = fromMiddle(event.currentTarget, event)
      change((old) => zoomAt(old, 1, at, size))
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys.get(event.key)
      if (!act) return
      event.preventDefault()
      act()
    },
  }
  return { view: shown, isMoved: view !== null, size, zoomBy, reset: () => setView(all(size)), handlers }
}

function fromMiddle(element: Element | null, { clientX, clientY }: { readonly clientX: number; readonly clientY: number }) {
  const box = element?.getBoundingClientRect() ?? { left: 0, top: 0, width: 0, height: 0 }
  return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 }
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y)
