/** @file A map of the world that needs nothing from outside: countries, and photos as pins, those near each other as one with their count. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Minus, Plus, Scan } from 'lucide-react'
import { type MouseEvent, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { POINT_PARTS } from '../../../../src/contract/words.ts'
import { countOf, formatCount } from '../../../../src/domain/count-of.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import type { SearchState } from '../../../lib/search-state.ts'
import { useTheme } from '../../../lib/theme.ts'
import type { Size } from '../../../lib/use-size.ts'
import { IconButton, LINK_BUTTON } from '../../../ui/button.tsx'
import { placesQuery, pointsQuery } from '../api/place-queries.ts'
import type { Pin } from '../cluster-worker.ts'
import { drawWorld, readWorld } from '../draw-world.ts'
import { type Area, areaOf, fitArea, readView, settle, toPoint, toScreen, type View, writeArea, writeView } from '../map-view.ts'
import { useMapView } from '../use-map-view.ts'
import { usePins } from '../use-pins.ts'

interface WorldMapProps {
  /** of which photos */
  readonly photos: SearchState
  /** what it shows at first; all of its photos, where left out */
  readonly at?: string | undefined
  /** it came to rest there */
  readonly onRest?: (at: string) => void
  readonly className?: string
}

const WORLD: Area = { south: -56, west: -170, north: 76, east: 179 }
const REST_MS = 300

export function WorldMap({ photos, at, onRest, className = '' }: WorldMapProps) {
  const box = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { theme } = useTheme()
  const { data: world } = useQuery({ queryKey: ['world'], queryFn: readWorld, staleTime: Number.POSITIVE_INFINITY })
  const { data: points } = useQuery(pointsQuery(photos))
  const { data: places } = useQuery({ ...placesQuery, placeholderData: keepPreviousData })
  const bounds = useMemo(() => boundsOf(points), [points])
  const { view, isMoved, size, zoomBy, reset, handlers } = useMapView(
    box,
    (own) => startView(at, bounds, own),
    (own) => fitArea(bounds ?? WORLD, own),
  )
  const shown = view ?? settle({ x: 0.5, y: 0.5, zoom: 0 }, size)
  const area = areaOf(shown, size)
  const pins = usePins(points, area, shown.zoom)
  const labels = useMemo(
    () =>
      (places?.places ?? []).flatMap(({ city, latitude, longitude }) =>
        city === null ? [] : [{ name: city, point: toPoint(latitude, longitude) }],
      ),
    [places],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the theme
  useLayoutEffect(() => {
    if (canvas.current && world && size.width > 0) drawWorld(canvas.current, world, labels, shown, size)
  }, [world, labels, shown, size, theme])

  const rest = isMoved ? writeView(shown) : null
  useEffect(() => {
    if (rest === null || !onRest) return
    const timer = setTimeout(() => onRest(rest), REST_MS)
    return () => clearTimeout(timer)
  }, [rest, onRest])

  return (
    <section
      ref={box}
      aria-label="Map"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the map, + and − zoom it
      tabIndex={0}
      aria-busy={points === undefined || world === undefined || (pins === null && points.ids.length > 0)}
      {...handlers}
      className={`relative isolate touch-none overflow-hidden rounded-xl border border-line bg-(--map-water) select-none ${className}`}
    >
      <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full cursor-grab active:cursor-grabbing" />
      {size.width > 0 && (pins ?? []).map((pin) => <PinLink key={`${pin.photo} ${pin.count}`} pin={pin} view={shown} size={size} />)}
      <div className="absolute top-3 right-3 flex flex-col rounded-xl border border-line bg-surface shadow-md">
        <IconButton label="Zoom in (+)" onClick={() => zoomBy(1)}>
          <Plus className="size-4" aria-hidden />
        </IconButton>
        <IconButton label="Zoom out (-)" onClick={() => zoomBy(-1)}>
          <Minus className="size-4" aria-hidden />
        </IconButton>
        <IconButton label="Show all (0)" onClick={reset}>
          <Scan className="size-4" aria-hidden />
        </IconButton>
      </div>
      {onRest && pins !== null && pins.length > 0 && (
        <Link
          to="/explore/places/area/$area"
          params={{ area: writeArea(area) }}
          className={`absolute bottom-3 left-1/2 -translate-x-1/2 border border-line bg-surface! shadow-md ${LINK_BUTTON}`}
        >
          Show photos here
        </Link>
      )}
    </section>
  )
}

function startView(at: string | undefined, bounds: Area | null, size: Size): View {
  const named = at === undefined ? null : readView(at)
  return named ? settle(named, size) : fitArea(bounds ?? WORLD, size)
}

/** Where the photos lie; null where there are none. */
function boundsOf(points: { readonly latitudes: readonly number[]; readonly longitudes: readonly number[] } | undefined): Area | null {
  if (!points || points.latitudes.length === 0) return null
  const ends = (values: readonly number[]) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of values) {
      if (value < least) least = value
      if (value > most) most = value
    }
    return [least / POINT_PARTS, most / POINT_PARTS] as const
  }
  const [south, north] = ends(points.latitudes)
  const [west, east] = ends(points.longitudes)
  return { south, west, north, east }
}

interface PinProps {
  readonly pin: Pin
  readonly view: View
  readonly size: Size
}

/** half of it, in pixels */
const HALF = 24

function PinLink({ pin, view, size }: PinProps) {
  const navigate = useNavigate()
  const { x, y } = toScreen(toPoint(pin.latitude, pin.longitude), view, size)
  if (x < -HALF || y < -HALF || x > size.width + HALF || y > size.height + HALF) return null
  const area = writeArea(pin.area)
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void (pin.count === 1
      ? navigate({
          to: '/photo/$id',
          params: { id: String(pin.photo) },
          state: { place: { list: 'search', search: { area }, index: 0, words: [] } },
        })
      : navigate({ to: '/explore/places/area/$area', params: { area } }))
  }
  return (
    <a
      href={pin.count === 1 ? `/photo/${pin.photo}` : `/explore/places/area/${area}`}
      aria-label={`${countOf(pin.count, 'photo')} here`}
      draggable={false}
      onClick={open}
      className="absolute top-0 left-0 size-12 rounded-lg border-2 border-white bg-tile shadow-md outline-offset-2 hover:z-10 focus-visible:z-10"
      style={{ transform: `translate(${Math.round(x) - HALF}px, ${Math.round(y) - HALF}px)` }}
    >
      <img
        src={pictureUrl('getThumbnail', { id: pin.photo, thumbhash: null })}
        alt=""
        draggable={false}
        decoding="async"
        className="size-full rounded-md object-cover"
      />
      {pin.count > 1 && (
        <span className="absolute -top-2 -right-2 min-w-5 rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-semibold text-on-accent tabular-nums">
          {formatCount(pin.count)}
        </span>
      )}
    </a>
  )
}
