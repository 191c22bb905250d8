/** @file Copies of blobs that are lent by path: shared, kept within a bound, looked at again, and gone with their store. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LocalCopies } from '../../../src/storage/local-copies.ts'

let folder: string
let reads: string[]
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'fototeca-copies-')), 'copies')
  reads = []
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

const read = (content: string) => async () => {
  reads.push(content)
  return Readable.from([Buffer.from(content)])
}
const textOf = (path: string) => readFile(path, 'utf8')
const names = () => readdir(folder)

it('is read once while it stays, and the one that was not used for longest goes first', async () => {
  await using copies = new LocalCopies(folder, 25)
  for (const name of ['a', 'b', 'a']) expect(await copies.lend(name, read(name.repeat(10)), textOf)).toBe(name.repeat(10))
  expect(reads).toEqual(['a'.repeat(10), 'b'.repeat(10)])
  await copies.lend('c', read('c'.repeat(10)), textOf)
  expect(await names()).toHaveLength(2)
  for (const name of ['a', 'b']) await copies.lend(name, read(name.repeat(10)), textOf)
  expect(reads.slice(2)).toEqual(['c'.repeat(10), 'b'.repeat(10)])
})

it('stays while somebody reads it, however large it is; one that is for one reader alone goes with him', async () => {
  await using copies = new LocalCopies(folder, 5)
  await copies.lend('large', read('x'.repeat(100)), async (path) => {
    await copies.lend(null, read('y'), textOf)
    expect(await textOf(path)).toHaveLength(100)
    expect(await names()).toHaveLength(1)
  })
  expect(await names()).toEqual([])
})

it('that broke off is read anew', async () => {
  await using copies = new LocalCopies(folder, 100)
  const broken = async () =>
    Readable.from(
      (async function* () {
        yield Buffer.from('half')
        throw new Error('the line is dead')
      })(),
    )
  await expect(copies.lend('a', broken, textOf)).rejects.toThrow('the line is dead')
  expect(await names()).toEqual([])
  expect(await copies.lend('a', read('whole'), textOf)).toBe('whole')
})

it('goes with its store', async () => {
  {
    await using copies = new LocalCopies(folder, 100)
    await copies.lend('a', read('a'), textOf)
    expect(await names()).toHaveLength(1)
  }
  expect(await names()).toEqual([])
})
