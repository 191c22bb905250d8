import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replaceFile, temporaryName } from '../../../src/storage/durable-write.ts'
import { readStores } from '../../../src/storage/read-stores.ts'
import { openStores, type Stores } from '../../../src/storage/stores.ts'
import { keysOf, sourceOf } from '../../support/blobs.ts'

let folder: string
let stores: Stores

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-store-'))
  stores = await openStores(readStores(undefined, folder, 'jewelry'), folder)
})
afterEach(async () => {
  await stores[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

it('what a dead process left half-written is gone at the next start', async () => {
  const half = temporaryName().replace(`.${process.pid}.`, `.${spawnSync('true').pid}.`)
  await writeFile(join(folder, 'stores/alya/.incoming', half), 'half')
  await stores.get('alya').blobs.put('a.jpg', sourceOf('whole'))
  await using again = await openStores(readStores(undefined, folder, 'jewelry'), folder)
  expect(await readdir(join(folder, 'stores/alya/.incoming'))).toEqual([])
  expect(await readFile(join(folder, 'stores/alya/a.jpg'), 'utf8')).toBe('whole')
  expect(await again.get('alya').blobs.stat('a.jpg')).toMatchObject({ bytes: 5 })
})

it('a folder sorts by its slash, as the keys in it do', async () => {
  const { blobs } = stores.get('alya')
  const keys = ['a-b.jpg', 'a.jpg', 'a/b/d.jpg', 'a/c.jpg', 'a0.jpg']
  for (const key of keys.toReversed()) await blobs.put(key, sourceOf(key))
  expect(await keysOf(blobs.list())).toEqual(keys)
})

it('a folder may be written with a slash at its end', async () => {
  await replaceFile(join(folder, 'a/b/file'), 'whole', `${folder}/`)
  expect(await readFile(join(folder, 'a/b/file'), 'utf8')).toBe('whole')
})

it('gives addresses and finds pictures by them, and by nothing else', async () => {
  await using named = await openStores(
    readStores(
      JSON.stringify({ alya: { folder: join(folder, 'x'), url: 'https://img.example.com/alya' }, own: { folder: join(folder, 'y') } }),
      folder,
      'jewelry',
    ),
    folder,
  )
  const alya = named.get('alya')
  expect(await named.urlOf(alya, 'gen_images/a b.jpg', 'http://localhost:8000')).toBe('https://img.example.com/alya/gen_images/a%20b.jpg')
  expect(await named.urlOf(named.get('own'), 'a.jpg', 'http://localhost:8000')).toBe('http://localhost:8000/stores/own/a.jpg')
  expect(named.find(new URL('https://img.example.com/alya/gen_images/a%20b.jpg?x'))).toMatchObject({ key: 'gen_images/a b.jpg' })
  expect(named.find(new URL('http://localhost:8000/stores/own/a.jpg'))?.store.settings.name).toBe('own')
  for (const address of [
    'https://img.example.com/alyax/a.jpg',
    'https://img.example.com/other/a.jpg',
    'https://img.example.com/alya/',
    'file:///stores/own/a.jpg',
    'http://localhost:8000/stores/own/%2e%2e%2fsecret',
    'http://localhost:8000/stores/nobody/a.jpg',
  ])
    expect(named.find(new URL(address)), address).toBeNull()
  expect(() => named.get('shop')).toThrow(/there is no store “shop”; there are alya, own/)
})

it('lets a web server read what has a public address, and nobody what has none', async () => {
  const [shown, own] = [join(folder, 'shown', 'deep'), join(folder, 'own')]
  const settings = { shown: { folder: shown, url: 'https://shop.example/pictures' }, own: { folder: own } }
  const both = await openStores(readStores(JSON.stringify(settings), folder, 'jewelry'), folder)
  for (const name of ['shown', 'own']) await both.get(name).blobs.put('a/b.jpg', sourceOf('picture'))
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  expect(await modeOf(join(shown, 'a/b.jpg'))).toBe('644')
  expect(await modeOf(join(shown, 'a'))).toBe('755')
  expect(await modeOf(join(own, 'a/b.jpg'))).toBe('600')
  await both[Symbol.asyncDispose]()
})
