/** @file Two photos of a set side by side; zoom and pan move both together, so that the same spot is seen in each. */
import { Check } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { DuplicateSetReport, SetMember } from '../../../../src/contract/duplicates.ts'
import { originalUrl, pictureUrl } from '../../../lib/api-client.ts'
import { formatBytes } from '../../../lib/format.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { useSize } from '../../../lib/use-size.ts'
import { useZoom, type View } from '../../../lib/use-zoom.ts'
import { ZoomButtons } from '../../../ui/zoom-buttons.tsx'

/** Formats a browser shows by itself; of others the preview is enlarged. */
const SHOWN: ReadonlySet<SetMember['format']> = new Set(['jpeg', 'png', 'webp', 'avif', 'gif', 'bmp'])
/** Narrower, the two stand below each other (Tailwind’s `sm`). */
const PHONE_PX = 640
/** From here on the original shows more than the preview. */
const SHARP_FROM = 1.5

interface CompareViewProps {
  readonly set: DuplicateSetReport
  /** ids of the photos that stay */
  readonly kept: ReadonlySet<number>
  readonly onToggle: (id: number) => void
}

export function CompareView({ set, kept, onToggle }: CompareViewProps) {
  const first = set.members.find(({ photo }) => photo.id === set.keeper) ?? set.members[0]
  const others = set.members.filter((member) => member !== first)
  const [at, setAt] = useState(0)
  const second = others[at % Math.max(1, others.length)]
  const stage = useRef<HTMLDivElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  const room = useSize(pane)
  const fits = useMemo(() => [first, second].map((member) => member && fitInside(member, room)), [first, second, room])
  const size = useMemo(
    () => ({ width: Math.max(...fits.map((one) => one?.width ?? 0)), height: Math.max(...fits.map((one) => one?.height ?? 0)) }),
    [fits],
  )
  const { view, zoomBy, reset, handlers } = useZoom(stage, size, () => {})
  // on a phone what stands above leaves no room for two pictures and the choices below
  useEffect(() => {
    if (window.innerWidth < PHONE_PX) stage.current?.scrollIntoView({ block: 'start' })
  }, [])
  const step = (by: number) => setAt((at + by + others.length) % Math.max(1, others.length))
  useHotkeys([
    ['+', () => zoomBy(1.5)],
    ['=', () => zoomBy(1.5)],
    ['-', () => zoomBy(1 / 1.5)],
    ['0', reset],
    ['ArrowRight', () => step(1)],
    ['ArrowLeft', () => step(-1)],
  ])
  if (!first || !second) return null
  return (
    <div className="flex flex-1 flex-col gap-3">
      {others.length > 1 && (
        <p className="text-sm text-muted">
          Beside the suggested one: {at + 1} of {others.length} others <kbd>←</kbd> <kbd>→</kbd>
        </p>
      )}
      <div
        ref={stage}
        {...handlers}
        role="application"
        aria-label="Two photos, zoomed together"
        className={`grid min-h-[24rem] flex-1 scroll-mt-3 touch-none gap-2 select-none max-sm:h-[calc(100svh-17rem)] max-sm:flex-none max-sm:grid-rows-2 sm:grid-cols-2 ${view.zoom > 1 ? 'cursor-grab active:cursor-grabbing' : ''}`}
      >
        {[first, second].map((member, index) => (
          <div key={member.photo.id} className="flex min-h-0 min-w-0 flex-col gap-1">
            <div
              ref={index === 0 ? pane : undefined}
              data-pane
              className={`relative min-h-24 flex-1 overflow-hidden rounded-xl bg-stage ${kept.has(member.photo.id) ? 'ring-2 ring-accent' : ''}`}
            >
              <Pane member={member} size={fits[index] ?? { width: 0, height: 0 }} view={view} />
            </div>
            <Line member={member} isKept={kept.has(member.photo.id)} onToggle={() => onToggle(member.photo.id)} />
          </div>
        ))}
      </div>
      <div className="flex items-center justify-center max-sm:hidden">
        <ZoomButtons zoom={view.zoom} zoomBy={zoomBy} reset={reset} whole="the whole pictures" />
      </div>
    </div>
  )
}

interface PaneProps {
  readonly member: SetMember
  readonly size: { readonly width: number; readonly height: number }
  readonly view: View
}

function Pane({ member: { photo, format }, size, view }: PaneProps) {
  const isSharp = view.zoom >= SHARP_FROM && SHOWN.has(format)
  return (
    <img
      src={isSharp ? originalUrl(photo.id) : pictureUrl('getPreview', photo)}
      alt={photo.filename}
      draggable={false}
      className="absolute top-1/2 left-1/2 max-w-none"
      style={{
        ...size,
        marginLeft: -size.width / 2,
        marginTop: -size.height / 2,
        transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`,
      }}
    />
  )
}

interface LineProps {
  readonly member: SetMember
  readonly isKept: boolean
  readonly onToggle: () => void
}

function Line({ member: { photo, bytes, format }, isKept, onToggle }: LineProps) {
  const size = photo.width === null || photo.height === null ? '' : `${photo.width} × ${photo.height}, `
  return (
    <button
      type="button"
      aria-pressed={isKept}
      onClick={onToggle}
      // a press on it is no drag of the pictures
      onPointerDown={(event) => event.stopPropagation()}
      className="flex min-w-0 items-center gap-2 rounded-xl border border-line px-3 py-2 text-left text-sm hover:bg-raised"
    >
      <span
        className={`inline-flex shrink-0 items-center gap-1 rounded-full px-2.5 py-0.5 font-medium ${isKept ? 'bg-accent text-on-accent' : 'bg-raised text-muted'}`}
      >
        {isKept && <Check className="size-4" aria-hidden />}
        {isKept ? 'Keep' : 'Move to trash'}
      </span>
      <span className="min-w-0 flex-1 truncate">{photo.filename}</span>
      <span className="shrink-0 text-muted max-lg:hidden">
        {size}
        {formatBytes(bytes)}
        {format && `, ${format.toUpperCase()}`}
      </span>
    </button>
  )
}

/** As large as fits; a small copy is shown as large as its original, or they could not be compared. */
function fitInside({ photo }: SetMember, room: { width: number; height: number }): { width: number; height: number } {
  if (!photo.width || !photo.height || room.width === 0) return { width: 0, height: 0 }
  const scale = Math.min(room.width / photo.width, room.height / photo.height)
  return { width: photo.width * scale, height: photo.height * scale }
}
