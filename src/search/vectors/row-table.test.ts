import { expect, it } from 'vitest'
import { IdSet } from '../../domain/search/id-set.ts'
import { RowTable } from './row-table.ts'

let state = 5
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32 - 0.5
}
function unit(width: number): Float32Array {
  const raw = Float32Array.from({ length: width }, random)
  const length = Math.hypot(...raw)
  return raw.map((value) => value / length)
}
const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

function fill(width: number, count: number, firstId = 1) {
  const table = new RowTable(width)
  const vectors = new Map(Array.from({ length: count }, (_, i) => [firstId + i * 3, unit(width)] as const))
  const flat = new Float32Array(count * width)
  for (const [i, vector] of [...vectors.values()].entries()) flat.set(vector, i * width)
  table.put(Int32Array.from(vectors.keys()), flat)
  return { table, vectors }
}
function truth(vectors: ReadonlyMap<number, Float32Array>, question: Float32Array): number[] {
  const near = Array.from(vectors, ([id, vector]) => [id, product(vector, question)] as const)
  return near.sort((a, b) => b[1] - a[1]).map(([id]) => id)
}
const ask = (table: RowTable, vector: Float32Array, more: Partial<Parameters<RowTable['nearest']>[0]> = {}) => [
  ...table.nearest({ vector, kept: null, maxPhotoId: 1e9, exceptId: null, count: 40, ...more }).ids,
]
/** The distances of those found are theirs. */
function expectDistances(table: RowTable, vectors: ReadonlyMap<number, Float32Array>, question: Float32Array) {
  const { ids, distances } = table.nearest({ vector: question, kept: null, maxPhotoId: 1e9, exceptId: null, count: 40 })
  expect(distances).toHaveLength(ids.length)
  for (const [i, id] of ids.entries()) expect(Math.abs(distances![i]! - 1 + product(vectors.get(id)!, question))).toBeLessThan(3e-5)
}

it.each([
  [1, 5],
  [7, 30],
  [16, 4097],
  [250, 9001],
  [768, 500],
])('width %i, %i rows: holds the exact nearest among a few more', (width, count) => {
  const { table, vectors } = fill(width, count)
  for (let i = 0; i < 5; i++) {
    const question = unit(width)
    const found = ask(table, question)
    expect(found).toHaveLength(Math.min(40, count))
    expectDistances(table, vectors, question)
    const best = truth(vectors, question).slice(0, 20)
    if (width > 1) expect(best.filter((id) => found.includes(id))).toHaveLength(best.length)
  }
})

it('finds only what it may, by few or many bits', () => {
  const { table, vectors } = fill(64, 5000)
  const question = unit(64)
  const order = truth(vectors, question)
  for (const some of [order.filter((_, i) => i % 2 === 0), order.slice(1000, 1100), order.slice(-3)]) {
    const found = ask(table, question, { kept: IdSet.of([...some, 2, 99_999]).words })
    expect(found).toHaveLength(Math.min(40, some.length))
    expect(some.slice(0, 20).filter((id) => found.includes(id))).toHaveLength(Math.min(20, some.length))
    expect(found.every((id) => some.includes(id))).toBe(true)
  }
  expect(ask(table, question, { kept: IdSet.of([]).words })).toEqual([])
  expect(ask(table, question, { exceptId: order[0]! })).not.toContain(order[0])
  expect(Math.max(...ask(table, question, { maxPhotoId: 600 }))).toBeLessThanOrEqual(600)
})

it('follows what is replaced and removed, and grows', () => {
  const { table, vectors } = fill(32, 2000)
  const removed = [...vectors.keys()].filter((id) => id % 2 === 0)
  table.remove(Int32Array.from([...removed, 5_000_000, 3]))
  for (const id of removed) vectors.delete(id)
  for (const id of [1, 7, 50_000]) {
    vectors.set(id, unit(32))
    table.put(Int32Array.of(id), vectors.get(id)!)
  }
  expect(table.count).toBe(vectors.size)
  for (let i = 0; i < 5; i++) {
    const question = unit(32)
    const found = ask(table, question)
    expect(
      truth(vectors, question)
        .slice(0, 25)
        .every((id) => found.includes(id)),
    ).toBe(true)
    expect(found.every((id) => vectors.has(id))).toBe(true)
    expectDistances(table, vectors, question)
  }
})

