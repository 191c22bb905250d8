/** @file The picture, as large as fits, with its overlay; zoom and pan move both together. */
import { useMemo, useRef, useState } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import type { Box } from '../../../../src/domain/geometry.ts'
import { pictureUrl } from '../../../lib/api-client.ts'
import { formatDayLong } from '../../../lib/format.ts'
import { placeholderUrl } from '../../../lib/thumbhash.ts'
import { useHotkeys } from '../../../lib/use-hotkeys.ts'
import { useSize } from '../../../lib/use-size.ts'
import { useZoom } from '../../../lib/use-zoom.ts'
import { markLoaded } from '../../../ui/photo-tile.tsx'
import { ZoomButtons } from '../../../ui/zoom-buttons.tsx'
import type { Layer } from '../layers.ts'
import { type Face, FaceDialog } from './face-dialog.tsx'
import { FullSizePicture, useFullSize } from './full-size-picture.tsx'
import { PartChooser } from './part-chooser.tsx'
import { PictureOverlay } from './picture-overlay.tsx'

interface PictureStageProps {
  readonly photo: PhotoDetail
  readonly layers: ReadonlySet<Layer>
  /** words a search found the photo by: marked where they stand in the picture */
  readonly found: readonly string[]
  readonly onSwipe: (step: 1 | -1) => void
  /** null: none is being chosen */
  readonly part: Box | null
  readonly onPart: (part: Box) => void
  readonly onSearchPart: () => void
}

export function PictureStage({ photo, layers, found, onSwipe, part, onPart, onSearchPart }: PictureStageProps) {
  const stage = useRef<HTMLDivElement>(null)
  const room = useSize(stage)
  const [broken, setBroken] = useState(false)
  const [asked, setAsked] = useState<Face | null>(null)
  const size = useMemo(() => fitInside(photo, room), [photo, room])
  const { view, zoomBy, reset, handlers } = useZoom(stage, size, onSwipe)
  const { state: fullSize, setState: setFullSize, note } = useFullSize(photo, size.width * view.zoom * window.devicePixelRatio)
  useHotkeys([
    ['+', () => zoomBy(1.5)],
    ['=', () => zoomBy(1.5)],
    ['-', () => zoomBy(1 / 1.5)],
    ['0', reset],
  ])

  if (photo.width === null || broken)
    return (
      <div className="grid size-full place-items-center p-8 text-center text-muted">
        <p className="max-w-sm wrap-anywhere">
          {photo.state === 'failed' ? (photo.reason ?? 'This file could not be read as a picture.') : 'The picture is not ready yet.'}
        </p>
      </div>
    )
  const placeholder = placeholderUrl(photo.thumbhash)
  return (
    <>
      <div
        ref={stage}
        {...handlers}
        className={`absolute inset-0 touch-pan-y overflow-hidden select-none ${view.zoom > 1 ? 'cursor-grab touch-none! active:cursor-grabbing' : ''}`}
      >
        <div
          className="absolute top-1/2 left-1/2 bg-cover"
          style={{
            width: size.width,
            height: size.height,
            marginLeft: -size.width / 2,
            marginTop: -size.height / 2,
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.zoom})`,
            ...(placeholder ? { backgroundImage: `url(${placeholder})` } : {}),
          }}
        >
          <img
            ref={markLoaded}
            src={pictureUrl('getPreview', photo)}
            alt={altOf(photo)}
            draggable={false}
            onLoad={(event) => markLoaded(event.currentTarget)}
            onError={() => setBroken(true)}
            className="fade-in-picture size-full"
          />
          <FullSizePicture photo={photo} state={fullSize} onState={setFullSize} />
          <PictureOverlay photo={photo} layers={layers} found={found} size={size} zoom={view.zoom} onFace={setAsked} />
          {part && <PartChooser part={part} onChange={onPart} onSearch={onSearchPart} />}
        </div>
      </div>
      {asked && <FaceDialog face={asked} onClose={() => setAsked(null)} />}
      {view.zoom > 1 && (
        <div className="absolute right-3 bottom-3 flex items-center rounded-full bg-surface/85 shadow backdrop-blur-sm">
          {note && <p className="max-w-[50vw] truncate border-r border-line pr-3 pl-4 text-xs text-muted">{note}</p>}
          <ZoomButtons zoom={view.zoom} zoomBy={zoomBy} reset={reset} whole="the whole picture" />
        </div>
      )}
    </>
  )
}

/** The picture’s size in this room, with a little margin; never above twice its own pixels. */
function fitInside(photo: PhotoDetail, room: { width: number; height: number }): { width: number; height: number } {
  if (!photo.width || !photo.height || room.width === 0) return { width: 0, height: 0 }
  const margin = room.width < 640 ? 0 : 24
  const scale = Math.min((room.width - margin) / photo.width, (room.height - Math.min(margin, 8)) / photo.height, 2)
  return { width: photo.width * scale, height: photo.height * scale }
}

function altOf(photo: PhotoDetail): string {
  const seen = photo.tags.slice(0, 5).map((tag) => tag.tag)
  const what = photo.alt_text.value ?? photo.caption.value ?? (seen.length > 0 ? seen.join(', ') : photo.filename)
  return `${what}, ${formatDayLong(photo.day)}`
}
