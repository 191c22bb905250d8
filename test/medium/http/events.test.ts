/** @file The stream of changes: what it says, who gets it, that nothing between holds it back, and how it ends. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createChanges } from '../../../src/background/changes.ts'
import type { Topic } from '../../../src/background/relay.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer, type TestServerOptions } from '../../support/http.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())
const stack: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of stack.splice(0).reverse()) await end()
})

async function serve(options: TestServerOptions = {}) {
  let told: (topic: Topic) => void = () => {}
  const changes = createChanges({ watch: (watcher) => (told = watcher) })
  let following = 0
  const counted = {
    follow: (listener: Parameters<typeof changes.follow>[0]) => {
      const end = changes.follow(listener)
      following++
      return () => {
        following--
        end()
      }
    },
  }
  const app = await openTestServer(database, { ...options, changes: counted })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  stack.push(() => app.close())
  return { app, url, tell: (topic: Topic) => told(topic), following: () => following }
}

async function listen(url: string, headers: Record<string, string> = {}) {
  const stop = new AbortController()
  stack.push(async () => stop.abort())
  const answer = await fetch(`${url}/api/events`, { headers, signal: stop.signal })
  let text = ''
  let isOver = false
  void (async () => {
    try {
      for await (const chunk of answer.body!) text += Buffer.from(chunk).toString()
    } catch {
      // the test left
    }
    isOver = true
  })()
  const topics = () => [...text.matchAll(/^event: changed\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').topics)
  return { answer, text: () => text, topics, isOver: () => isOver, stop: () => stop.abort() }
}

it('says which things changed, together where they change together, and to everybody', async () => {
  const { url, tell } = await serve()
  const [one, other] = [await listen(url), await listen(url)]
  expect(one.answer.headers.get('content-type')).toBe('text/event-stream')
  await expect.poll(one.text).toMatch(/^retry: \d+\n\n/)
  tell('photos due')
  await expect.poll(one.topics).toEqual([['queue']])
  for (const topic of ['photos done', 'task people', 'photos done', 'queues'] as const) tell(topic)
  await expect.poll(one.topics).toEqual([['queue'], ['photos', 'queue', 'tasks']])
  await expect.poll(other.topics).toEqual(one.topics())
})

it('is not compressed, nor kept, nor held back by a proxy', async () => {
  const { url, tell } = await serve()
  const { answer, topics } = await listen(url, { 'accept-encoding': 'br, gzip' })
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(answer.headers.get('cache-control')).toBe('no-store, no-transform')
  expect(answer.headers.get('x-accel-buffering')).toBe('no')
  tell('models')
  await expect.poll(topics).toEqual([['models']])
  const head = await fetch(`${url}/api/events`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

it('wants the token like every other route', async () => {
  const { url, following } = await serve({ token: 'a'.repeat(32) })
  expect((await fetch(`${url}/api/events`)).status).toBe(401)
  expect(following()).toBe(0)
  const { answer } = await listen(url, { authorization: `Bearer ${'a'.repeat(32)}` })
  expect(answer.status).toBe(200)
  expect(following()).toBe(1)
})

it('tells nothing more to an account that was disabled meanwhile', async () => {
  const token = 'a'.repeat(32)
  const { app, url, tell } = await serve({ token })
  stack.push(() => database.db.deleteFrom('accounts').execute())
  const send = (method: 'POST' | 'PATCH', path: string, payload: object) =>
    app.inject({ method, url: path, payload, headers: { authorization: `Bearer ${token}` } })
  await send('POST', '/api/accounts', { name: 'Ana', role: 'owner', password: 'three green bottles' })
  const { id } = (await send('POST', '/api/accounts', { name: 'Ben', role: 'viewer', password: 'three green bottles' })).json()
  const { key } = (await send('POST', '/api/keys', { name: 'k', scopes: ['see'], account: id })).json()
  const { topics, isOver } = await listen(url, { authorization: `Bearer ${key}` })
  tell('photos due')
  await expect.poll(topics).toEqual([['queue']])
  await send('PATCH', `/api/accounts/${id}`, { disabled: true })
  tell('models')
  await expect.poll(isOver).toBe(true)
  expect(topics()).toEqual([['queue']])
})

it('is forgotten when the client leaves', async () => {
  const { url, tell, following } = await serve()
  const { stop } = await listen(url)
  expect(following()).toBe(1)
  stop()
  await expect.poll(following).toBe(0)
  tell('models')
})

it('ends when the server does, which does not wait for it', async () => {
  const { app, url, following } = await serve()
  const { isOver } = await listen(url)
  const closed = app.close().then(() => 'closed')
  // a running answer would be given four seconds
  expect(await Promise.race([closed, sleep(3_000, 'waits')])).toBe('closed')
  await expect.poll(isOver).toBe(true)
  expect(following()).toBe(0)
})

it('refuses more streams than there are places, for a client at three quarters', async () => {
  const { LIMITS } = await import('../../../src/http/limits.ts')
  const { url } = await serve({ limits: { ...LIMITS, classes: { ...LIMITS.classes, events: { running: 4, waiting: 0 } } } })
  const open = [await listen(url), await listen(url), await listen(url)]
  expect(open.map(({ answer }) => answer.status)).toEqual([200, 200, 200])
  expect((await fetch(`${url}/api/events`)).status).toBe(429)
  open[0]!.stop()
  await expect.poll(async () => (await listen(url)).answer.status).toBe(200)
})
