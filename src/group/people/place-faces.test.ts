/** @file Whose faces are: on a plane, where distances can be seen. */
import { describe, expect, it } from 'vitest'
import { findNeighbours } from './find-neighbours.ts'
import { findQuestions } from './find-questions.ts'
import { type FacesToPlace, placeFaces } from './place-faces.ts'

interface Point {
  readonly at: readonly [number, number]
  readonly person?: number
  readonly isFixed?: boolean
  readonly isWeak?: boolean
  readonly photo?: number
  readonly not?: readonly number[]
}

/** Plain loops in place of the thread’s matrix product. */
const multiply = async (a: Float32Array, rows: number, b: Float32Array, columns: number) => {
  const width = a.length / rows
  const out = new Float32Array(rows * columns)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) for (let i = 0; i < width; i++) out[r * columns + c]! += a[r * width + i]! * b[i * columns + c]!
  return out
}

const LIMITS = { cluster: 0.47 ** 2, join: 0.45 ** 2, ask: 0.6 ** 2 }

async function prepare(points: readonly Point[], isAnew = false): Promise<FacesToPlace> {
  const vectors = Float32Array.from(points.flatMap(({ at }) => at))
  return {
    width: 2,
    vectors,
    photos: Int32Array.from(points, ({ photo }, index) => photo ?? 1000 + index),
    isStrong: Uint8Array.from(points, ({ isWeak }) => (isWeak ? 0 : 1)),
    persons: Int32Array.from(points, ({ person }) => person ?? 0),
    isFixed: Uint8Array.from(points, ({ isFixed }) => (isFixed ? 1 : 0)),
    rejected: new Map(points.flatMap(({ not }, index) => (not ? [[index, new Set(not)] as const] : []))),
    graph: await findNeighbours({ width: 2, vectors, asked: Int32Array.from(points.keys()), limit: LIMITS.ask, multiply }),
    limits: LIMITS,
    isAnew,
  }
}
const place = async (points: readonly Point[], isAnew = false) => [...placeFaces(await prepare(points, isAnew)).persons]

const near = (x: number, y: number, more: Omit<Point, 'at'> = {}): Point => ({ at: [x, y], ...more })

describe('placeFaces', () => {
  it('makes clusters of faces that lie together, largest first, and leaves others alone', async () => {
    const persons = await place([near(0, 0), near(5, 5), near(0.1, 0), near(3, 3), near(5.1, 5), near(5, 5.1)])
    expect(persons).toEqual([-2, -1, -2, 0, -1, -1])
  })

  it('does not drag two clusters together over a face between them', async () => {
    const chain = [0, 0.1, 0.2, 0.45, 0.7, 0.8, 0.9].map((x) => near(x, 0))
    const persons = await place(chain)
    expect(persons[0]).not.toBe(persons[6])
    expect(new Set([persons[0], persons[6]])).toContain(persons[3])
  })

  it('gives a new face to the named person it is near to, and moves nobody who was placed', async () => {
    const anna = { person: 7, isFixed: true }
    expect(await place([near(0, 0, anna), near(0.1, 0, anna), near(0.1, 0.1), near(0.3, 0.3)])).toEqual([7, 7, 7, 7])
  })

  it('puts no face where a person said it is not, even when all around are there', async () => {
    const anna = { person: 7, isFixed: true }
    expect(await place([near(0, 0, anna), near(0.1, 0, anna), near(0.05, 0, { not: [7] })])).toEqual([7, 7, 0])
  })

  it('takes two faces of one photo for two people', async () => {
    expect(await place([near(0, 0, { photo: 1 }), near(0.1, 0, { photo: 1 })])).toEqual([0, 0])
    const anna = { person: 7, isFixed: true, photo: 1 }
    expect(await place([near(0, 0, anna), near(0.1, 0, { photo: 1 })])).toEqual([7, 0])
  })

  it('lets poor faces found nothing, but join', async () => {
    const weak = { isWeak: true }
    expect(await place([near(0, 0, weak), near(0.1, 0, weak)])).toEqual([0, 0])
    expect(await place([near(0, 0), near(0.1, 0), near(0, 0.1, weak)])).toEqual([-1, -1, -1])
  })

  it('joins clusters nobody named when a new face bridges them, under the id of the larger', async () => {
    const [one, two] = [{ person: 3 }, { person: 4 }]
    expect(
      await place([near(0, 0, one), near(0.1, 0, one), near(0.3, 0, two), near(0.35, 0, two), near(0.4, 0, two), near(0.2, 0)]),
    ).toEqual([4, 4, 4, 4, 4, 4])
  })

  it('made anew, dissolves what nobody spoke about and keeps the ids of what comes back', async () => {
    const anna = { person: 7, isFixed: true }
    const points = [near(0, 0, { person: 3 }), near(0.1, 0, { person: 3 }), near(5, 5, { person: 3 }), near(9, 9, anna)]
    expect(await place(points)).toEqual([3, 3, 3, 7])
    expect(await place(points, true)).toEqual([3, 3, 0, 7])
  })

  it('is the same whatever the order of the faces', async () => {
    const points = Array.from({ length: 60 }, (_, i) => near((i % 6) * 2 + ((i * 7) % 10) / 40, ((i * 3) % 10) / 40))
    const group = (persons: readonly number[], order: readonly number[]) =>
      [...Map.groupBy(order, (_, at) => persons[at]).values()].map((faces) => faces.toSorted((a, b) => a - b).join(' ')).sort()
    const order = [...points.keys()]
    const turned = order.toReversed()
    expect(group(await place(turned.map((index) => points[index]!)), turned)).toEqual(group(await place(points), order))
  })
})

describe('findQuestions', () => {
  it('asks about clusters before single faces, and the nearer first; never about who was refused', async () => {
    const anna = { person: 7, isFixed: true }
    const points = [
      near(0, 0, anna),
      near(0.1, 0, anna),
      near(0.6, 0, { person: 3 }),
      near(0.62, 0.1, { person: 3 }),
      near(0, 0.58),
      near(0, 0.52),
      near(0, -0.5, { not: [7] }),
    ]
    const input = { ...(await prepare(points)), persons: Int32Array.from([7, 7, 3, 3, 0, 0, 0]) }
    const asked = findQuestions(input, input.persons, (person) => person === 7)
    expect(asked.map(({ face, other, person }) => [face, other, person])).toEqual([
      [null, 3, 7],
      [5, null, 7],
      [4, null, 7],
    ])
  })
})
