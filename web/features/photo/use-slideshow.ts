/** @file The slideshow of the photo page: one photo after another, each for a while after it has come in, until the list ends. */
import { useEffect, useRef, useState } from 'react'

const SHOWN_MS = 4_000

interface SlideshowOptions {
  /** the photo now; its time begins when its picture is there */
  readonly id: number
  readonly isReady: boolean
  /** null at the end of the list */
  readonly onNext: (() => void) | null
}

export function useSlideshow({ id, isReady, onNext }: SlideshowOptions): { playing: boolean; toggle: () => void; stop: () => void } {
  const [playing, setPlaying] = useState(false)
  const next = useRef(onNext)
  useEffect(() => {
    next.current = onNext
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each photo has its own time
  useEffect(() => {
    if (!playing || !isReady) return
    const timer = setTimeout(() => {
      if (next.current) next.current()
      else setPlaying(false)
    }, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [playing, isReady, id])
  // Esc ends full screen in the browser itself; the show ends with it
  useEffect(() => {
    if (!playing) return
    document.documentElement.requestFullscreen?.().catch(() => undefined) // refused where there is none: the window will do
    const left = () => {
      if (!document.fullscreenElement) setPlaying(false)
    }
    document.addEventListener('fullscreenchange', left)
    return () => {
      document.removeEventListener('fullscreenchange', left)
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined)
    }
  }, [playing])
  return { playing, toggle: () => setPlaying((old) => !old), stop: () => setPlaying(false) }
}
