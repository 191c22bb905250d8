/** @file System D's calls with pictures in S3 buckets: a real S3 server, the real program, and what goes wrong between them. */
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { DeletedImageD, GeneratedImagesD } from '../../src/contract/described-products.ts'
import type { ProductPicture } from '../../src/contract/products.ts'
import {
  type CaptionD,
  type FoundD,
  type NewD,
  PLAIN_PRODUCT,
  PRODUCTS,
  type StoreChecked,
  type Stores,
  sendForm,
} from '../support/products.ts'
import { askJson, makeDataDir, type Program, startProgram } from '../support/program.ts'
import { type FaultyProxy, S3_ENVIRONMENT, type S3Server, startFaultyProxy, startS3Server } from '../support/s3-server.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const LONG = { timeout: 120_000, interval: 300 }
interface Copied {
  readonly copied: number
  readonly there: number
  readonly failed: readonly string[]
}

describe('product pictures in buckets', () => {
  let server: S3Server
  let proxy: FaultyProxy
  let program: Program
  let dataDir: string
  let env: Record<string, string>

  beforeAll(async () => {
    server = await startS3Server(['alyaimg', 'blyskimg'])
    proxy = await startFaultyProxy(server.url)
    dataDir = await makeDataDir()
    const bucket = { endpoint: proxy.url, path_style: true }
    const stores = {
      alya: { bucket: 'alyaimg', ...bucket },
      blysk: { bucket: 'blyskimg', prefix: 'pictures/', url: 'https://blyskimg.example.com/pictures', ...bucket },
      shelf: { folder: join(dataDir, 'shelf') },
    }
    env = { ...S3_ENVIRONMENT, FOTOTECA_STORES: JSON.stringify(stores), FOTOTECA_GENERATE: 'fake' }
    program = await startProgram({ dataDir, env })
  }, 180_000)
  afterAll(async () => {
    await program?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  beforeEach(() => {
    proxy.fault = () => null
    proxy.requests.length = 0
  })

  const send = async <T = NewD>(path: string, file: string, website: string) =>
    sendForm<T>(`${program.url}${path}`, await readFile(file), 'ear ring.jpg', { before: { type: 'earring', website } })
  async function ask<T = object>(path: string, body?: object) {
    const answer = await fetch(`${program.url}${path}`, {
      method: 'POST',
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  const verify = (store: string, body: object) => askJson<StoreChecked>(`${program.url}/api/stores/${store}/verify`, body)
  async function cli<T>(...argv: string[]): Promise<T> {
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'src/main.ts'), ...argv, '--json'], {
      cwd: ROOT,
      env: { ...process.env, ...env, FOTOTECA_DATA: program.dataDir, FOTOTECA_MODEL_DOWNLOAD: 'never', FOTOTECA_MEANING: 'off' },
    })
    return JSON.parse(stdout) as T
  }

  it('new is new, the same again is a duplicate; addresses are signed, or the public ones', async () => {
    const fresh = await send('/image_similarity_search', PRODUCTS[0]!, 'alya')
    expect(fresh).toMatchObject({ status: 200, body: { duplicate_found: false } })
    expect(fresh.body.s3_url).toContain('X-Amz-Signature=')
    expect(Buffer.from(await (await fetch(fresh.body.s3_url)).arrayBuffer())).toEqual(await readFile(PRODUCTS[0]!))
    expect((await fetch(fresh.body.s3_url)).headers.get('content-type')).toBe('image/jpeg')
    const again = await send<FoundD>('/image_similarity_search', PRODUCTS[0]!, 'alya')
    expect(again.body).toMatchObject({ duplicate_found: true, results: [{ id: fresh.body.id, kind: 'same-file' }] })
    // one bucket's picture is none of the other's
    const other = await send<CaptionD>('/generate_caption', PRODUCTS[0]!, 'blysk')
    expect(other.body.s3_url).toMatch(/^https:\/\/blyskimg\.example\.com\/pictures\/\d{8}_\d{6}_[0-9a-f]{4}_ear-ring\.jpg$/)
    expect(proxy.requests.some((line) => line.startsWith('PUT /blyskimg/pictures/'))).toBe(true)
  })

  it('generates from a signed and from a public address, four pictures and a ZIP; other addresses are refused', async () => {
    const { body: stored } = await send('/image_similarity_search', PLAIN_PRODUCT, 'alya')
    const made = await ask<GeneratedImagesD>('/generate-images', { s3_urls: stored.s3_url, product_type: 'earring' })
    expect(made.status).toBe(200)
    expect(made.body.original_image_url).toBe(stored.s3_url)
    expect(made.body).toMatchObject({ notice: null, failed: [] })
    expect(made.body.gen_images.map(({ image_type_name }) => image_type_name)).toEqual([
      'White Background',
      'Hand Holding',
      'Lifestyle Nature',
      'Model Wearing',
    ])
    for (const { image_url } of made.body.gen_images) expect((await fetch(image_url)).headers.get('content-type')).toMatch(/^image\//)
    const zip = Buffer.from(await (await fetch(made.body.zip_url ?? '')).arrayBuffer())
    expect(zip.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004')
    // beside its pictures in the bucket, by an address that says its end
    expect(made.body.zip_url).toMatch(/\/alyaimg\/gen_images\/run-\d+-[\w-]+\.zip\?.*X-Amz-Signature=/)
    const ends = [made.body.zip_url_expires_at, ...made.body.gen_images.map(({ image_url_expires_at }) => image_url_expires_at)]
    for (const end of ends) expect(Date.parse(end ?? '')).toBeGreaterThan(Date.now() + 5 * 86_400_000)
    const again = await ask<GeneratedImagesD>('/generate-images', { s3_urls: stored.s3_url, product_type: 'earring', image_types: [1] })
    expect(again.body.zip_url).not.toBe(made.body.zip_url)

    const { body: listed } = await send<CaptionD>('/generate_caption', PLAIN_PRODUCT, 'blysk')
    const sized = await ask<GeneratedImagesD>('/generate-images', {
      s3_urls: listed.s3_url,
      product_type: 'earring',
      image_types: [3],
      height: '2.5 cm',
      width: '1 cm',
    })
    expect(sized.body.gen_images).toMatchObject([{ image_type: 3, image_type_name: 'Dimension Image' }])
    expect(await ask('/generate-images', { s3_urls: `${server.url}/other/a.jpg`, product_type: 'earring' })).toMatchObject({ status: 403 })
    expect(
      await ask('/generate-images', { s3_urls: 'https://blyskimg.example.com/pictures/none.jpg', product_type: 'earring' }),
    ).toMatchObject({
      status: 404,
    })
  }, 400_000)

  it('a server that stumbles is tried again; one that fails leaves neither row nor picture, and it can be sent again', async () => {
    proxy.fault = ({ method, count }) => (method === 'PUT' && count <= 2 ? { status: 500 } : null)
    expect(await send('/image_similarity_search', PRODUCTS[2]!, 'alya')).toMatchObject({ status: 200, body: { duplicate_found: false } })
    for (const fault of [{ status: 500 }, 'reset', { status: 200 }] as const) {
      // 200: it says yes to what it does not keep
      proxy.fault = ({ method }) => (method === 'PUT' ? fault : null)
      const answer = await send('/image_similarity_search', PRODUCTS[3]!, 'alya')
      expect(answer, JSON.stringify(fault)).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/store alya/) } })
    }
    proxy.fault = () => null
    expect(await send('/image_similarity_search', PRODUCTS[3]!, 'alya')).toMatchObject({ status: 200, body: { duplicate_found: false } })
    expect(await verify('alya', { deep: true })).toMatchObject({ missing: [], wrong: [] })
  })

  it('deletes by address, also while the bucket does not answer; what was deleted is no duplicate and comes back', async () => {
    const { body: one } = await send('/image_similarity_search', PRODUCTS[4]!, 'alya')
    proxy.fault = ({ method }) => (method === 'DELETE' ? { status: 500 } : null)
    const gone = await ask<z.infer<typeof DeletedImageD>>(`/delete_image?${new URLSearchParams({ s3_url: one.s3_url })}`)
    expect(gone).toMatchObject({ status: 200, body: { id: one.id, deleted: true } })
    proxy.fault = () => null
    await expect.poll(async () => (await fetch(one.s3_url)).status, LONG).toBe(404)
    expect(await ask<ProductPicture>(`/api/products/pictures/${one.id}/restore`)).toMatchObject({ status: 200, body: { state: 'stored' } })
    expect((await fetch(one.s3_url)).status).toBe(200)
    expect((await send('/image_similarity_search', PRODUCTS[4]!, 'alya')).body.duplicate_found).toBe(true)
  })

  it('a store is verified and copied into another, by API and command line; what broke off is copied by the next run', async () => {
    const { stores } = await askJson<Stores>(`${program.url}/api/stores`)
    expect(stores).toMatchObject([
      { name: 'alya', kind: 'bucket' },
      { name: 'blysk', kind: 'bucket' },
      { name: 'shelf', kind: 'folder', stored: 0 },
    ])
    const stored = stores[0]?.stored ?? 0
    // and the ZIPs of two runs
    const blobs = stored + 2
    // every answer with bytes ends early
    proxy.fault = ({ method, path }) => (method === 'GET' && /\.(jpg|png|webp|zip)/.test(path) ? { truncate: 100 } : null)
    const broken = await ask<Copied>('/api/stores/alya/copy', { to: 'shelf' })
    expect(broken.body).toMatchObject({ copied: 0, failed: expect.any(Array) })
    expect(broken.body.failed).toHaveLength(blobs)
    proxy.fault = () => null
    expect(await cli('stores', 'copy', 'alya', 'shelf')).toEqual({ copied: blobs, there: 0, failed: [] })
    expect((await ask('/api/stores/alya/copy', { to: 'shelf' })).body).toEqual({ copied: 0, there: blobs, failed: [] })
    expect(await cli('stores', 'verify', 'shelf', '--rows-of', 'alya', '--deep')).toMatchObject({
      pictures: stored,
      missing: [],
      wrong: [],
      unknown: [],
    })
    expect((await verify('shelf', {})).unknown).toHaveLength(stored)
    // into a bucket with a prefix, and as what they are
    expect((await ask('/api/stores/shelf/copy', { to: 'blysk' })).body).toMatchObject({ copied: blobs, failed: [] })
    expect(await verify('blysk', { rows_of: 'alya', deep: true })).toMatchObject({ missing: [], wrong: [] })
    proxy.fault = ({ method, count }) => (method === 'HEAD' && count === 1 ? { status: 404 } : null)
    expect((await verify('alya', {})).missing).toHaveLength(1)
    expect((await ask('/api/stores/alya/copy', { to: 'alya' })).status).toBe(422)
    expect((await ask('/api/stores/alya/copy', { to: 'nowhere' })).status).toBe(422)
  })

  it('what was answered is there after a kill', async () => {
    const { body: kept } = await send('/image_similarity_search', PRODUCTS[5]!, 'blysk')
    await program.stop('SIGKILL')
    program = await startProgram({ dataDir: program.dataDir, env })
    const again = await send<FoundD>('/image_similarity_search', PRODUCTS[5]!, 'blysk')
    expect(again.body).toMatchObject({ duplicate_found: true, results: [{ id: kept.id, path: kept.s3_url }] })
    expect(await verify('blysk', { deep: true })).toMatchObject({ missing: [], wrong: [] })
  })
})
