/** @file The pins of a view, made by a worker; those of the view before stay until the new ones are there. */
import { useEffect, useRef, useState } from 'react'
import type { PointsAnswer } from '../../../src/contract/places.ts'
import type { ClusterAsk, Pin } from './cluster-worker.ts'
import type { Area } from './map-view.ts'

/** @returns null as long as there are none yet */
export function usePins(points: PointsAnswer | undefined, area: Area, zoom: number): readonly Pin[] | null {
  const [pins, setPins] = useState<readonly Pin[] | null>(null)
  const worker = useRef<Worker | null>(null)
  useEffect(() => {
    const own = new Worker(new URL('./cluster-worker.ts', import.meta.url), { type: 'module' })
    own.onmessage = ({ data }: MessageEvent<readonly Pin[]>) => setPins(data)
    worker.current = own
    return () => own.terminate()
  }, [])
  const ask = (what: ClusterAsk) => worker.current?.postMessage(what)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` has no state
  useEffect(() => {
    if (points) ask({ points })
  }, [points])
  const { south, west, north, east } = area
  const step = Math.round(zoom)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` has no state
  useEffect(() => ask({ area: { south, west, north, east }, zoom: step }), [south, west, north, east, step])
  return pins
}
