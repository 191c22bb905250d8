/** @file A library whose files are in an S3 bucket: the real program and a real server, from the upload to the emptied trash; killed in an upload. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Generation } from '../../src/contract/generate.ts'
import type { Progress } from '../../src/contract/library.ts'
import type { PhotoDetail } from '../../src/contract/photo.ts'
import type { VerifyReport } from '../../src/contract/verify.ts'
import { type LibraryBlobs, openLibraryBlobs } from '../../src/storage/library-blobs.ts'
import { keysOf } from '../support/blobs.ts'
import { drawnPath } from '../support/pictures.ts'
import { PORTRAITS } from '../support/portraits.ts'
import { askJson, makeDataDir, runProgram, startProgram, until, upload } from '../support/program.ts'
import { openTestBucket, type TestBucket } from '../support/s3-server.ts'

const SLOW_MS = 300_000
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('a library in a bucket', () => {
  let bucket: TestBucket
  let dataDir: string
  let env: Record<string, string>
  let blobs: LibraryBlobs
  const open = () => startProgram({ dataDir, env })

  beforeAll(async () => {
    bucket = await openTestBucket()
    dataDir = await makeDataDir('')
    const FOTOTECA_BLOBS = `s3://${bucket.name}/of/mine?endpoint=${encodeURIComponent(bucket.url)}&path_style=true`
    env = { ...bucket.environment, FOTOTECA_BLOBS, FOTOTECA_GENERATE: 'fake' }
    Object.assign(process.env, bucket.environment)
    blobs = await openLibraryBlobs({ dataDir, blobs: FOTOTECA_BLOBS })
  }, 60_000)
  afterAll(async () => {
    await blobs?.[Symbol.asyncDispose]()
    await bucket?.[Symbol.asyncDispose]()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  const analysed = (url: string, photos: number) =>
    until<Progress>(`${url}/api/progress`, (now) => now.due === 0 && now.photos === photos, SLOW_MS)

  it('keeps, shows, makes, exports, checks, and deletes', { timeout: 2 * SLOW_MS }, async () => {
    await using program = await open()
    const { url } = program
    const portrait = await PORTRAITS.astronaut[0]().jpeg().toBuffer()
    const { id } = await upload(url, 'portrait.jpg', portrait)
    const product = await upload(url, 'hoop.jpg', await readFile(drawnPath('product-hoop')))
    await analysed(url, 2)
    for (const part of ['originals', 'renditions', 'held', 'exports']) expect(existsSync(join(dataDir, part)), part).toBe(false)
    expect((await keysOf(blobs.originals.list())).length).toBe(2)

    const photo = `${url}/api/photos/${id}`
    for (const kind of ['thumbnail', 'preview']) {
      const whole = await fetch(`${photo}/${kind}?v=1`)
      expect([whole.status, whole.headers.get('content-type'), whole.headers.get('cache-control')]).toEqual([
        200,
        'image/webp',
        'private, max-age=31536000, immutable',
      ])
      const bytes = Buffer.from(await whole.arrayBuffer())
      expect(String(bytes.subarray(8, 12))).toBe('WEBP')
      const same = await fetch(`${photo}/${kind}`, { headers: { 'if-none-match': String(whole.headers.get('etag')) } })
      expect(same.status).toBe(304)
      const part = await fetch(`${photo}/${kind}`, { headers: { range: 'bytes=8-11' } })
      expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'WEBP', `bytes 8-11/${bytes.length}`])
    }
    const original = await fetch(`${photo}/original`)
    expect(Buffer.from(await original.arrayBuffer()).equals(portrait)).toBe(true)
    const tail = await fetch(`${photo}/original`, { headers: { range: 'bytes=-5' } })
    expect([tail.status, Buffer.from(await tail.arrayBuffer())]).toEqual([206, portrait.subarray(-5)])
    expect((await fetch(`${photo}/original`, { headers: { range: 'bytes=99999999-' } })).status).toBe(416)
    const { faces } = await askJson<PhotoDetail>(photo)
    const face = await fetch(`${url}/api/faces/${faces[0]?.id}/picture`)
    expect([face.status, face.headers.get('content-type')]).toEqual([200, 'image/webp'])
    expect((await keysOf(blobs.renditions.list())).filter((key) => key.includes('/face-'))).toHaveLength(1)

    const { id: run } = await askJson<Generation>(`${url}/api/products/generations`, { photos: [product.id], image_types: [1] })
    const made = await until<Generation>(`${url}/api/products/generations/${run}`, ({ images }) => images[0]?.state === 'done', SLOW_MS)
    expect((await fetch(`${url}${made.images[0]?.picture}`)).status).toBe(200)
    await analysed(url, 3)
    expect((await keysOf(blobs.originals.list())).length).toBe(3)

    for (const format of ['zip-originals', 'zip-previews']) {
      const { path, bytes, photos } = await askJson<{ path: string; bytes: number; photos: number }>(`${url}/api/exports`, {
        photos: { ids: [id, product.id] },
        format,
      })
      const zip = Buffer.from(await (await fetch(`${url}${path}`)).arrayBuffer())
      expect([photos, zip.length]).toEqual([2, bytes])
      if (format === 'zip-originals') expect(zip.includes(portrait)).toBe(true)
    }
    expect(await keysOf(blobs.exports.list())).toHaveLength(2)

    await askJson(`${url}/api/verify`, {})
    const { last } = await until<VerifyReport>(`${url}/api/verify`, (now) => now.state === 'idle' && now.last !== null)
    expect(last).toMatchObject({ files: 3, renditions: 6, found: 0, renewed: 0, skipped: 0 })
    const { checks } = JSON.parse(await runProgram(['doctor', '--json'], dataDir, env)) as { checks: { name: string; detail: string }[] }
    expect(checks).toContainEqual({ name: 'files', state: 'ok', detail: `s3://${bucket.name}/of/mine/, can be written` })

    await askJson(`${url}/api/edits`, { photos: { ids: [id] }, operations: [{ do: 'trash' }] })
    await until<{ total: number }>(`${url}/api/trash`, ({ total }) => total === 1)
    expect(await askJson(`${url}/api/trash/empty`, { ids: [id], files: 'keep' })).toMatchObject({ deleted: 1 })
    const left = [...(await keysOf(blobs.originals.list())), ...(await keysOf(blobs.renditions.list()))]
    expect(left.filter((key) => key.includes(sha256Of(portrait)))).toEqual([])
    expect(left.length).toBeGreaterThan(0)
  })

  it('killed in the middle of uploads has nothing half: what was answered is there, what was not is no photo', {
    timeout: SLOW_MS,
  }, async () => {
    const before = await keysOf(blobs.originals.list())
    const answered: string[] = []
    {
      await using program = await open()
      const half = request(`${program.url}/upload`, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' } })
      half.on('error', () => {})
      half.write('--x\r\ncontent-disposition: form-data; name="file"; filename="half.jpg"\r\n\r\n')
      half.write(await readFile(drawnPath('product-pearl')))
      for (const name of ['product-hoop-grey', 'product-pearl-grey'] as const) {
        const bytes = await readFile(drawnPath(name))
        await upload(program.url, `${name}.jpg`, bytes)
        answered.push(sha256Of(bytes))
      }
      await program.stop('SIGKILL')
    }
    await using program = await open()
    const { photos } = await analysed(program.url, 4)
    expect(photos).toBe(4)
    const now = await keysOf(blobs.originals.list())
    expect(now.map((key) => key.split('/').at(-1)).toSorted()).toEqual(
      [...before.map((key) => key.split('/').at(-1)), ...answered].toSorted(),
    )
  })
})
