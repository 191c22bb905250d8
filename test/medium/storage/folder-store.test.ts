import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replaceFile, temporaryName } from '../../../src/storage/durable-write.ts'
import type { BlobSource } from '../../../src/storage/picture-store.ts'
import { readStores } from '../../../src/storage/read-stores.ts'
import { openStores, type Stores } from '../../../src/storage/stores.ts'

let folder: string
let stores: Stores

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-store-'))
  stores = await openStores(readStores(undefined, folder))
})
afterEach(async () => {
  await stores[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const sourceOf = (text: string, said = text): BlobSource => ({
  bytes: Buffer.byteLength(said),
  sha256: createHash('sha256').update(said).digest('hex'),
  contentType: 'image/jpeg',
  open: () => Readable.from([Buffer.from(text)]),
})

it('puts, finds, lists in order, replaces and deletes', async () => {
  const { blobs } = stores.get('alya')
  for (const key of ['b.jpg', 'gen_images/c.jpg', 'a.jpg']) await blobs.put(key, sourceOf(`picture ${key}`))
  expect((await collect(blobs.list())).map(({ key }) => key)).toEqual(['a.jpg', 'b.jpg', 'gen_images/c.jpg'])
  expect((await collect(blobs.list('gen_'))).map(({ key }) => key)).toEqual(['gen_images/c.jpg'])
  expect(await blobs.head('b.jpg')).toMatchObject({ key: 'b.jpg', bytes: 13 })
  await blobs.put('b.jpg', sourceOf('another'))
  expect(String(await buffer((await blobs.get('b.jpg')).stream))).toBe('another')
  await blobs.delete('b.jpg')
  await blobs.delete('b.jpg')
  expect(await blobs.head('b.jpg')).toBeNull()
  await expect(blobs.get('b.jpg')).rejects.toMatchObject({ code: 'not_found' })
  expect(await readdir(join(folder, 'stores/blysk'))).toEqual(['.incoming'])
})

it('keeps nothing of a picture that is not what it was said to be, or that breaks off', async () => {
  const { blobs } = stores.get('alya')
  await expect(blobs.put('a.jpg', sourceOf('short', 'much longer'))).rejects.toMatchObject({ code: 'checksum_mismatch' })
  await expect(blobs.put('a.jpg', sourceOf('same len', 'SAME LEN'))).rejects.toMatchObject({ code: 'checksum_mismatch' })
  const broken: BlobSource = {
    ...sourceOf('x'),
    open: () =>
      Readable.from(
        (async function* () {
          yield Buffer.from('x')
          throw new Error('the disk is gone')
        })(),
      ),
  }
  await expect(blobs.put('a.jpg', broken)).rejects.toThrow('the disk is gone')
  expect(await collect(blobs.list())).toEqual([])
  expect(await readdir(join(folder, 'stores/alya/.incoming'))).toEqual([])
})

it.each(['../a.jpg', 'a/../../b', '/etc/passwd', '.hidden', 'a//b', 'a\\b', 'a\0b', '', 'a/.incoming', 'x'.repeat(300)])(
  'a key never leads out of the store: %j',
  async (key) => {
    const { blobs } = stores.get('alya')
    await expect(blobs.put(key, sourceOf('x'))).rejects.toMatchObject({ code: 'invalid' })
    await expect(blobs.get(key)).rejects.toMatchObject({ code: 'invalid' })
    expect(await readdir(folder)).toEqual(['stores'])
  },
)

it('what a dead process left half-written is gone at the next start', async () => {
  const half = temporaryName().replace(`.${process.pid}.`, `.${spawnSync('true').pid}.`)
  await writeFile(join(folder, 'stores/alya/.incoming', half), 'half')
  await stores.get('alya').blobs.put('a.jpg', sourceOf('whole'))
  await using again = await openStores(readStores(undefined, folder))
  expect(await readdir(join(folder, 'stores/alya/.incoming'))).toEqual([])
  expect(await readFile(join(folder, 'stores/alya/a.jpg'), 'utf8')).toBe('whole')
  expect(await again.get('alya').blobs.head('a.jpg')).toMatchObject({ bytes: 5 })
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
    ),
  )
  const alya = named.get('alya')
  expect(await named.urlOf(alya, 'gen_images/a b.jpg', 'http://localhost:8000')).toBe('https://img.example.com/alya/gen_images/a%20b.jpg')
  expect(await named.urlOf(named.get('own'), 'a.jpg', 'http://localhost:8000')).toBe('http://localhost:8000/stores/own/a.jpg')
  expect(named.find(new URL('https://img.example.com/alya/gen_images/a%20b.jpg?x'))).toMatchObject({ key: 'gen_images/a b.jpg' })
  expect(named.find(new URL('http://localhost:8000/stores/own/a.jpg'))?.store.settings.name).toBe('own')
  for (const address of [
    'https://img.example.com/alyax/a.jpg', 'https://img.example.com/other/a.jpg', 'https://img.example.com/alya/', 'file:///stores/own/a.jpg',
    'http://localhost:8000/stores/own/%2e%2e%2fsecret', 'http://localhost:8000/stores/nobody/a.jpg',
  ]) // biome-ignore format: a list
    expect(named.find(new URL(address)), address).toBeNull()
  expect(() => named.get('shop')).toThrow(/there is no store “shop”; there are alya, own/)
})

it('lets a web server read what has a public address, and nobody what has none', async () => {
  const [shown, own] = [join(folder, 'shown', 'deep'), join(folder, 'own')]
  const settings = { shown: { folder: shown, url: 'https://shop.example/pictures' }, own: { folder: own } }
  const both = await openStores(readStores(JSON.stringify(settings), folder))
  for (const name of ['shown', 'own']) await both.get(name).blobs.put('a/b.jpg', sourceOf('picture'))
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  expect(await modeOf(join(shown, 'a/b.jpg'))).toBe('644')
  expect(await modeOf(join(shown, 'a'))).toBe('755')
  expect(await modeOf(join(own, 'a/b.jpg'))).toBe('600')
  await both[Symbol.asyncDispose]()
})
