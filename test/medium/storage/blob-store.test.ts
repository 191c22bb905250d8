/** @file What every blob store promises, asked of each: a folder, and a bucket of an S3 server. */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BlobSource, type BlobStore, bytesSource } from '../../../src/storage/blob-store.ts'
import { openBucketStore } from '../../../src/storage/bucket-store.ts'
import { writeTemporary } from '../../../src/storage/durable-write.ts'
import { openFolderStore } from '../../../src/storage/folder-store.ts'
import { keysOf, sourceOf } from '../../support/blobs.ts'
import { openTestBucket, S3_ENVIRONMENT, type S3Server, startS3Server, type TestBucket } from '../../support/s3-server.ts'

const GIVEN = process.env.FOTOTECA_TEST_S3
let server: S3Server
let given: TestBucket
let folder: string

beforeAll(async () => {
  Object.assign(process.env, S3_ENVIRONMENT)
  server = await startS3Server(['blobs'])
  if (GIVEN) given = await openTestBucket()
  folder = await mkdtemp(join(tmpdir(), 'fototeca-blobs-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await given?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const openBucket = (bucket: string, endpoint: string) =>
  openBucketStore('store', { bucket, region: 'us-east-1', endpoint, path_style: true, prefix: 'below/' }, join(folder, 'scratch'))
/** Keys of the one are not those of the other. */
async function openGiven(): Promise<BlobStore> {
  Object.assign(process.env, given.environment)
  return openBucket(given.name, given.url)
}
async function openOwn(): Promise<BlobStore> {
  Object.assign(process.env, S3_ENVIRONMENT)
  return openBucket('blobs', server.url)
}
/** Where it is false s3rver does otherwise than S3 (ADR 80); a server that is given is held to S3. */
const kinds: Record<string, { open: () => Promise<BlobStore>; isExact: boolean }> = {
  'a folder': { open: () => openFolderStore({ name: 'store', folder: join(folder, 'blobs'), publicUrl: null }), isExact: true },
  'a bucket of s3rver': { open: openOwn, isExact: false },
  ...(GIVEN ? { 'a bucket of the server of FOTOTECA_TEST_S3': { open: openGiven, isExact: true } } : {}),
}

describe.each(Object.entries(kinds))('%s', (kind, { open, isExact }) => {
  let store: BlobStore
  beforeEach(async () => {
    store = await open()
  })
  afterEach(async () => {
    for (const key of await keysOf(store.list())) await store.delete(key)
    await store[Symbol.asyncDispose]()
  })
  const read = async (key: string) => buffer((await store.get(key)).stream)

  it('puts, finds, replaces and deletes', async () => {
    const before = Date.now()
    await store.put('gen_images/a b.jpg', sourceOf('picture'))
    const found = await store.stat('gen_images/a b.jpg')
    expect(found).toMatchObject({ key: 'gen_images/a b.jpg', bytes: 7 })
    // S3 tells whole seconds
    expect(found!.modifiedMs).toBeGreaterThan(before - 2000)
    await store.put('gen_images/a b.jpg', sourceOf('another one'))
    const { bytes, stream } = await store.get('gen_images/a b.jpg')
    expect(bytes).toBe(11)
    expect(String(await buffer(stream))).toBe('another one')
    await store.delete('gen_images/a b.jpg')
    await store.delete('gen_images/a b.jpg')
    expect(await store.stat('gen_images/a b.jpg')).toBeNull()
    await expect(store.get('gen_images/a b.jpg')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('lists in the order of keys, below a prefix too', async () => {
    const keys = ['a/b/d.jpg', 'a/c.jpg', 'b.jpg', 'gen/c.jpg']
    for (const key of keys.toReversed()) await store.put(key, sourceOf(key))
    expect(await keysOf(store.list())).toEqual(keys)
    expect(await keysOf(store.list('a/'))).toEqual(['a/b/d.jpg', 'a/c.jpg'])
    expect(await keysOf(store.list('a/b'))).toEqual(['a/b/d.jpg'])
    expect(await keysOf(store.list('g'))).toEqual(['gen/c.jpg'])
    expect(await keysOf(store.list('z/'))).toEqual([])
  })

  // s3rver lists a folder's name before those that sort before its `/`
  it.runIf(isExact)('lists keys by their bytes, where one begins as another does', async () => {
    const keys = ['k-b', 'k.jpg', 'k/b', 'kb', 'Ö']
    for (const key of keys.toReversed()) await store.put(key, sourceOf(key))
    expect(await keysOf(store.list())).toEqual(keys)
  })

  it('deletes what is below a key, and nothing beside it', async () => {
    for (const key of ['a/b/1', 'a/b/2/3', 'a/bc', 'a/c']) await store.put(key, sourceOf(key))
    await store.deleteBelow('a/b')
    await store.deleteBelow('a/b')
    expect(await keysOf(store.list())).toEqual(['a/bc', 'a/c'])
    await store.put('a/b/1', sourceOf('again'))
    expect(String(await read('a/b/1'))).toBe('again')
  })

  it('hands out a span of the bytes', async () => {
    await store.put('one', sourceOf('0123456789'))
    const span = async (start: number, end: number) => {
      const { bytes, stream } = await store.get('one', { span: { start, end } })
      const text = String(await buffer(stream))
      expect(text).toHaveLength(bytes)
      return text
    }
    expect(await span(0, 2)).toBe('01')
    if (isExact) expect(await span(0, 1)).toBe('0') // s3rver sends all of it
    expect(await span(3, 7)).toBe('3456')
    expect(await span(0, 10)).toBe('0123456789')
    expect(await span(8, 1000)).toBe('89')
    for (const [start, end] of [
      [10, 12],
      [4, 4],
      [5, 3],
    ] as const)
      await expect(span(start, end)).rejects.toMatchObject({ code: 'invalid' })
    await expect(store.get('b', { span: { start: 0, end: 1 } })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('keeps an empty blob, and a large one as it was', async () => {
    await store.put('empty', sourceOf(''))
    expect(await store.stat('empty')).toMatchObject({ bytes: 0 })
    expect(await read('empty')).toHaveLength(0)
    const large = randomBytes(20_000_000)
    await store.put('large', bytesSource(large, 'image/jpeg'))
    expect((await read('large')).equals(large)).toBe(true)
  })

  it('what is read is given to the end, whatever is put or deleted meanwhile', async () => {
    const large = randomBytes(3_000_000)
    await store.put('one', sourceOf(large))
    const [first, second] = [await store.get('one'), await store.get('one')]
    // the server has the file open with its first bytes
    const begun = first.stream[Symbol.asyncIterator]()
    const chunks = [(await begun.next()).value as Buffer]
    await store.delete('one')
    for (let next = await begun.next(); !next.done; next = await begun.next()) chunks.push(next.value as Buffer)
    expect(Buffer.concat(chunks).equals(large)).toBe(true)
    expect((await buffer(second.stream)).equals(large)).toBe(true)
  })

  // s3rver writes each put straight into the object’s file, so two at once mix their bytes; S3 itself promises that one of them stands
  it.runIf(isExact)('of several puts at once one stands, whole', async () => {
    const all = Array.from({ length: 6 }, () => randomBytes(300_000))
    const puts = await Promise.allSettled(all.map((bytes) => store.put('one', sourceOf(bytes))))
    expect(puts.some(({ status }) => status === 'fulfilled')).toBe(true)
    const stands = await read('one')
    expect(all.some((bytes) => bytes.equals(stands))).toBe(true)
  })

  it('takes a file that was written for it, which is gone then; what a process that is gone left goes at the next start', async () => {
    const [first, second] = [await store.temporary(), await store.temporary()]
    for (const path of [first, second]) await writeTemporary(path, 'received')
    const { open: _open, ...facts } = bytesSource('received', 'image/jpeg')
    await store.putFile('a/b.jpg', first, facts)
    expect(String(await read('a/b.jpg'))).toBe('received')
    expect((await stat(first).catch(() => null))?.size).toBeUndefined()
    // of a process that never was: beyond the largest id there is
    const left = join(dirname(second), basename(second).replace(`.${process.pid}.`, '.4194999.'))
    await rename(second, left)
    const mine = await store.temporary()
    await writeTemporary(mine, 'in flight')
    await using again = await open()
    await again.temporary()
    expect([(await stat(left).catch(() => null))?.size, (await stat(mine)).size]).toEqual([undefined, 9])
    await rm(mine)
  })

  it('puts without waiting for the disk where that is asked for', async () => {
    await store.put('a/thumbnail.webp', sourceOf('small'), { isDurable: false })
    await store.put('a/thumbnail.webp', sourceOf('another'), { isDurable: false })
    expect(String(await read('a/thumbnail.webp'))).toBe('another')
  })

  it('nothing is visible of what is not as it said, breaks off, or is given up', async () => {
    await store.put('was', sourceOf('before'))
    const breaking: BlobSource = {
      ...sourceOf('x'),
      open: () =>
        Readable.from(
          (async function* () {
            yield Buffer.from('x')
            throw new Error('the disk is gone')
          })(),
        ),
    }
    for (const key of ['new', 'was']) {
      await expect(store.put(key, sourceOf('short', 'much longer'))).rejects.toMatchObject({ code: 'checksum_mismatch' })
      await expect(store.put(key, sourceOf('same len', 'SAME LEN'))).rejects.toMatchObject({ code: 'checksum_mismatch' })
      await expect(store.put(key, breaking)).rejects.toThrow('the disk is gone')
      await expect(store.put(key, sourceOf('x'), { signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow('given up')
    }
    expect(await keysOf(store.list())).toEqual(['was'])
    expect(String(await read('was'))).toBe('before')
    if (kind === 'a folder') expect(await readdir(join(folder, 'blobs/.incoming'))).toEqual([])
  })

  it('gives a file for what needs a path, and leaves none behind', async () => {
    await store.put('a.jpg', sourceOf('picture'))
    const result = await store.withLocalFile('a.jpg', async (path) => String(await readFile(path)))
    expect(result).toBe('picture')
    await expect(store.withLocalFile('a.jpg', () => Promise.reject(new Error('it cannot be read')))).rejects.toThrow('it cannot be read')
    await expect(store.withLocalFile('b.jpg', async () => expect.unreachable())).rejects.toMatchObject({ code: 'not_found' })
    expect(String(await read('a.jpg'))).toBe('picture')
    if (kind !== 'a folder') expect(await readdir(join(folder, 'scratch'))).toEqual([])
  })

  it.each(['../a.jpg', 'a/../../b', '/etc/passwd', '.hidden', 'a//b', 'a/', 'a\\b', 'a\0b', '', 'a/.incoming', 'x'.repeat(300)])(
    'a key never leads out of the store: %j',
    async (key) => {
      await mkdir(join(folder, 'beside'), { recursive: true })
      const beside = await readdir(folder)
      const asked = [
        () => store.put(key, sourceOf('x')),
        () => store.get(key),
        () => store.stat(key),
        () => store.delete(key),
        () => store.deleteBelow(key),
        () => store.withLocalFile(key, async () => undefined),
        () => store.url(key).then(() => store.stat(key)),
      ]
      for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'invalid' })
      expect(await readdir(folder)).toEqual(beside)
    },
  )
})
