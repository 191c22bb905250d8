/** @file What clients may take at once: places for costly requests, connections, header lines. Over real connections. */
import { once } from 'node:events'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LimitClass } from '../../../src/contract/routes/route.ts'
import type { Limit } from '../../../src/http/concurrency-limiter.ts'
import { LIMITS, type Limits } from '../../../src/http/limits.ts'
import type { Services } from '../../../src/http/services.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer, type TestServerOptions } from '../../support/http.ts'
import { pictureBytes } from '../../support/ingest.ts'

let database: TestDatabase
let app: FastifyInstance
let url: URL

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
afterEach(() => app.close())

async function listen(options: TestServerOptions): Promise<void> {
  app = await openTestServer(database, options)
  url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
}

const classLimits = (limit: Limit): Limits => ({
  ...LIMITS,
  classes: { upload: limit, search: limit, model: limit, export: limit, generate: limit, picture: limit, events: limit },
})

interface Sent {
  readonly outgoing: ClientRequest
  readonly answer: Promise<IncomingMessage>
}

interface ToSend {
  readonly method: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: Buffer | string
}

/** on a connection of its own */
function send({ method, path, headers = {}, body }: ToSend, localAddress = '127.0.0.1'): Sent {
  const outgoing = httpRequest(new URL(path, url), { method, headers, agent: false, localAddress })
  const answer = new Promise<IncomingMessage>((resolve, reject) => outgoing.on('response', resolve).on('error', reject))
  answer.catch(() => {}) // of one that is broken off
  outgoing.end(body)
  return { outgoing, answer }
}

const openConnections = () => new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)))

