/** @file Who gets in: token by header, cookie and URL; foreign hosts and sites. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'

const TOKEN = 'correct-horse-battery-staple'
const HTML = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
let database: TestDatabase
let guarded: FastifyInstance
let open: FastifyInstance
const lines: string[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  const note = (fields: object, message: string) => void lines.push(`${JSON.stringify(fields)} ${message}`)
  const log = { debug: note, info: note, warn: note, error: note }
  guarded = await openTestServer(database, { token: TOKEN, host: '0.0.0.0', log })
  open = await openTestServer(database)
})
afterAll(async () => {
  await guarded.close()
  await open.close()
  await database[Symbol.asyncDispose]()
})

describe('with FOTOTECA_TOKEN', () => {
  const others = ['/', '/docs', '/docs/static/index.css', '/redoc', '/redoc/redoc.standalone.js', '/openapi.json', '/no/such', '/status']

  it.each([
    ...Object.values<Route>(ROUTES).map((route) => [route.method, route.path, route.open === true] as const),
    ...others.map((path) => ['GET', path, false] as const),
  ])('%s %s demands it', async (method, path, isOpen) => {
    const url = path.replace(/:\w+/g, '1')
    const answer = await guarded.inject({ method, url })
    expect(answer.statusCode).toBe(isOpen ? 200 : 401)
    if (!isOpen) {
      expect(answer.headers['www-authenticate']).toContain('Bearer')
      expect(answer.json()).toMatchObject({ code: 'unauthorized' })
    }
    const wrong = await guarded.inject({
      method,
      url,
      headers: { authorization: `Bearer ${TOKEN}x` },
      remoteAddress: `10.0.${path.length}.${method.length}`,
    })
    expect(wrong.statusCode).toBe(isOpen ? 200 : 401)
    const known = await guarded.inject({ method, url, headers: { authorization: `Bearer ${TOKEN}` } })
    expect([401, 403]).not.toContain(known.statusCode)
  })

  it('gives a browser a page to enter it, then a cookie that is not the token', async () => {
    const page = await guarded.inject({ url: '/search?q=a%22%3E%3Cscript%3E', headers: HTML })
    expect(page.statusCode).toBe(401)
    expect(page.headers['content-security-policy']).not.toContain('unsafe-inline')
    expect(page.body).not.toContain('<script')
    expect(page.headers['referrer-policy']).toBe('same-origin') // else the form’s Origin would be `null` over plain HTTP, and refused
    const post = (token: string, next: string) =>
      guarded.inject({
        method: 'POST',
        url: '/login',
        payload: new URLSearchParams({ token, next }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
        remoteAddress: '10.1.0.1',
      })
    expect((await post('wrong', '/')).statusCode).toBe(401)
    const entered = await post(TOKEN, '/search?q=a')
    expect(entered.statusCode).toBe(303)
    expect(entered.headers.location).toBe('/search?q=a')
    const cookie = String(entered.headers['set-cookie'])
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax;/)
    expect(cookie).not.toContain(TOKEN)
    const pair = cookie.split(';')[0]!
    expect((await guarded.inject({ url: '/api/stats', headers: { cookie: `a=b; ${pair}` } })).statusCode).toBe(200)
    expect((await guarded.inject({ url: '/api/stats', headers: { cookie: `${pair}x` } })).statusCode).toBe(401)
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/a\r\nset-cookie: x=y'])
      expect((await post(TOKEN, next)).headers.location, next).toBe('/')
  })

  it('takes ?token= once and removes it from the address', async () => {
    const answer = await guarded.inject({ url: `/search?q=dog&token=${TOKEN}`, headers: HTML })
    expect(answer.statusCode).toBe(303)
    expect(answer.headers.location).toBe('/search?q=dog')
    expect(answer.headers['set-cookie']).toBeDefined()
    expect((await guarded.inject({ method: 'POST', url: `/api/photos/1/retry?token=${TOKEN}` })).statusCode).toBe(401)
  })

  it('makes guessing slow: after ten wrong ones the address waits, others do not', async () => {
    const guess = (token: string, remoteAddress: string) =>
      guarded.inject({ url: '/api/stats', headers: { authorization: `Bearer ${token}` }, remoteAddress })
    for (let tried = 0; tried < 10; tried++) expect((await guess(`wrong-${tried}`, '10.2.0.1')).statusCode).toBe(401)
    const refused = await guess(TOKEN, '10.2.0.1')
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await guess(TOKEN, '10.2.0.2')).statusCode).toBe(200)
  })

  it('logs no token and no words', async () => {
    await guarded.inject({ url: `/api/search?q=my+secret+words&token=${TOKEN}`, headers: { authorization: `Bearer ${TOKEN}` } })
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toContain(TOKEN)
    expect(lines.join('\n')).not.toContain('secret')
  })
})

describe('on loopback without a token', () => {
  const from = (headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') =>
    open.inject({ method, url: method === 'GET' ? '/api/stats' : '/api/photos/1/retry', headers })

  it('answers only to its own names (DNS rebinding)', async () => {
    for (const host of ['localhost:8000', '127.0.0.1:8000', '[::1]:8000', 'LOCALHOST'])
      expect((await from({ host })).statusCode, host).toBe(200)
    for (const host of ['evil.example', 'evil.example:8000', '192.168.1.5:8000', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect((await from({ host })).statusCode, host).toBe(403)
  })

  it('refuses what another site makes the browser send', async () => {
    const refused = 403
    const passed = 404 // there is no photo 1
    expect((await from({ 'sec-fetch-site': 'cross-site' }, 'POST')).statusCode).toBe(refused)
    expect((await from({ 'sec-fetch-site': 'same-site' }, 'POST')).statusCode).toBe(refused)
    expect((await from({ 'sec-fetch-site': 'same-origin' }, 'POST')).statusCode).toBe(passed)
    expect((await from({ origin: 'https://evil.example', host: 'localhost:8000' }, 'POST')).statusCode).toBe(refused)
    expect((await from({ origin: 'null', host: 'localhost:8000' }, 'POST')).statusCode).toBe(refused)
    expect((await from({ origin: 'http://localhost:8000', host: 'localhost:8000' }, 'POST')).statusCode).toBe(passed)
    expect((await from({}, 'POST')).statusCode).toBe(passed)
    expect((await from({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(200)
  })
})

describe('the start', () => {
  it('refuses to listen for other machines without a token', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'photos.example.com'])
      expect(() => loadConfig({ FOTOTECA_HOST: host }), host).toThrow(/FOTOTECA_TOKEN is not set/)
    expect(loadConfig({ FOTOTECA_HOST: '0.0.0.0', FOTOTECA_TOKEN: TOKEN }).host).toBe('0.0.0.0')
    for (const host of ['127.0.0.1', '::1', 'localhost', '127.0.1.1']) expect(loadConfig({ FOTOTECA_HOST: host }).host).toBe(host)
    expect(() => loadConfig({ FOTOTECA_TOKEN: 'short' })).toThrow(/FOTOTECA_TOKEN: got \(hidden\)/)
  })
})
