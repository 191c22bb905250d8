/** @file Clients that send slowly, stall, or send too much: they lose their connection, the others notice nothing. */

import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes } from '../../support/ingest.ts'

/** in which an upload must bring something: far above any pause that a busy machine makes between two parts of a steady one */
const WINDOW_MS = 2500

let database: TestDatabase
let app: FastifyInstance
let url: URL

beforeAll(async () => {
  database = await openTestDatabase()
  app = await openTestServer(database, { bodyTimeouts: { bodyMs: 300, uploadWindowMs: WINDOW_MS, uploadMinBytes: 100, answerMs: 120_000 } })
  url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})

/** what came back until the server closed */
async function send(write: (socket: Socket) => Promise<void>): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += String(chunk)
  })
  socket.on('error', () => {}) // the server may close while we still write
  const closed = once(socket, 'close')
  await write(socket)
  await closed
  return answer
}

const head = (path: string, type: string, length: number) =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`

const FORM = 'multipart/form-data; boundary=b'
const start = Buffer.concat([
  Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'),
  pictureBytes('slow '),
])
const end = Buffer.from('\r\n--b--\r\n')

describe('a connection is ended', () => {
  it('when a JSON body does not come', async () => {
    const answer = await send(async (socket) => {
      socket.write(`${head('/api/sources', 'application/json', 100)}{"path"`)
    })
    expect(answer).not.toContain('200 OK')
  })

  it('when an upload stalls; nothing of it stays', async () => {
    await send(async (socket) => {
      socket.write(head('/upload', FORM, 50_000))
      socket.write(start)
    })
    const left = async () =>
      (await readdir(join(database.dataDir, 'originals'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    await expect.poll(left).toEqual([])
    expect(await database.db.selectFrom('photos').select('id').execute()).toEqual([])
  })

  it('at once when a JSON body is announced larger than allowed', async () => {
    const answer = await send(async (socket) => {
      socket.write(head('/api/sources', 'application/json', 1_000_000_000))
    })
    expect(answer).toContain('413')
    expect(answer).toContain('"code":"too_large"')
  })

  it('when it does not speak HTTP', async () => {
    const answer = await send(async (socket) => {
      socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')
    })
    expect(answer).toContain('HTTP/1.1 400')
    expect(answer).toContain('"detail":')
  })

  it('when the header lines do not end', async () => {
    const answer = await send(async (socket) => {
      socket.write(`GET /live HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}`)
    })
    expect(answer).toContain('HTTP/1.1 431')
    expect(answer).toContain('{"detail":"the header lines are too long","code":"bad_request"}')
  })
})

describe('a slow but steady upload', () => {
  it('is taken', async () => {
    // longer in all than one window
    const steps = 8
    const chunk = Buffer.alloc(300, 'x')
    const answer = await send(async (socket) => {
      socket.write(head('/upload', FORM, start.length + steps * chunk.length + end.length))
      socket.write(start)
      for (let step = 0; step < steps; step++) {
        socket.write(chunk)
        await sleep(WINDOW_MS / 6)
      }
      socket.write(end)
    })
    expect(answer).toContain('200 OK')
    expect(answer).toContain('"filename":"a.jpg"')
  })
})

describe('a request without a body', () => {
  it('is answered however long that takes', async () => {
    const bodyMs = 200
    const server = await openTestServer(database, {
      bodyTimeouts: { bodyMs, uploadWindowMs: WINDOW_MS, uploadMinBytes: 100, answerMs: 120_000 },
      services: ({ pipeline }) => ({ pipeline: { ...pipeline, retry: () => sleep(bodyMs * 5, ['ocr']) } }),
    })
    const address = await server.listen({ host: '127.0.0.1', port: 0 })
    const answer = await fetch(new URL('/api/photos/1/retry', address), { method: 'POST' })
    expect(await answer.json()).toEqual({ due: ['ocr'] })
    await server.close()
  })
})

describe('closing the server', () => {
  it('ends connections on which nothing was asked, and lets a running answer finish', async () => {
    let release: (() => void) | undefined
    const isReleased = new Promise<void>((resolve) => {
      release = resolve
    })
    let isAsked: (() => void) | undefined
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve
    })
    const server = await openTestServer(database, {
      services: ({ search }) => ({
        search: async (sees, query) => {
          isAsked?.()
          await isReleased
          return search(sees, query)
        },
      }),
    })
    const address = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
    const silent = connect(Number(address.port), address.hostname)
    await once(silent, 'connect')
    const answer = fetch(new URL('/api/search', address))
    await asked
    const silentEnded = once(silent, 'close')
    const closed = server.close()
    await silentEnded
    release?.()
    expect((await answer).status).toBe(200)
    await closed
  })
})
