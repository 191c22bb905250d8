/** @file Boxes of objects, lines of text and faces over the picture, in fractions of it, so they fit at any size. */
import type { ReactNode, SyntheticEvent } from 'react'
import type { PhotoDetail } from '../../../../src/contract/photo.ts'
import type { Box, Point } from '../../../../src/domain/geometry.ts'
import { formatPercent } from '../../../lib/format.ts'
import { findWords } from '../find-words.ts'
import type { Layer } from '../layers.ts'
import type { Face } from './face-dialog.tsx'

interface PictureOverlayProps {
  readonly photo: PhotoDetail
  readonly layers: ReadonlySet<Layer>
  readonly found: readonly string[]
  readonly size: { readonly width: number; readonly height: number }
  readonly zoom: number
  /** a person asks whose face it is */
  readonly onFace: (face: Face) => void
}

/** Colours that stay apart on any picture; each shape has a dark line under its light one. */
const COLOURS: Record<Layer, string> = { objects: '#5eead4', text: '#fcd34d', faces: '#f9a8d4' }

export function PictureOverlay({ photo, layers, found, size, zoom, onFace }: PictureOverlayProps) {
  if (size.width === 0) return null
  return (
    <div className="pointer-events-none absolute inset-0" data-overlay>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" className="absolute inset-0 size-full overflow-visible" role="presentation">
        {findWords(photo.text?.lines ?? [], found).map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words have no other name
          <g key={index} data-found={word.text}>
            <Outline points={word.polygon} colour={COLOURS.text} width={2} title={word.text} fill />
          </g>
        ))}
        {layers.has('text') &&
          photo.text?.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
            <g key={index} data-layer="text" className="pointer-events-auto">
              {line.words.map((word, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: words have no other name
                <Outline key={at} points={word.polygon} colour={COLOURS.text} width={0.75} />
              ))}
              <Outline
                points={line.polygon}
                colour={COLOURS.text}
                width={1.5}
                title={`${line.text} (${formatPercent(line.confidence)})`}
                fill
              />
            </g>
          ))}
        {layers.has('objects') &&
          photo.objects.map((object, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: objects have no other name
            <Outline key={index} layer="objects" points={cornersOf(object.box)} colour={COLOURS.objects} width={2} />
          ))}
        {layers.has('faces') &&
          photo.faces.map((face) => <Outline key={face.id} layer="faces" points={cornersOf(face.box)} colour={COLOURS.faces} width={2} />)}
      </svg>
      {layers.has('objects') &&
        photo.objects.map((object, index) => (
          <BoxLabel
            // biome-ignore lint/suspicious/noArrayIndexKey: objects have no other name
            key={index}
            box={object.box}
            colour={COLOURS.objects}
            zoom={zoom}
            text={object.label}
            aside={formatPercent(object.confidence)}
          />
        ))}
      {layers.has('faces') &&
        photo.faces.map((face) => (
          <FaceButton key={face.id} face={face} onAsk={() => onFace(face)}>
            <BoxLabel
              box={INSIDE}
              isAbove={face.box.y > ROOM_ABOVE}
              colour={COLOURS.faces}
              zoom={zoom}
              text={face.person?.name ?? (face.animal === null ? 'Who is this?' : face.animal)}
            />
          </FaceButton>
        ))}
    </div>
  )
}

/** A label’s box where it sits in a box of its own. */
const INSIDE: Box = { x: 0, y: 0, width: 1, height: 1 }
/** Above this there is room for a label over the box, in parts of the picture. */
const ROOM_ABOVE = 0.06
const stop = (event: SyntheticEvent) => event.stopPropagation()

interface FaceButtonProps {
  readonly face: Face
  readonly onAsk: () => void
  readonly children: ReactNode
}

/** The whole box of the face is a button; a click on it is neither a drag nor a zoom. */
function FaceButton({ face: { box, person }, onAsk, children }: FaceButtonProps) {
  return (
    <button
      type="button"
      aria-label={person?.name ? `${person.name}: change whose face this is` : 'Name this face'}
      onPointerDown={stop}
      onDoubleClick={stop}
      onClick={onAsk}
      className="pointer-events-auto absolute cursor-pointer hover:bg-white/15"
      style={{ left: `${box.x * 100}%`, top: `${box.y * 100}%`, width: `${box.width * 100}%`, height: `${box.height * 100}%` }}
    >
      {children}
    </button>
  )
}

interface OutlineProps {
  readonly points: readonly Point[]
  readonly colour: string
  readonly width: number
  readonly layer?: Layer
  readonly title?: string
  readonly fill?: boolean
}

function Outline({ points, colour, width, layer, title, fill = false }: OutlineProps) {
  const path = points.map((point) => `${point.x},${point.y}`).join(' ')
  return (
    <g data-layer={layer}>
      <polygon points={path} fill="none" stroke="rgb(0 0 0 / .55)" strokeWidth={width + 2} vectorEffect="non-scaling-stroke" />
      <polygon
        points={path}
        fill={fill ? colour : 'none'}
        fillOpacity={fill ? 0.12 : 0}
        stroke={colour}
        strokeWidth={width}
        vectorEffect="non-scaling-stroke"
      >
        {title && <title>{title}</title>}
      </polygon>
    </g>
  )
}

interface BoxLabelProps {
  readonly box: Box
  readonly colour: string
  readonly zoom: number
  readonly text: string
  readonly aside?: string
  /** there is room over the box; reckoned where left out */
  readonly isAbove?: boolean
}

/** Sits at the box’s top edge, inside where there is no room above, and keeps its size when the picture is zoomed. */
function BoxLabel({ box, colour, zoom, text, aside, isAbove: above = box.y > ROOM_ABOVE }: BoxLabelProps) {
  return (
    <span
      className="absolute w-max max-w-40 truncate rounded px-1.5 py-px text-[11px] font-semibold text-black"
      style={{
        left: `${box.x * 100}%`,
        top: `${box.y * 100}%`,
        background: colour,
        transformOrigin: above ? 'left bottom' : 'left top',
        transform: `scale(${1 / zoom}) translateY(${above ? '-100%' : '0'})`,
      }}
    >
      {text}
      {aside && <span className="ml-1 font-medium max-sm:hidden">{aside}</span>}
    </span>
  )
}

function cornersOf({ x, y, width, height }: Box): Point[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ]
}
