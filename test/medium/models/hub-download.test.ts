import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { downloadFile, hubUrl, inspectFile, type Pace } from '../../../src/models/install/hub-download.ts'
import { isAllowedRedirect } from '../../../src/models/install/hub-request.ts'
import { type FakeHub, findDeadUrl, sha256, startFakeHub, type Trouble } from '../../support/fake-hub.ts'

const PACE: Pace = { stallMs: 1500, pauseMs: 5, maxPauseMs: 20, attempts: 4 }
const DATA = randomBytes(300_000)
const REPO = 'owner/model'
const PATH = 'onnx/model.onnx'

let folder: string
let target: string
let hub: FakeHub
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fototeca-download-'))
  target = join(folder, 'onnx/model.onnx')
})
afterEach(async () => {
  await hub?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const start = async (misbehave: FakeHub['misbehave'] = null, options: Parameters<typeof startFakeHub>[1] = {}): Promise<FakeHub> => {
  hub = await startFakeHub({ [`${REPO}/${PATH}`]: DATA, [`${REPO}/config.json`]: '{"a":1}' }, options)
  hub.misbehave = misbehave
  return hub
}
const fetchIt = async (options: { signal?: AbortSignal; onBytes?: (bytes: number) => void; path?: string; pace?: Pace } = {}) => {
  const rest = {
    pace: options.pace ?? PACE,
    signal: options.signal ?? new AbortController().signal,
    ...(options.onBytes ? { onBytes: options.onBytes } : {}),
  }
  const file = await inspectFile(hubUrl(hub.url, REPO, 'main', options.path ?? PATH), rest)
  return downloadFile(file, target, rest)
}
const contentRequests = () => hub.requests.filter(({ method }) => method === 'GET')
/** Trouble for the first times a file is asked for, then none. */
const first =
  (...troubles: Trouble[]): FakeHub['misbehave'] =>
  ({ count }) =>
    troubles[count - 1] ?? null

describe('a download that goes well', () => {
  it.each([{ storage: false }, { storage: true }])('checks length and digest, storage elsewhere: $storage', async ({ storage }) => {
    await start(null, { storage })
    const seen: number[] = []
    const got = await fetchIt({ onBytes: (bytes) => seen.push(bytes) })
    expect(got).toEqual({ bytes: DATA.length, sha256: sha256(DATA) })
    expect(await readFile(target)).toEqual(DATA)
    expect(seen.at(-1)).toBe(DATA.length)
    expect(await readdir(join(folder, 'onnx'))).toEqual(['model.onnx'])
    expect(hub.sent()).toBe(DATA.length)
  })

  it('knows size, digest and commit before', async () => {
    await start(null, { storage: true })
    const options = { pace: PACE, signal: new AbortController().signal }
    const large = await inspectFile(hubUrl(hub.url, REPO, 'main', PATH), options)
    expect(large).toMatchObject({ bytes: DATA.length, sha256: sha256(DATA), commit: expect.stringMatching(/^[0-9a-f]{40}$/) })
    const small = await inspectFile(hubUrl(hub.url, REPO, 'main', 'config.json'), options)
    expect(small).toMatchObject({ bytes: 7, sha256: null })
  })
})

describe('cut connections', () => {
  it('continues where they ended, at any byte', async () => {
    let continued = 0
    for (let round = 0; round < 8; round++) {
      const cuts = Array.from({ length: 6 }, () => 1000 + Math.floor(Math.random() * 60_000))
      await start(first(...cuts.map((after) => ({ kind: 'cut', after }) as const)), { storage: round % 2 === 0 })
      const got = await fetchIt({ pace: { ...PACE, attempts: 20 } })
      expect(got.sha256, `cuts after ${cuts}`).toBe(sha256(DATA))
      continued += contentRequests().filter(({ range }) => range !== undefined).length
      await hub[Symbol.asyncDispose]()
      await rm(target)
    }
    // what was on its way when a connection died may be lost, but not every time
    expect(continued).toBeGreaterThan(8)
  })

  it('continues in a later run, with If-Range and a range', async () => {
    await start(() => ({ kind: 'cut', after: 100_000 }))
    const abort = new AbortController()
    await expect(
      fetchIt({ signal: abort.signal, onBytes: (bytes) => bytes >= 100_000 && abort.abort(new Error('enough')) }),
    ).rejects.toThrow()
    expect(existsSync(target)).toBe(false)
    const had = (await stat(`${target}.part`)).size
    expect(had).toBeGreaterThanOrEqual(100_000)
    hub.misbehave = null
    expect((await fetchIt()).sha256).toBe(sha256(DATA))
    expect(contentRequests().at(-1)?.range).toBe(`bytes=${had}-`)
  })

  it('starts over where the file changed meanwhile, and where the server knows no ranges', async () => {
    await start(first({ kind: 'cut', after: 50_000 }, { kind: 'no-ranges' }))
    expect((await fetchIt()).sha256).toBe(sha256(DATA))
    await rm(target)
    await writeFile(`${target}.part`, DATA.subarray(0, 1000))
    await writeFile(`${target}.part.json`, JSON.stringify({ bytes: DATA.length, sha256: 'f'.repeat(64), etag: 'old' }))
    expect((await fetchIt()).sha256).toBe(sha256(DATA))
    expect(contentRequests().at(-1)?.range).toBeUndefined()
  })

  it('a silent server counts as cut', async () => {
    await start(first({ kind: 'stall', after: 10_000 }, { kind: 'stall', after: 0 }))
    expect((await fetchIt()).sha256).toBe(sha256(DATA))
    const ranges = contentRequests().map(({ range }) => range)
    expect([ranges[0], ranges.at(-1)]).toEqual([undefined, 'bytes=10000-'])
  })

  it('gives up when nothing new comes, naming the address and the other ways, and keeps what it has', async () => {
    await start(({ count }) => (count === 1 ? { kind: 'cut', after: 5000 } : { kind: 'cut', after: 0 }))
    await expect(fetchIt()).rejects.toMatchObject({ code: 'hub_unreachable', message: expect.stringMatching(/models pull.*models import/) })
    const asked = contentRequests().at(-1)?.range ?? 'bytes=0-'
    expect(`bytes=${(await stat(`${target}.part`)).size}-`).toBe(asked)
  })
})

describe('wrong bytes', () => {
  it('are deleted and named', async () => {
    await start(() => ({ kind: 'wrong' }))
    await expect(fetchIt()).rejects.toMatchObject({ code: 'checksum_mismatch', message: expect.stringContaining('deleted') })
    expect(await readdir(join(folder, 'onnx'))).toEqual([])
  })

  it('from an earlier run cost one more download, not the model', async () => {
    await start()
    const file = await inspectFile(hubUrl(hub.url, REPO, 'main', PATH), { pace: PACE, signal: new AbortController().signal })
    await fetchIt()
    await rm(target)
    await writeFile(`${target}.part`, randomBytes(2000))
    await writeFile(`${target}.part.json`, JSON.stringify({ bytes: file.bytes, sha256: file.sha256, etag: null }))
    expect((await fetchIt()).sha256).toBe(sha256(DATA))
  })

  it('more bytes than promised stop at once', async () => {
    await start(null, { digests: false })
    const options = { pace: PACE, signal: new AbortController().signal }
    const file = { ...(await inspectFile(hubUrl(hub.url, REPO, 'main', PATH), options)), bytes: 1000 }
    await expect(downloadFile(file, target, options)).rejects.toMatchObject({ code: 'checksum_mismatch' })
  })
})

describe('a hub that refuses or is not there', () => {
  it.each([
    [404, 'not_found', /has no http/],
    [401, 'forbidden', /gated or private.*models import/],
    [403, 'forbidden', /gated or private/],
  ])('%i: %s, asked once', async (status, code, message) => {
    await start(() => ({ kind: 'status', status }))
    await expect(fetchIt()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(contentRequests()).toHaveLength(1)
  })

  it('waits as long as 429 and 503 ask', async () => {
    await start(first({ kind: 'status', status: 429, headers: { 'retry-after': '1' } }, { kind: 'status', status: 503 }))
    const began = performance.now()
    expect((await fetchIt()).bytes).toBe(DATA.length)
    expect(performance.now() - began).toBeGreaterThan(950)
  })

  it('no server: hub_unreachable with the address', async () => {
    const url = await findDeadUrl()
    await expect(inspectFile(hubUrl(url, REPO, 'main', PATH), { pace: PACE, signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'hub_unreachable',
      message: expect.stringMatching(new RegExp(`${url}.*works without it.*models pull.*models import`)),
    })
  })

  it('never follows a redirect from https to http, nor to another host in plain http', () => {
    const to = (from: string, target: string) => isAllowedRedirect(new URL(from), new URL(target))
    expect(to('https://hub.example/a', 'https://storage.example/b')).toBe(true)
    expect(to('https://hub.example/a', 'http://hub.example/b')).toBe(false)
    expect(to('http://mirror.lan/a', 'http://mirror.lan:8080/b')).toBe(true)
    expect(to('http://mirror.lan/a', 'http://other.lan/b')).toBe(false)
    expect(to('http://mirror.lan/a', 'file:///etc/passwd')).toBe(false)
  })
})

it('a full disk is told as such', async () => {
  await start()
  target = join(folder, 'model.onnx')
  // every write to this device fails as on a full disk
  await symlink('/dev/full', `${target}.part`)
  const options = { pace: PACE, signal: new AbortController().signal }
  const file = await inspectFile(hubUrl(hub.url, REPO, 'main', PATH), options)
  await writeFile(`${target}.part.json`, JSON.stringify({ bytes: file.bytes, sha256: file.sha256, etag: null }))
  await expect(downloadFile(file, target, options)).rejects.toMatchObject({
    code: 'disk_full',
    message: expect.stringContaining('FOTOTECA_MODELS'),
  })
})

it('stops at once when aborted', async () => {
  await start(() => ({ kind: 'stall', after: 100 }))
  const abort = new AbortController()
  const running = fetchIt({ signal: abort.signal })
  setTimeout(() => abort.abort(new Error('the library closes')), 100)
  await expect(running).rejects.toThrow('the library closes')
})
