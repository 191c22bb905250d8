/** @file Zoom and pan of a picture, or of several side by side together: wheel, pinch, drag, double click, keys; a swipe at rest goes to the next photo. */
import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'

export interface View {
  readonly zoom: number
  readonly x: number
  readonly y: number
}

export const REST: View = { zoom: 1, x: 0, y: 0 }
const MOST = 8
/** pixels a finger moves sideways before it is a swipe */
const SWIPE = 60

/** Zooms about a point (pixels from the stage’s centre), keeping that point in place and the picture in view. */
export function zoomAbout(view: View, factor: number, at: { x: number; y: number }, size: { width: number; height: number }): View {
  const zoom = Math.min(MOST, Math.max(1, view.zoom * factor))
  const scale = zoom / view.zoom
  return keepInView({ zoom, x: at.x - (at.x - view.x) * scale, y: at.y - (at.y - view.y) * scale }, size)
}

/** A picture of this size at rest must not be dragged out of its frame. */
export function keepInView(view: View, size: { width: number; height: number }): View {
  const roomX = (size.width * (view.zoom - 1)) / 2
  const roomY = (size.height * (view.zoom - 1)) / 2
  return { zoom: view.zoom, x: Math.min(roomX, Math.max(-roomX, view.x)), y: Math.min(roomY, Math.max(-roomY, view.y)) }
}

/** @param stage holds the picture, or `data-pane` elements of one size that hold one each and move together */
export function useZoom(stage: RefObject<HTMLElement | null>, size: { width: number; height: number }, onSwipe: (step: 1 | -1) => void) {
  const [view, setView] = useState<View>(REST)
  const pointers = useRef(new Map<number, { x: number; y: number }>())
  const start = useRef<{ x: number; y: number } | null>(null)

  const fromCentre = useCallback(
    (clientX: number, clientY: number) => {
      const boxes = [...(stage.current?.querySelectorAll('[data-pane]') ?? [])].map((pane) => pane.getBoundingClientRect())
      const box = boxes.find((pane) => isInside(pane, clientX, clientY)) ?? stage.current?.getBoundingClientRect()
      return box ? { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 } : { x: 0, y: 0 }
    },
    [stage],
  )

  // React listens to wheel passively, where the page could not be kept from scrolling
  useEffect(() => {
    const element = stage.current
    if (!element) return
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002))
      setView((old) => zoomAbout(old, factor, fromCentre(event.clientX, event.clientY), size))
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [stage, size, fromCentre])

  const zoomBy = (factor: number) => setView((old) => zoomAbout(old, factor, { x: 0, y: 0 }, size))

  const handlers = {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
      start.current = pointers.current.size === 1 ? { x: event.clientX, y: event.clientY } : null
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const before = pointers.current.get(event.pointerId)
      if (!before) return
      const now = { x: event.clientX, y: event.clientY }
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
      pointers.current.set(event.pointerId, now)
      if (other) {
        const factor = distance(now, other) / Math.max(1, distance(before, other))
        setView((old) => zoomAbout(old, factor, fromCentre((now.x + other.x) / 2, (now.y + other.y) / 2), size))
      } else
        setView((old) => (old.zoom === 1 ? old : keepInView({ ...old, x: old.x + now.x - before.x, y: old.y + now.y - before.y }, size)))
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      pointers.current.delete(event.pointerId)
      const from = start.current
      start.current = null
      if (!from || view.zoom > 1 || event.pointerType === 'mouse') return
      const dx = event.clientX - from.x
      if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(event.clientY - from.y)) onSwipe(dx < 0 ? 1 : -1)
    },
    onPointerCancel(event: PointerEvent<HTMLElement>) {
      pointers.current.delete(event.pointerId)
      start.current = null
    },
    onDoubleClick(event: { clientX: number; clientY: number }) {
      setView((old) => (old.zoom > 1 ? REST : zoomAbout(old, 2.5, fromCentre(event.clientX, event.clientY), size)))
    },
  }
  return { view, zoomBy, reset: () => setView(REST), handlers }
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y)

const isInside = (box: DOMRect, x: number, y: number): boolean => x >= box.left && x < box.right && y >= box.top && y < box.bottom
