/** @file Layout of the gallery as photos load: which parts to ask for, and where everything lies. */
import { useQueries } from '@tanstack/react-query'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { PhotoCard } from '../../../src/contract/photo.ts'
import { dayChunkQuery } from '../../lib/library-queries.ts'
import { buildSections, estimateHeight, layoutSection, type Section, type SectionLayout, sumHeights } from './layout.ts'

type Photos = readonly (readonly PhotoCard[] | undefined)[]

interface Placed {
  readonly photos: Photos
  readonly layout: SectionLayout
}

export interface GalleryLayout {
  readonly sections: readonly Section[]
  readonly tops: Float64Array
  readonly placed: ReadonlyMap<string, Placed>
}

/** Sections, and their tops as known so far. `place` takes photos that came in. */
export function useGalleryLayout(
  days: readonly { day: string; count: number }[],
  width: number,
  wanted: number,
  /** of what stands above the first section */
  above: number,
): GalleryLayout & { place: (found: ReadonlyMap<Section, Photos>) => void } {
  const sections = useMemo(() => (width > 0 ? buildSections(days, width, wanted) : []), [days, width, wanted])
  const placed = useRef({ width, wanted, map: new Map<string, Placed>() })
  const [version, setVersion] = useState(0)
  if (placed.current.width !== width || placed.current.wanted !== wanted) placed.current = { width, wanted, map: new Map() }
  const map = placed.current.map

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the changed content of `map`
  const tops = useMemo(
    () =>
      sumHeights(
        sections.map((section) => fits(map.get(section.key), section)?.layout.height ?? estimateHeight(section, width, wanted)),
        above,
      ),
    [sections, map, version, width, wanted, above],
  )

  const place = (found: ReadonlyMap<Section, Photos>) => {
    let changed = false
    for (const [section, photos] of found) {
      const old = fits(map.get(section.key), section)
      if (old && old.photos.length === photos.length && old.photos.every((list, index) => list === photos[index])) continue
      const made = { photos, layout: layoutSection(section, photos, width, wanted) }
      map.set(section.key, made)
      sectionOf.set(made, section)
      changed = true
    }
    if (changed) setVersion((value) => value + 1)
  }
  return { sections, tops, placed: map, place }
}

/** Which section a layout was made for: a day that grew has new sections under the same keys. */
const sectionOf = new WeakMap<Placed, Section>()

function fits(placed: Placed | undefined, section: Section): Placed | undefined {
  if (!placed) return undefined
  const made = sectionOf.get(placed)
  if (made === section) return placed
  const same =
    made &&
    made.month === section.month &&
    made.labelled === section.labelled &&
    made.closed === section.closed &&
    made.parts.length === section.parts.length &&
    made.parts.every((part, index) => part.key === section.parts[index]?.key && part.count === section.parts[index]?.count)
  if (same) sectionOf.set(placed, section)
  return same ? placed : undefined
}

/** Asks for the photos of these sections and hands them to the layout. */
export function useSectionPhotos(
  sections: readonly Section[],
  asking: boolean,
  place: (found: ReadonlyMap<Section, Photos>) => void,
): { failed: Error | null } {
  const parts = useMemo(() => sections.flatMap((section) => section.parts), [sections])
  const results = useQueries({ queries: parts.map((part) => ({ ...dayChunkQuery(part.day, part.chunk), enabled: asking })) })
  useLayoutEffect(() => {
    const byPart = new Map(parts.map((part, index) => [part.key, results[index]?.data?.photos]))
    const found = new Map<Section, Photos>()
    for (const section of sections) {
      const photos = section.parts.map((part) => byPart.get(part.key))
      if (photos.some((list) => list !== undefined)) found.set(section, photos)
    }
    place(found)
  })
  return { failed: results.find((result) => result.error)?.error ?? null }
}
