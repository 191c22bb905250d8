/** @file Clusters of made vectors are found, stay who they were, and are named by what tells them apart. */
import { expect, it } from 'vitest'
import { findClusters } from './find-clusters.ts'
import { matchClusters } from './match-clusters.ts'
import { chooseName, extendName, nameByFacts, nameBySaid } from './name-clusters.ts'
import { findAxes, project } from './principal-axes.ts'

/** `sizes[c]` vectors around the middle of cluster c, then `noise` ones anywhere. */
function makeVectors(sizes: readonly number[], noise: number, width = 48) {
  let state = 7
  const random = () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32 - 0.5
  }
  const truth: number[] = []
  const rows: Float32Array[] = []
  const middles = sizes.map(() => Float32Array.from({ length: width }, random))
  for (const [c, size] of sizes.entries())
    for (let i = 0; i < size; i++) {
      truth.push(c)
      rows.push((middles[c] as Float32Array).map((value) => value + 0.5 * random()))
    }
  for (let i = 0; i < noise; i++) {
    truth.push(-1)
    rows.push(Float32Array.from({ length: width }, random))
  }
  const all = new Float32Array(rows.length * width)
  for (const [i, row] of rows.entries()) {
    const length = Math.hypot(...row)
    all.set(
      row.map((value) => value / length),
      i * width,
    )
  }
  return { all, truth, width }
}

function cluster({ all, width }: { all: Float32Array; width: number }) {
  const axes = findAxes(all, width, 16)
  const n = all.length / width
  const projected = new Float32Array(n * axes.count)
  for (let i = 0; i < n; i++) project(axes, all.subarray(i * width, (i + 1) * width), projected, i * axes.count)
  return findClusters(projected, axes.count)
}

it('finds groups, gives the same ones each time, and leaves strays out', () => {
  const made = makeVectors([40, 30, 20, 10], 12)
  const { labels, count } = cluster(made)
  expect(count).toBeGreaterThanOrEqual(4)
  for (const truth of [0, 1, 2, 3]) {
    const own = [...labels].filter((_, i) => made.truth[i] === truth)
    const most = Math.max(...[...new Set(own)].map((label) => own.filter((one) => one === label).length))
    expect(most / own.length).toBeGreaterThan(0.9)
  }
  expect(cluster(made).labels).toEqual(labels)
  expect(findClusters(new Float32Array(0), 16).count).toBe(0)
  expect(findClusters(Float32Array.from([1, 0]), 2)).toMatchObject({ count: 0, labels: new Int32Array([-1]) })
})

it('a cluster goes on as the one most of its photos came from; one a person kept is not taken apart', () => {
  const before = [1, 1, 1, 1, 2, 2, 2, null, null, 3, 3]
  const labels = [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, -1]
  const old = [1, 2, 3].map((id) => ({ id, isKept: false }))
  expect(matchClusters(labels, before, 4, old)).toEqual([1, 2, null, 3])
  // 1 falls into two: the larger part keeps the id, unless a person kept it
  const split = [0, 0, 0, 1, 1]
  const whole = [1, 1, 1, 1, 1]
  expect(matchClusters(split, whole, 2, [{ id: 1, isKept: false }])).toEqual([1, null])
  expect(matchClusters(split, whole, 2, [{ id: 1, isKept: true }])).toEqual([1, 1])
})

it('is named by what tells it from the library, by a place most share, by its text where nothing else speaks', () => {
  const tags = [
    { value: 'outdoor', count: 20, total: 900 },
    { value: 'dog', count: 18, total: 40 },
    { value: 'beach', count: 9, total: 60 },
    { value: 'hat', count: 1, total: 2 },
  ]
  const none = { tags: [], cities: [], countries: [], paths: [], words: [], colours: [], years: [] }
  expect(nameByFacts({ ...none, tags }, 20, 1000)).toEqual({ names: ['Dog, beach'], tags: ['dog', 'beach'] })
  expect(nameByFacts({ ...none, tags, countries: [{ value: 'Norway', count: 19, total: 100 }] }, 20, 1000).names[0]).toBe('Dog, Norway')
  const oslo = [{ value: 'Oslo', count: 18, total: 30 }]
  expect(nameByFacts({ ...none, tags, cities: oslo, countries: [{ value: 'Norway', count: 19, total: 100 }] }, 20, 1000).names[0]).toBe(
    'Dog, Oslo',
  )
  const words = [
    { value: 'receipt', count: 18, total: 20 },
    { value: 'total', count: 12, total: 20 },
    { value: 'with', count: 18, total: 900 },
  ]
  expect(nameByFacts({ ...none, words }, 20, 1000).names).toEqual(['“receipt”, “total”'])
  expect(nameByFacts(none, 20, 1000).names).toEqual([])
  // in a library of one kind nothing tells it from the rest: what most of it shows is still true
  const rings = { value: 'ring', count: 19, total: 980 }
  expect(nameByFacts({ ...none, tags: [rings, { value: 'gold', count: 5, total: 250 }] }, 20, 1000).names).toEqual(['Ring'])
})

it('clusters that facts call the same are told apart by the next fact, then by a number', () => {
  const facts = {
    tags: [{ value: 'ring', count: 20, total: 60 }],
    cities: [],
    countries: [],
    paths: [],
    words: [],
    years: [{ value: '2021', count: 19, total: 100 }],
    colours: [{ value: 'white', count: 20, total: 100 }],
  }
  const { names } = nameByFacts(facts, 20, 1000)
  expect(names).toEqual(['Ring', 'Ring, 2021', 'Ring, 2021, mostly white'])
  expect(chooseName(names, new Set())).toBe('Ring')
  expect(chooseName(names, new Set(['ring']))).toBe('Ring, 2021')
  expect(chooseName(['Ring'], new Set(['ring', 'ring 2']))).toBe('Ring 3')
  expect(chooseName([], new Set())).toBeNull()
})

it('where nothing telling is left, where and when most were taken tells them apart', () => {
  const cities = [{ value: 'Oslo', count: 12, total: 700 }]
  const years = [{ value: '2021', count: 9, total: 500 }]
  const facts = { tags: [{ value: 'ring', count: 20, total: 60 }], cities, countries: [], paths: [], words: [], years, colours: [] }
  expect(nameByFacts(facts, 20, 1000).names).toEqual(['Ring', 'Ring, Oslo'])
})

it('of a describer’s name that another cluster bears, what it shows is added', () => {
  const names = extendName({ name: 'Happy Dogs', tags: ['dogs', 'lead', 'grass'] })
  expect(chooseName(names, new Set())).toBe('Happy Dogs')
  expect(chooseName(names, new Set(['happy dogs']))).toBe('Happy Dogs, lead')
  expect(extendName({ name: null, tags: ['dog'] })).toEqual([])
})

it('a describer’s words are joined: what most representatives say', () => {
  const said = (clusterName: string, tags: string[], primaryCategory: 'animals' | 'nature') => ({
    clusterName,
    tags,
    primaryCategory,
    description: `about ${clusterName}`,
  })
  expect(
    nameBySaid([
      said('Park Walks', ['dog', 'grass'], 'animals'),
      said('Dogs Outdoors', ['dog', 'lead'], 'animals'),
      said('Happy Dogs', ['dog'], 'nature'),
    ]),
  ).toEqual({
    name: 'Dogs Outdoors',
    description: 'about Park Walks',
    tags: ['dog', 'grass', 'lead'],
    primaryCategory: 'animals',
  })
  expect(nameBySaid([])).toEqual({ name: null, description: null, tags: [], primaryCategory: null })
})
