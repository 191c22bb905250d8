/** @file Clients that leave in the middle: nothing is stored, and nothing of it is an error in the log. */
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { LIMITS } from '../../../src/http/limits.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { pictureBytes } from '../../support/ingest.ts'

let database: TestDatabase
let app: FastifyInstance
let url: URL
let logged: string[] = []

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
beforeEach(async () => {
  logged = []
  await truncateAll(database.db)
  const note = (fields: object, message: string) => void logged.push(`${JSON.stringify(fields)} ${message}`)
  app = await openTestServer(database, {
    log: { debug: () => {}, info: note, warn: note, error: note },
    // one place: the next upload gets it when the work of the one before has ended
    limits: { ...LIMITS, classes: { ...LIMITS.classes, upload: { running: 1, waiting: 0 } } },
    services: ({ downloads }) => ({ downloads: { ...downloads, open: () => ({ bytes: 1_000_000_000, stream: endless() }) } }),
  })
  url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
})
afterEach(() => app.close())

const endless = () =>
  Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(65_536)
    })(),
  )

const FORM = { 'content-type': 'multipart/form-data; boundary=b' }
const form = (bytes: Buffer) =>
  Buffer.concat([
    Buffer.from('--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'),
    bytes,
    Buffer.from('\r\n--b--\r\n'),
  ])
const picture = form(pictureBytes('all of a picture'))
const LONGER = { 'content-length': '90000' }

const CASES: readonly [what: string, start: string, headers: Record<string, string>, body: Buffer | string][] = [
  ['half a picture', 'POST /upload', { ...FORM, ...LONGER }, picture.subarray(0, -20)],
  ['half a picture among others', 'POST /api/photos', { ...FORM, ...LONGER }, picture.subarray(0, -20)],
  [
    'half a picture in chunks',
    'POST /upload',
    { ...FORM, 'transfer-encoding': 'chunked' },
    `${(100).toString(16)}\r\n${picture.toString('latin1').slice(0, 100)}\r\n`,
  ],
  ['a form that is whole, announced longer', 'POST /upload', { ...FORM, ...LONGER }, picture],
  ['a form that is whole, announced longer, to the other route', 'POST /api/photos', { ...FORM, ...LONGER }, picture],
  ['half a picture to search by', 'POST /api/search/by-picture', { ...FORM, ...LONGER }, picture.subarray(0, -20)],
  ['half a JSON body', 'POST /api/albums', { 'content-type': 'application/json', 'content-length': '100' }, '{"name":"A'],
  ['whole JSON, announced longer', 'POST /api/albums', { 'content-type': 'application/json', 'content-length': '100' }, '{"name":"A"}'],
  ['a download that is not read', 'GET /api/downloads/00000000-0000-4000-8000-000000000000', {}, ''],
]

const LEAVING = ['says that no more comes', 'is gone'] as const
const ALL = CASES.flatMap(([what, ...rest]) => LEAVING.map((leaves) => [what, leaves, ...rest] as const))

it.each(ALL)('%s, from a client that then %s: nothing is stored, nothing is logged', async (_what, leaves, start, headers, body) => {
  const socket = connect(Number(url.port), url.hostname)
  socket.on('error', () => {}) // the server may be first to end it
  const begun = once(app.server, 'request')
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${start} HTTP/1.1\r\n${lines.join('')}\r\n`)
  await begun
  if (body.length > 0) await new Promise((resolve) => socket.write(body, 'latin1', resolve))
  if (start.startsWith('GET')) await once(socket, 'readable')
  if (leaves === 'is gone') socket.destroy()
  else socket.end().resume()
  if (start.startsWith('GET')) socket.destroy()

  const connections = () => new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)))
  await expect.poll(connections).toBe(0)
  const upload = () => app.inject({ method: 'POST', url: '/upload', headers: FORM, payload: form(Buffer.from('text')) })
  await expect.poll(async () => (await upload()).statusCode).toBe(415)

  expect(logged).toEqual([])
  expect(await database.db.selectFrom('photos').select('id').execute()).toEqual([])
  expect(await database.db.selectFrom('albums').select('id').execute()).toEqual([])
  const entries = await readdir(join(database.dataDir, 'originals'), { recursive: true, withFileTypes: true })
  expect(entries.filter((entry) => entry.isFile())).toEqual([])
})
