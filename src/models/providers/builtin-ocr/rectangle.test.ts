import { describe, expect, it } from 'vitest'
import { sortByReading } from './reading-order.ts'
import { encloseHull, findHull, listCorners, type Rectangle, turnReading } from './rectangle.ts'

const at = (x: number, y: number, width: number, height = 10, angle = 0): Rectangle => ({ x: x + width / 2, y, width, height, angle })

describe('encloseHull', () => {
  it.each([0, 7, 30, -40])('finds a rectangle turned by %i degrees', (degrees) => {
    const truth: Rectangle = { x: 50, y: 40, width: 60, height: 12, angle: (degrees * Math.PI) / 180 }
    const points = listCorners(truth).toSorted((a, b) => a.y - b.y || a.x - b.x)
    const found = encloseHull(findHull(points.flatMap((p) => [p.x, p.y])))
    expect(found.x).toBeCloseTo(50)
    expect(found.y).toBeCloseTo(40)
    expect(found.width).toBeCloseTo(60)
    expect(found.height).toBeCloseTo(12)
    expect(found.angle).toBeCloseTo(truth.angle)
  })

  it('takes one point and a line', () => {
    expect(encloseHull(findHull([3, 4]))).toMatchObject({ x: 3, y: 4, width: 0, height: 0 })
    expect(encloseHull(findHull([3, 4, 9, 4]))).toMatchObject({ x: 6, y: 4, width: 6, height: 0 })
  })
})

describe('turnReading', () => {
  it('keeps the area and starts at the next corner', () => {
    const before = listCorners(at(0, 5, 40))
    const after = listCorners(turnReading(at(0, 5, 40), 1))
    expect(after[0].x).toBeCloseTo(before[1].x)
    expect(after[0].y).toBeCloseTo(before[1].y)
  })
})

describe('sortByReading', () => {
  const order = (lines: Record<string, Rectangle>, angle = 0) => sortByReading(Object.keys(lines), (key) => lines[key]!, angle)

  it('reads a table row by row, although its price column stands apart', () => {
    const lines: Record<string, Rectangle> = {}
    for (let i = 0; i < 6; i++) {
      lines[`price ${i}`] = at(300, 20 * i + 2, 30)
      lines[`item ${i}`] = at(0, 20 * i, 120)
    }
    expect(order(lines).slice(0, 4)).toEqual(['item 0', 'price 0', 'item 1', 'price 1'])
  })

  it('reads columns of running text one after the other, between headline and foot', () => {
    const lines: Record<string, Rectangle> = { foot: at(0, 200, 420), headline: at(0, 0, 420) }
    for (let i = 0; i < 6; i++) {
      lines[`right ${i}`] = at(220, 30 + 20 * i, 190)
      lines[`left ${i}`] = at(0, 30 + 20 * i, 195)
    }
    const names = ['headline', ...[0, 1, 2, 3, 4, 5].map((i) => `left ${i}`), ...[0, 1, 2, 3, 4, 5].map((i) => `right ${i}`), 'foot']
    expect(order(lines)).toEqual(names)
  })

  it('reads a page on its head from its own top', () => {
    const angle = Math.PI
    expect(order({ second: at(0, 0, 100, 10, angle), first: at(0, 30, 100, 10, angle) }, angle)).toEqual(['first', 'second'])
  })
})
