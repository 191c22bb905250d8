/** @file One section of the gallery: its month, its days’ labels, and the rows near the view. */
import type { PhotoCard } from '../../../../src/contract/photo.ts'
import { CHUNK } from '../../../lib/chunk.ts'
import { formatMonth } from '../../../lib/format.ts'
import { GAP, MEAN_ASPECT } from '../../../lib/justify.ts'
import { PhotoTile } from '../../../ui/photo-tile.tsx'
import { DAY_GAP, LABEL_HEIGHT, MONTH_HEIGHT, SECTION_GAP, type Section, type SectionLayout } from '../layout.ts'
import { DayLabel } from './day-label.tsx'

interface GallerySectionProps {
  readonly section: Section
  readonly placed: { readonly photos: readonly (readonly PhotoCard[] | undefined)[]; readonly layout: SectionLayout } | undefined
  readonly top: number
  readonly height: number
  /** rows between these heights of the section are drawn */
  readonly from: number
  readonly to: number
  readonly width: number
  readonly wanted: number
  /** its first photo is the one that Tab reaches */
  readonly entry: boolean
}

export function GallerySection({ section, placed, top, height, from, to, width, wanted, entry }: GallerySectionProps) {
  const layout = placed?.layout
  const bodyTop = (section.month ? MONTH_HEIGHT : 0) + (section.labelled ? LABEL_HEIGHT : 0)
  const missing = !placed || placed.photos.some((list) => list === undefined)
  const rows = layout?.rows.filter((row) => row.top + row.height >= from && row.top <= to) ?? []
  return (
    <div role="rowgroup" className="absolute inset-x-0" style={{ top, height }}>
      {section.month && (
        <div role="row">
          <div role="gridcell">
            <h2 className="absolute inset-x-0 top-5 truncate text-xl font-semibold tracking-tight">{formatMonth(section.month)}</h2>
          </div>
        </div>
      )}
      {section.labelled && (
        <div role="row">
          {(layout?.labels ?? estimateLabels(section, width, wanted)).map((label) => (
            <DayLabel
              key={label.day}
              day={label.day}
              count={label.count}
              left={label.left}
              width={label.width}
              top={bodyTop - LABEL_HEIGHT + 3}
              loaded={loadedOf(section, placed?.photos, label.day)}
            />
          ))}
        </div>
      )}
      {missing && (
        <div
          className="skeleton-grid absolute inset-x-0 rounded-[3px]"
          style={{
            top: bodyTop,
            height: Math.max(0, height - bodyTop - (section.closed ? 0 : SECTION_GAP)),
            ['--cell-width' as string]: `${MEAN_ASPECT * wanted + GAP}px`,
            ['--cell-height' as string]: `${wanted + GAP}px`,
          }}
        />
      )}
      {rows.map((row, rowIndex) => (
        <div key={row.top} role="row" className="absolute inset-x-0" style={{ top: row.top, height: row.height }}>
          {row.tiles.map((tile, tileIndex) => {
            const photo = placed?.photos[tile.part]?.[tile.index]
            const part = section.parts[tile.part]
            return photo && part ? (
              <PhotoTile
                key={photo.id}
                photo={photo}
                left={tile.left}
                width={tile.width}
                height={row.height}
                focusable={entry && rowIndex === 0 && tileIndex === 0}
                place={`${part.day}/${part.chunk * CHUNK + tile.index}`}
              />
            ) : null
          })}
        </div>
      ))}
    </div>
  )
}

/** Labels of a section whose photos are not there yet. */
function estimateLabels(section: Section, width: number, wanted: number) {
  if (section.parts.length === 1) return section.parts.map((part) => ({ day: part.day, count: part.count, left: 0, width }))
  let left = 0
  return section.parts.map((part) => {
    const partWidth = part.count * (MEAN_ASPECT * wanted + GAP)
    const label = { day: part.day, count: part.count, left, width: partWidth }
    left += partWidth + DAY_GAP
    return label
  })
}

const NONE: readonly number[] = []

function loadedOf(section: Section, photos: readonly (readonly PhotoCard[] | undefined)[] | undefined, day: string): readonly number[] {
  const at = section.parts.findIndex((part) => part.day === day)
  return photos?.[at]?.map((photo) => photo.id) ?? NONE
}