const form = (bytes: Buffer) => ({
  headers: { 'content-type': 'multipart/form-data; boundary=b' },
  body: Buffer.concat([
    Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'),
    bytes,
    Buffer.from('\r\n--b--\r\n'),
  ]),
})
const json = (value: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
const picture = form(pictureBytes('one'))
const KEY = '00000000-0000-4000-8000-000000000000'

interface Costly {
  readonly limit: LimitClass
  readonly request: ToSend
  /** the service behind it, which tells that it began, and goes on when it may */
  readonly services: (work: () => Promise<void>) => (real: Services) => Partial<Services>
}

const failed = () => Promise.reject(new Error('the work of the test is over'))
/** reads the picture that was sent, then works */
const read = (work: () => Promise<void>) => async (file: Readable) => {
  await buffer(file)
  await work()
  return await failed()
}

const COSTLY: readonly Costly[] = [
  {
    limit: 'upload',
    request: { method: 'POST', path: '/upload', ...picture },
    services: (work) => (real) => ({ ingest: { ...real.ingest, upload: read(work) } }),
  },
  {
    limit: 'search',
    request: { method: 'GET', path: '/api/search?q=dog' },
    services: (work) => () => ({ search: () => work().then(failed) }),
  },
  {
    limit: 'search',
    request: { method: 'GET', path: '/search?q=dog' },
    services: (work) => () => ({ search: () => work().then(failed) }),
  },
  {
    limit: 'model',
    request: { method: 'POST', path: '/api/search/by-picture', ...picture },
    services: (work) => () => ({ searchByPicture: (_sees, file) => read(work)(file) }),
  },
  {
    limit: 'model',
    request: { method: 'POST', path: '/generate_caption', ...picture },
    services: (work) => (real) => ({ products: { ...real.products, stage: read(work) } }),
  },
  {
    limit: 'model',
    request: { method: 'POST', path: '/api/products/check', ...picture },
    services: (work) => (real) => ({ products: { ...real.products, stage: read(work) } }),
  },
  {
    limit: 'model',
    request: { method: 'POST', path: '/api/models/siglip/try', ...json({ photo: 1 }) },
    services: (work) => () => ({ tryModel: () => work().then(failed) }),
  },
  {
    limit: 'export',
    request: { method: 'GET', path: `/api/exports/${KEY}` },
    services: (work) => (real) => ({ exports: { ...real.exports, open: () => work().then(failed) } }),
  },
  {
    limit: 'export',
    request: { method: 'GET', path: '/api/products/export?store=alya&names=amazon' },
    services: (work) => (real) => ({ catalogue: { ...real.catalogue, export: () => work().then(failed) } }),
  },
  {
    limit: 'picture',
    request: { method: 'GET', path: '/api/photos/1/original?with=metadata' },
    services: (work) => (real) => ({
      library: { ...real.library, photoFile: async () => ({ format: 'jpeg' as const }) as never },
      ingest: { ...real.ingest, locate: async () => ({}) as never },
      files: { ...real.files, copyWithMetadata: () => work().then(failed) },
    }),
  },
  {
    limit: 'picture',
    request: { method: 'GET', path: '/api/faces/1/picture' },
    services: (work) => (real) => ({ people: { ...real.people, picture: () => work().then(failed) } }),
  },
  {
    limit: 'generate',
    request: {
      method: 'POST',
      path: '/generate-images',
      ...json({ s3_urls: 'https://cdn.example.com/a.jpg', product_type: 'ring', height: '2 cm', width: '2 cm' }),
    },
    services: (work) => (real) => ({
      generations: { ...real.generations, check: () => {} },
      fetchPicture: () => work().then(failed),
    }),
  },
]

/** Work that goes on until it is let go, one piece for each request that got a place. */
function createWork() {
  const releases: (() => void)[] = []
  return {
    begun: () => releases.length,
    work: () => new Promise<void>((resolve) => void releases.push(resolve)),
    release: (index: number) => releases[index]?.(),
  }
}

function expectRefusal(answer: IncomingMessage): void {
  expect(answer.statusCode).toBe(429)
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
}

describe.each(COSTLY)('the limit "$limit" on $request.method $request.path', ({ limit, request, services }) => {
  it('runs so many, keeps so many waiting, refuses the rest; places come back when an answer is sent and when a client left', async () => {
    const { begun, work, release } = createWork()
    const nobody: Limit = { running: 0, waiting: 0 }
    const limits = { ...LIMITS, classes: { ...classLimits(nobody).classes, [limit]: { running: 2, waiting: 1 } } }
    await listen({ limits, services: services(work) })
    const first = send(request)
    const second = send(request)
    await expect.poll(begun).toBe(2)

    // one waits, the other is refused
    const [third, fourth] = [send(request), send(request)]
    const [refused, waiting] = await Promise.race([
      third.answer.then(() => [third, fourth] as const),
      fourth.answer.then(() => [fourth, third] as const),
    ])
    const refusal = await refused.answer
    expectRefusal(refusal)
    expect(JSON.parse(await text(refusal))).toMatchObject({ code: 'too_many' })
    expect(begun()).toBe(2)

    // who left while it waited takes no place
    waiting.outgoing.destroy()
    await expect.poll(openConnections).toBe(2)
    const next = send(request)
    release(0)
    expect((await first.answer).statusCode).toBe(500)
    await expect.poll(begun).toBe(3)
    release(2)
    expect((await next.answer).statusCode).toBe(500)

    // who left while it ran keeps its place as long as its work goes on: a flood of requests broken off is a flood of work
    second.outgoing.destroy()
    await expect.poll(openConnections).toBe(0)
    const others = [send(request), send(request), send(request)]
    expectRefusal(await Promise.race(others.map(({ answer }) => answer)))
    expect(begun()).toBe(4)
    release(1)
    await expect.poll(begun).toBe(5)
    release(3)
    release(4)
    await Promise.all(others.map(({ answer }) => answer))
  })
})

describe('a place', () => {
  /** a download that is sent for as long as the test likes */
  const streaming = (stream: () => Readable) => (real: Services) => ({
    downloads: { ...real.downloads, open: () => ({ bytes: 1_000_000_000, stream: stream() }) },
  })
  const download = { method: 'GET', path: `/api/downloads/${KEY}` }

  it('is held until the last byte was sent, and comes back when the client leaves before', async () => {
    const streams: PassThrough[] = []
    const open = () => {
      const stream = new PassThrough()
      stream.write('the beginning')
      streams.push(stream)
      return stream
    }
    await listen({ limits: classLimits({ running: 1, waiting: 0 }), services: streaming(open) })
    const first = send(download)
    expect((await first.answer).statusCode).toBe(200)
    expectRefusal(await send(download).answer)
    first.outgoing.destroy()
    await expect.poll(async () => (await send(download).answer).statusCode).toBe(200)
    expect(streams[0]?.destroyed).toBe(true)
  })

  it('comes back from a client that takes nothing of its answer', async () => {
    const endless = () =>
      Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(65_536)
        })(),
      )
    const bodyTimeouts = { bodyMs: 30_000, uploadWindowMs: 30_000, uploadMinBytes: 1, answerMs: 500 }
    await listen({ limits: classLimits({ running: 1, waiting: 0 }), bodyTimeouts, services: streaming(endless) })
    const first = send(download)
    const answer = await first.answer
    answer.on('error', () => {}) // it is broken off
    answer.pause()
    await expect.poll(async () => (await send(download).answer).statusCode).toBe(200)
  })

  it('comes back from a client that leaves in the middle of its upload; nothing is stored', async () => {
    await listen({ limits: classLimits({ running: 1, waiting: 0 }) })
    const outgoing = httpRequest(new URL('/upload', url), {
      method: 'POST',
      agent: false,
      headers: { ...picture.headers, 'content-length': 90_000 },
    })
    outgoing.on('error', () => {})
    outgoing.write(picture.body.subarray(0, -10))
    await expect.poll(async () => (await send({ method: 'POST', path: '/upload', ...picture }).answer).statusCode).toBe(429)
    outgoing.destroy()
    await expect
      .poll(async () => (await send({ method: 'POST', path: '/upload', ...form(Buffer.from('text')) }).answer).statusCode)
      .toBe(415)
    expect(await database.db.selectFrom('photos').select('id').execute()).toEqual([])
  })

  it('is not held by an upload that waits for its tags', async () => {
    let isSettled = false
    await listen({
      limits: classLimits({ running: 1, waiting: 0 }),
      services: ({ library }) => ({
        library: { ...library, standing: async () => ({ state: 'pending', open: isSettled ? [] : ['objects'] }) },
      }),
    })
    const waiting = send({ method: 'POST', path: '/upload?wait=60', ...picture })
    let isAnswered = false
    const answered = waiting.answer.finally(() => {
      isAnswered = true
    })
    const other = form(Buffer.from('text'))
    // 415: it had its turn, and is no picture
    await expect.poll(async () => (await send({ method: 'POST', path: '/upload', ...other }).answer).statusCode).toBe(415)
    expect(isAnswered).toBe(false)
    isSettled = true
    expect((await answered).statusCode).toBe(200)
  })

  it('is left for another client, however many one asks for', async () => {
    const { begun, work, release } = createWork()
    await listen({ limits: classLimits({ running: 4, waiting: 100 }), services: () => ({ search: () => work().then(failed) }) })
    const request = { method: 'GET', path: '/api/search' }
    const greedy = Array.from({ length: 20 }, () => send(request, '127.0.0.2'))
    await expect.poll(begun).toBe(3)
    const other = send(request)
    await expect.poll(begun).toBe(4)
    release(3)
    expect((await other.answer).statusCode).toBe(500)
    for (const { outgoing } of greedy) outgoing.destroy()
    for (const index of [0, 1, 2]) release(index)
  })
})