it('says no distances once the rows are too many to keep what was rounded off', () => {
  const table = new RowTable(8, undefined, 800)
  const question = unit(8)
  const distances = () => table.nearest({ vector: question, kept: null, maxPhotoId: 1e9, exceptId: null, count: 3 }).distances
  for (let id = 1; id <= 64; id++) table.put(Int32Array.of(id), unit(8))
  expect(distances()).toHaveLength(3)
  for (let id = 65; id <= 200; id++) table.put(Int32Array.of(id), unit(8))
  expect(distances()).toBe(null)
  expect(ask(table, question)).toHaveLength(40)
})

it('takes vectors of nothing but zeros', () => {
  const table = new RowTable(8)
  table.put(Int32Array.of(1, 2), new Float32Array(16))
  expect(ask(table, new Float32Array(8)).sort()).toEqual([1, 2])
})

/** Clouds of vectors, as pictures make them. */
function cloud(width: number, count: number, clouds: number): Map<number, Float32Array> {
  const middles = Array.from({ length: clouds }, () => unit(width))
  const mix = (i: number) => {
    const noise = unit(width)
    const raw = middles[i % clouds]!.map((value, at) => value + noise[at]! * 0.7)
    const length = Math.hypot(...raw)
    return raw.map((value) => value / length)
  }
  return new Map(Array.from({ length: count }, (_, i) => [i + 1, mix(i)] as const))
}
const flatten = (vectors: ReadonlyMap<number, Float32Array>, width: number) => {
  const flat = new Float32Array(vectors.size * width)
  for (const [i, vector] of [...vectors.values()].entries()) flat.set(vector, i * width)
  return flat
}

it('put into groups it holds the same rows, finds the nearest, and follows what comes and goes at any moment', () => {
  const width = 24
  const vectors = cloud(width, 6000, 40)
  const table = new RowTable(width, { groupedFrom: 3000, probed: 1500 })
  table.put(Int32Array.from(vectors.keys()), flatten(vectors, width))
  const recall = () => {
    let found = 0
    for (let i = 0; i < 20; i++) {
      const question = vectors.get([...vectors.keys()][i * 131]!)!
      const near = ask(table, question)
      expect(near.every((id) => vectors.has(id))).toBe(true)
      expectDistances(table, vectors, question)
      found += truth(vectors, question)
        .slice(0, 10)
        .filter((id) => near.includes(id)).length
    }
    return found / 200
  }
  for (let slice = 1; table.arrange(); slice++) {
    const [gone, changed, added] = [slice * 17, slice * 23 + 1, 10_000 + slice]
    table.remove(Int32Array.of(gone))
    vectors.delete(gone)
    for (const id of [changed, added]) {
      vectors.set(id, unit(width))
      table.put(Int32Array.of(id), vectors.get(id)!)
    }
    expect(table.count).toBe(vectors.size)
    if (slice % 10 === 0) expect(recall()).toBe(1) // what waits for its group is compared as a whole
  }
  expect(recall()).toBeGreaterThan(0.95)
  // every row is still there once: a small set is looked up row by row
  const ids = [...vectors.keys()]
  for (let at = 0; at < ids.length; at += 200) {
    const some = ids.slice(at, at + 200)
    expect(ask(table, unit(width), { kept: IdSet.of(some).words, count: 500 }).sort((a, b) => a - b)).toEqual(some.sort((a, b) => a - b))
  }
  table.remove(Int32Array.from(ids))
  expect(table.count).toBe(0)
  expect(ask(table, unit(width))).toEqual([])
})

it('looks for new centres when it has grown to several times its size', () => {
  const vectors = cloud(16, 4500, 30)
  const table = new RowTable(16, { groupedFrom: 1000, probed: 800 })
  const flat = flatten(vectors, 16)
  table.put(Int32Array.from(vectors.keys()).subarray(0, 1000), flat.subarray(0, 16_000))
  while (table.arrange());
  table.put(Int32Array.from(vectors.keys()).subarray(1000, 3500), flat.subarray(16_000, 56_000))
  expect(table.arrange()).toBe(false)
  table.put(Int32Array.from(vectors.keys()).subarray(3500), flat.subarray(56_000))
  expect(table.arrange()).toBe(true)
  while (table.arrange());
  const question = vectors.get(7)!
  expect(ask(table, question)).toEqual(expect.arrayContaining(truth(vectors, question).slice(0, 5)))
})
