/** @file The gallery’s sections hold every photo once, whatever the days, and group without knowing the photos. */
import { describe, expect, it } from 'vitest'
import { CHUNK } from '../../lib/chunk.ts'
import { buildSections, estimateHeight, layoutSection, sectionAt, sumHeights } from './layout.ts'

const day = (index: number) => new Date(Date.UTC(2026, 10, 20) - index * 86_400_000).toISOString().slice(0, 10)
const makeDays = (counts: readonly number[]) => counts.map((count, index) => ({ day: day(index), count }))
const photos = (count: number, width = 1500, height = 1000) => Array.from({ length: count }, () => ({ width, height }))

describe('sections', () => {
  it('hold every photo of every day once', () => {
    const days = makeDays([1, 0, 3, 250, 2, 1, 1, 100_000, 4])
    const sections = buildSections(days, 1300, 220)
    const counted = new Map<string, number>()
    for (const part of sections.flatMap((section) => section.parts)) counted.set(part.day, (counted.get(part.day) ?? 0) + part.count)
    expect([...counted]).toEqual(days.filter((each) => each.count > 0).map((each) => [each.day, each.count]))
  })

  it('cut a huge day into chunks that are asked for one by one', () => {
    const sections = buildSections(makeDays([100_000]), 1300, 220)
    expect(sections).toHaveLength(100_000 / CHUNK)
    expect(sections.every((section) => section.parts.length === 1 && (section.parts[0]?.count ?? 0) <= CHUNK)).toBe(true)
    expect(sections.slice(0, -1).every((section) => section.closed)).toBe(true)
    expect(sections.at(-1)?.closed).toBe(false)
  })

  it('put small days side by side, but never two months on one shelf', () => {
    const sections = buildSections(
      [
        { day: '2026-11-02', count: 1 },
        { day: '2026-11-01', count: 2 },
        { day: '2026-10-31', count: 1 },
      ],
      1300,
      220,
    )
    expect(sections.map((section) => section.parts.map((part) => part.day))).toEqual([['2026-11-02', '2026-11-01'], ['2026-10-31']])
    expect(sections.map((section) => section.month)).toEqual(['2026-11', '2026-10'])
  })

  it('have unique keys', () => {
    const keys = buildSections(makeDays([1, 2, 500, 1, 1]), 390, 132).map((section) => section.key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('a shelf', () => {
  it('keeps its days inside the width, however wide their photos are', () => {
    const [section] = buildSections(makeDays([1, 1, 1]), 1300, 220)
    expect(section?.parts).toHaveLength(3)
    const layout = layoutSection(section!, [photos(1, 4000, 1000), photos(1, 4000, 1000), photos(1, 4000, 1000)], 1300, 220)
    const tiles = layout.rows[0]?.tiles ?? []
    const last = tiles.at(-1)!
    expect(last.left + last.width).toBeLessThanOrEqual(1300.001)
    expect(layout.labels.map((label) => Math.round(label.left))).toEqual(tiles.map((tile) => Math.round(tile.left)))
  })
})

describe('estimates', () => {
  it('are near the truth for an ordinary day', () => {
    const [section] = buildSections(makeDays([80]), 1300, 220)
    const truth = layoutSection(section!, [[...photos(55, 1500, 1000), ...photos(25, 1000, 1500)]], 1300, 220).height
    expect(Math.abs(estimateHeight(section!, 1300, 220) / truth - 1)).toBeLessThan(0.2)
  })
})

describe('the section at a height', () => {
  it('is the one whose range holds it', () => {
    const tops = sumHeights([100, 50, 200])
    expect([0, 99, 100, 149, 150, 349, 350, 10_000].map((y) => sectionAt(tops, y))).toEqual([0, 0, 1, 1, 2, 2, 2, 2])
    expect(sectionAt(sumHeights([]), 5)).toBe(0)
    // what stands above the first section belongs to it
    expect([...sumHeights([100, 50], 170)]).toEqual([170, 270, 320])
    expect(sectionAt(sumHeights([100, 50], 170), 0)).toBe(0)
  })
})