describe('connections', () => {
  const connections = { all: 60, perClient: 20, halfOpenPerClient: 10, headersMs: 2000 }
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
  })

  async function open(localAddress: string, said: string): Promise<Socket> {
    const socket = connect({ port: Number(url.port), host: url.hostname, localAddress })
    sockets.push(socket)
    socket.on('error', () => {})
    await Promise.race([once(socket, 'connect'), once(socket, 'close')])
    socket.write(said)
    return socket
  }
  const isLive = async (localAddress: string) => (await send({ method: 'GET', path: '/live' }, localAddress).answer).statusCode

  it('of one client with half-sent header lines do not keep out others, nor its own whole requests', async () => {
    await listen({ limits: { ...LIMITS, connections } })
    for (let count = 0; count < 100; count++) await open('127.0.0.2', 'GET /live HTTP/1.1\r\nhost: loc')
    expect(await isLive('127.0.0.1')).toBe(200)
    expect(await isLive('127.0.0.2')).toBe(200)
    expect(await openConnections()).toBeLessThanOrEqual(connections.perClient)
    await expect.poll(openConnections).toBe(0) // those that were left are ended too
  })

  it('of one client are bounded, whole requests and all', async () => {
    await listen({ limits: { ...LIMITS, connections: { ...connections, headersMs: 60_000 } } })
    const first: Socket[] = []
    for (let count = 0; count < 20; count++) {
      const socket = await open('127.0.0.2', 'GET /live HTTP/1.1\r\nhost: localhost\r\n\r\n')
      await once(socket, 'data')
      first.push(socket)
    }
    const more = await open('127.0.0.2', 'GET /live HTTP/1.1\r\nhost: localhost\r\n\r\n')
    if (!more.closed) await once(more, 'close')
    expect(await isLive('127.0.0.1')).toBe(200)
    first[0]?.destroy()
    await expect.poll(openConnections).toBe(19)
    expect(await isLive('127.0.0.2')).toBe(200)
  })
})
