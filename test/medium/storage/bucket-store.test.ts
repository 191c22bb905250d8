import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { BlobStore } from '../../../src/storage/blob-store.ts'
import { openBucketStore } from '../../../src/storage/bucket-store.ts'
import { keysOf, sourceOf } from '../../support/blobs.ts'
import { type FaultyProxy, S3_ENVIRONMENT, type S3Server, startFaultyProxy, startS3Server } from '../../support/s3-server.ts'

/** idle: above what a part of 8 MB takes where the processor is busy */
const PACE = { attempts: 3, connectMs: 30_000, idleMs: 30_000 }
/** where a server is silent on purpose; what it says otherwise comes within this */
const IMPATIENT = { ...PACE, idleMs: 1500 }
const scratch = join(tmpdir(), `fototeca-scratch-${process.pid}`)
let server: S3Server
let proxy: FaultyProxy
let store: BlobStore
let impatient: BlobStore

const settings = (endpoint: string, more: object = {}) => ({
  bucket: 'alyaimg',
  region: 'us-east-1',
  endpoint,
  path_style: true,
  prefix: 'pictures/',
  duplicate_distance: 0.05,
  hold: 'never' as const,
  ...more,
})

beforeAll(async () => {
  Object.assign(process.env, S3_ENVIRONMENT)
  server = await startS3Server(['alyaimg'])
  proxy = await startFaultyProxy(server.url)
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => {
  proxy.fault = () => null
  proxy.requests.length = 0
  store = openBucketStore('alya', settings(proxy.url), scratch, { pace: PACE })
  impatient = openBucketStore('alya', settings(proxy.url), scratch, { pace: IMPATIENT })
})
afterEach(async () => {
  proxy.fault = () => null
  for await (const { key } of store.list()) await store.delete(key)
  await store[Symbol.asyncDispose]()
  await impatient[Symbol.asyncDispose]()
})

const keys = () => keysOf(store.list())

it('stays below its prefix, and remembers sums', async () => {
  const bytes = randomBytes(5000)
  await store.put('gen_images/a b.jpg', sourceOf(bytes))
  expect(await store.stat('gen_images/a b.jpg')).toMatchObject({ bytes: 5000, sha256: sourceOf(bytes).sha256 })
  expect(await keys()).toEqual(['gen_images/a b.jpg'])
  expect(proxy.requests.every((line) => line.includes('/alyaimg'))).toBe(true)
})

it('sends a large picture in parts', async () => {
  await store.put('large.jpg', sourceOf(randomBytes(20_000_000)))
  expect(proxy.requests.filter((line) => line.includes('partNumber='))).toHaveLength(3)
})

it('nothing is visible of a picture in parts that is not what it was said to be', async () => {
  await expect(store.put('b.jpg', sourceOf(randomBytes(9_000_000), randomBytes(9_000_000)))).rejects.toMatchObject({
    code: 'checksum_mismatch',
  })
  expect(await keys()).toEqual([])
})

it.each([
  ['an error of the server', { status: 500 }],
  ['a server that is too busy', { status: 503 }],
  ['a connection that dies', 'reset'],
  ['a server that says nothing', 'silence'],
] as const)('tries again after %s', async (_, fault) => {
  const bytes = randomBytes(3000)
  const tried = fault === 'silence' ? impatient : store
  proxy.fault = ({ count }) => (count === 1 ? fault : null)
  await tried.put('a.jpg', sourceOf(bytes))
  proxy.fault = ({ count }) => (count === 1 ? fault : null)
  expect(await tried.stat('a.jpg')).toMatchObject({ bytes: 3000 })
  proxy.fault = ({ count }) => (count === 1 ? fault : null)
  expect(await buffer((await tried.get('a.jpg')).stream)).toEqual(bytes)
})

it.each([[{ status: 500 }], ['reset'], ['silence']] as const)('gives up with a reason when it does not end: %j', async (fault) => {
  const tried = fault === 'silence' ? impatient : store
  proxy.fault = () => fault
  await expect(tried.put('a.jpg', sourceOf(randomBytes(100)))).rejects.toMatchObject({ code: 'unavailable' })
  await expect(tried.stat('a.jpg')).rejects.toMatchObject({ code: 'unavailable' })
  await expect(tried.get('a.jpg')).rejects.toMatchObject({ code: 'unavailable' })
  proxy.fault = () => null
  expect(await keys()).toEqual([])
})

it('a part that fails for good leaves nothing behind', async () => {
  proxy.fault = ({ path }) => (path.includes('partNumber=2') ? { status: 500 } : null)
  await expect(store.put('large.jpg', sourceOf(randomBytes(17_000_000)))).rejects.toMatchObject({ code: 'unavailable' })
  expect(proxy.requests.some((line) => line.startsWith('DELETE') && line.includes('uploadId='))).toBe(true)
  expect(await keys()).toEqual([])
})

it('a server that refuses to give up the parts does not hide what went wrong first', async () => {
  proxy.fault = ({ method, path }) => (path.includes('partNumber=2') ? { status: 500 } : method === 'DELETE' ? { status: 403 } : null)
  const failed = store.put('large.jpg', sourceOf(randomBytes(17_000_000)))
  await expect(failed).rejects.toThrow(/InternalError/)
  expect(proxy.requests.some((line) => line.startsWith('DELETE') && line.includes('uploadId='))).toBe(true)
})

it('an answer that ends early is an error, never a short picture', async () => {
  await store.put('a.jpg', sourceOf(randomBytes(300_000)))
  proxy.fault = ({ method }) => (method === 'GET' ? { truncate: 100_000 } : null)
  const { bytes, stream } = await store.get('a.jpg')
  expect(bytes).toBe(300_000)
  await expect(buffer(stream)).rejects.toMatchObject({ code: 'unavailable' })
})

it('a file for what needs a path is whole, or there is none', async () => {
  await store.put('a.jpg', sourceOf(randomBytes(300_000)))
  proxy.fault = ({ method }) => (method === 'GET' ? { truncate: 100_000 } : null)
  await expect(store.withLocalFile('a.jpg', async () => expect.unreachable())).rejects.toMatchObject({ code: 'unavailable' })
  expect(await readdir(scratch)).toEqual([])
  await rm(scratch, { recursive: true })
})

it('a slow answer is waited for while something comes', async () => {
  const bytes = randomBytes(80_000)
  await store.put('a.jpg', sourceOf(bytes))
  // longer in all than the wait for a sign of life
  proxy.fault = () => ({ slowMs: IMPATIENT.idleMs / 5 })
  expect(await buffer((await impatient.get('a.jpg')).stream)).toEqual(bytes)
})

it('a server that kept less than it was sent is found out', async () => {
  // it answers the put as done without keeping it
  proxy.fault = ({ method }) => (method === 'PUT' ? { status: 200 } : null)
  await expect(store.put('a.jpg', sourceOf(randomBytes(100)))).rejects.toMatchObject({ code: 'unavailable' })
})

it('what another process put under the key meanwhile is left alone', async () => {
  await using patient = openBucketStore('alya', settings(proxy.url), scratch, { pace: { ...PACE, attempts: 10 } })
  await using other = openBucketStore('alya', settings(server.url), scratch, { pace: PACE })
  const theirs = randomBytes(200)
  let putting: Promise<void> | undefined
  let isPut = false
  // before it is asked what the server has
  proxy.fault = ({ method }) => {
    if (method !== 'HEAD' || isPut) return null
    putting ??= other.put('a.jpg', sourceOf(theirs)).then(() => {
      isPut = true
    })
    return { status: 503 }
  }
  await expect(patient.put('a.jpg', sourceOf(randomBytes(100)))).rejects.toThrow('another picture under a.jpg')
  await putting
  expect(await buffer((await store.get('a.jpg')).stream)).toEqual(theirs)
})

it('says when credentials are refused', async () => {
  proxy.fault = () => ({ status: 403 })
  await expect(store.put('a.jpg', sourceOf(randomBytes(100)))).rejects.toThrow(/credentials/)
})

it('signs addresses, or uses the public one', async () => {
  const bytes = randomBytes(100)
  await store.put('a.jpg', sourceOf(bytes))
  const signed = await store.url('a.jpg')
  expect(Buffer.from(await (await fetch(signed!)).arrayBuffer())).toEqual(bytes)
  expect(signed).toContain('X-Amz-Signature=')
  await using open = openBucketStore('alya', settings(proxy.url, { url: 'https://alyaimg.example.com' }), scratch, { pace: PACE })
  expect(await open.url('gen_images/a b.jpg')).toBe('https://alyaimg.example.com/gen_images/a%20b.jpg')
})

it('a server that comes back is used again', async () => {
  await server.stop()
  await expect(store.put('a.jpg', sourceOf(randomBytes(100)))).rejects.toMatchObject({ code: 'unavailable' })
  await server.start()
  await store.put('a.jpg', sourceOf(randomBytes(100)))
  expect(await keys()).toEqual(['a.jpg'])
})
