/** @file Who gets in: token by header, sessions of browsers; guessing; foreign hosts and sites. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { refuseOpenDoor } from '../../../src/access/open-door.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { SessionReport as SessionSchema } from '../../../src/contract/accounts.ts'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'

type SessionReport = z.infer<typeof SessionSchema>

const TOKEN = 'f3a1c09b7d2e4586a0cc91d7e65b8f24'
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

const BEARER = { authorization: `Bearer ${TOKEN}` }
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

interface LogIn {
  readonly next?: string
  readonly userAgent?: string
  readonly remoteAddress?: string
  readonly headers?: Record<string, string>
}

const logIn = (token: string, { next = '/', userAgent = FIREFOX, remoteAddress = '10.1.0.1', headers }: LogIn = {}) =>
  guarded.inject({
    method: 'POST',
    url: '/login',
    payload: new URLSearchParams({ token, next }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', 'user-agent': userAgent, ...headers },
    remoteAddress,
  })
const cookieOf = (answer: Awaited<ReturnType<typeof logIn>>) => String(answer.headers['set-cookie']).split(';')[0]!
const statusWith = async (cookie: string) => (await guarded.inject({ url: '/api/stats', headers: { cookie } })).statusCode

describe('with FOTOTECA_TOKEN', () => {
  const others = ['/', '/docs', '/docs/static/index.css', '/redoc', '/redoc/redoc.standalone.js', '/openapi.json', '/no/such', '/status']

  it.each([
    ...Object.values<Route>(ROUTES).map((route, i) => [route.method, route.path, route.access === 'anyone', i] as const),
    ...others.map((path, i) => ['GET', path, false, 1000 + i] as const),
  ])('%s %s demands it', async (method, path, isOpen, client) => {
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
      // each is a client of its own: one that guesses often is held up
      remoteAddress: `10.0.${client >> 8}.${client & 255}`,
    })
    expect(wrong.statusCode).toBe(isOpen ? 200 : 401)
    // the answer of one route never ends by itself
    const known = await guarded.inject({ method, url, headers: { authorization: `Bearer ${TOKEN}` }, payloadAsStream: true })
    known.stream().destroy()
    expect([401, 403]).not.toContain(known.statusCode)
  })

  it('gives a browser a page to enter it, then a session of its own', async () => {
    const page = await guarded.inject({ url: '/search?q=a%22%3E%3Cscript%3E', headers: HTML })
    expect(page.statusCode).toBe(401)
    expect(page.headers['content-security-policy']).not.toContain('unsafe-inline')
    expect(page.body).not.toContain('<script')
    expect(page.headers['referrer-policy']).toBe('same-origin') // else the form’s Origin would be `null` over plain HTTP, and refused
    expect((await logIn('wrong')).statusCode).toBe(401)
    const entered = await logIn(TOKEN, { next: '/search?q=a' })
    expect(entered.statusCode).toBe(303)
    expect(entered.headers.location).toBe('/search?q=a')
    const set = String(entered.headers['set-cookie'])
    expect(set).toMatch(/^fototeca=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
    const cookie = cookieOf(entered)
    expect(await statusWith(`a=b; ${cookie}`)).toBe(200)
    expect(await statusWith(`${cookie}x`)).toBe(401)
    expect(await statusWith(`fototeca=${TOKEN}`)).toBe(401)
    expect(cookieOf(await logIn(TOKEN))).not.toBe(cookie)
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/a\r\nset-cookie: x=y'])
      expect((await logIn(TOKEN, { next })).headers.location, next).toBe('/')
  })

  it('keeps only the hash of a session, and the session beyond a restart, as long as the token is the same', async () => {
    const cookie = cookieOf(await logIn(TOKEN))
    const secret = cookie.split('=')[1]!
    const rows = await database.db.selectFrom('credentials').selectAll().execute()
    const stored = rows.find((row) => Buffer.from(row.secret_hash).equals(createHash('sha256').update(secret).digest()))
    expect(stored?.name).toBe('Firefox on Linux')
    expect(JSON.stringify(rows)).not.toContain(secret)
    const again = await openTestServer(database, { token: TOKEN, host: '0.0.0.0' })
    expect((await again.inject({ url: '/api/stats', headers: { cookie } })).statusCode).toBe(200)
    await again.close()
    const changed = await openTestServer(database, { token: TOKEN.toUpperCase(), host: '0.0.0.0' })
    expect((await changed.inject({ url: '/api/stats', headers: { cookie } })).statusCode).toBe(401)
    await changed.close()
  })

  it('lists sessions; one ends by its number, its own by logging out', async () => {
    const [mine, other] = [cookieOf(await logIn(TOKEN)), cookieOf(await logIn(TOKEN, { userAgent: 'curl/8.5' }))]
    const list = async () => (await guarded.inject({ url: '/api/sessions', headers: { cookie: mine } })).json().sessions as SessionReport[]
    expect((await list())[0]).toMatchObject({ device: 'Firefox on Linux', current: true })
    const another = (await list()).find(({ device }) => device === 'Unknown browser')
    expect(another).toMatchObject({ current: false })
    const end = (id: unknown) => guarded.inject({ method: 'DELETE', url: `/api/sessions/${id}`, headers: { cookie: mine } })
    expect((await end(another?.id)).statusCode).toBe(200)
    expect((await end(another?.id)).statusCode).toBe(404)
    expect(await statusWith(other)).toBe(401)
    const left = await guarded.inject({ method: 'POST', url: '/api/logout', headers: { cookie: mine } })
    expect(left.json()).toEqual({ ended: true })
    expect(left.headers['set-cookie']).toMatch(/^fototeca=; .*Max-Age=0/)
    expect(await statusWith(mine)).toBe(401)
    expect((await guarded.inject({ method: 'POST', url: '/api/logout', headers: BEARER })).json()).toEqual({ ended: false })
  })

  it('sends the cookie only over https where the browser came by it', async () => {
    const set = async (headers: Record<string, string>) => String((await logIn(TOKEN, { headers })).headers['set-cookie'])
    expect(await set({ 'x-forwarded-proto': 'https' })).toMatch(/; Secure$/)
    expect(await set({})).not.toContain('Secure')
  })

  it('takes no token from an address, and asks once more for what a link on another site opened', async () => {
    const byUrl = await guarded.inject({ url: `/search?q=dog&token=${TOKEN}`, headers: HTML })
    expect(byUrl.statusCode).toBe(401)
    expect(byUrl.headers['set-cookie']).toBeUndefined()
    expect((await guarded.inject({ url: `/api/stats?token=${TOKEN}` })).statusCode).toBe(401)
    // the cookie did not come along, although there may be one
    const linked = await guarded.inject({ url: '/search?q=dog', headers: { ...HTML, 'sec-fetch-site': 'cross-site' } })
    expect(linked.body).toContain('http-equiv="refresh"')
    expect(linked.body).not.toContain('<form')
  })

  it('makes guessing slow, says truly how long, and never refuses the right one', async () => {
    const guess = (token: string, remoteAddress: string) =>
      guarded.inject({ url: '/api/stats', headers: { authorization: `Bearer ${token}` }, remoteAddress })
    for (let tried = 0; tried < 10; tried++) expect((await guess(`wrong-${tried}`, '10.2.0.1')).statusCode).toBe(401)
    const refused = await guess('wrong', '10.2.0.1')
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(30) // what is left of the minute, not two seconds
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    const page = await logIn('wrong', { remoteAddress: '10.2.0.1' })
    expect(page.statusCode).toBe(429)
    expect(Number(page.headers['retry-after'])).toBeGreaterThan(0)
    expect(page.body).toContain('Try again in')
    expect((await guess(TOKEN, '10.2.0.1')).statusCode).toBe(200)
    expect((await logIn(TOKEN, { remoteAddress: '10.2.0.1' })).statusCode).toBe(303)
    expect((await guess('wrong', '10.2.0.2')).statusCode).toBe(401)
  })

  it('counts the clients of a trusted proxy one by one, and believes nobody else', async () => {
    const behind = await openTestServer(database, { token: TOKEN, host: '0.0.0.0', trustProxy: ['10.3.0.0/24'] })
    const guess = async (proxy: string, client: string) => {
      const headers = { authorization: 'Bearer wrong', 'x-forwarded-for': client }
      return (await behind.inject({ url: '/api/stats', remoteAddress: proxy, headers })).statusCode
    }
    for (let tried = 0; tried < 10; tried++) await guess('10.3.0.9', '192.0.2.1')
    expect(await guess('10.3.0.9', '192.0.2.1')).toBe(429)
    expect(await guess('10.3.0.9', 'made up, 192.0.2.1')).toBe(429) // what a client says of itself stands before what the proxy adds
    expect(await guess('10.3.0.9', '192.0.2.2')).toBe(401)
    for (let tried = 0; tried < 10; tried++) await guess('10.4.0.9', `192.0.2.${tried}`)
    expect(await guess('10.4.0.9', '192.0.2.99')).toBe(429)
    await behind.close()
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

describe('with FOTOTECA_ALLOWED_ORIGINS', () => {
  const SHOP = 'https://shop.example'
  const ask = async (options: { readonly token?: string; readonly allowedOrigins?: readonly string[] }) =>
    openTestServer(database, { host: '0.0.0.0', allowedOrigins: [SHOP], ...options })
  const preflight = (app: FastifyInstance, origin: string, url = '/api/photos/1/retry') =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })

  it('lets pages of these origins alone read answers and send changes, with the token', async () => {
    await using app = await ask({ token: TOKEN })
    const allowed = await preflight(app, SHOP)
    expect(allowed.statusCode).toBe(204)
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': SHOP,
      'access-control-allow-headers': expect.stringContaining('authorization'),
    })
    expect(String(allowed.headers['access-control-allow-methods']).split(', ').sort()).toEqual(['DELETE', 'GET', 'PATCH', 'POST'])
    const post = (origin: string, headers = {}) =>
      app.inject({ method: 'POST', url: '/api/photos/1/retry', headers: { origin, 'sec-fetch-site': 'cross-site', ...headers } })
    expect((await post(SHOP, BEARER)).statusCode).toBe(404)
    expect((await post(SHOP)).statusCode).toBe(401)
    const read = await app.inject({ url: '/api/stats', headers: { origin: SHOP, ...BEARER } })
    expect(read.statusCode).toBe(200)
    expect(read.headers).toMatchObject({ 'access-control-allow-origin': SHOP, vary: expect.stringContaining('Origin') })
    // cookies of another site never count
    expect(read.headers['access-control-allow-credentials']).toBeUndefined()
    for (const origin of [
      'https://shop.example.evil.example',
      'http://shop.example',
      'https://shop.example:444',
      'null',
      'https://SHOP.example',
    ]) {
      expect((await preflight(app, origin)).headers['access-control-allow-origin'], origin).toBeUndefined()
      expect((await post(origin, BEARER)).statusCode, origin).toBe(403)
    }
    // an error can be read too, and a wrong address stays one
    const wrong = await app.inject({ url: '/no/such', headers: { origin: SHOP, ...BEARER } })
    expect([wrong.statusCode, wrong.headers['access-control-allow-origin']]).toEqual([404, SHOP])
  })

  it('without it nobody’s page may, and a preflight is no route', async () => {
    await using app = await ask({ token: TOKEN, allowedOrigins: [] })
    const answer = await preflight(app, SHOP)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  })

  it('takes exact origins only', () => {
    expect(loadConfig({ FOTOTECA_ALLOWED_ORIGINS: 'https://Shop.example/, http://localhost:5173' }).allowedOrigins).toEqual([
      SHOP,
      'http://localhost:5173',
    ])
    for (const wrong of ['*', 'shop.example', 'https://shop.example/path', 'https://*.example@x', 'null'])
      expect(() => loadConfig({ FOTOTECA_ALLOWED_ORIGINS: wrong }), wrong).toThrow(/FOTOTECA_ALLOWED_ORIGINS/)
  })
})

describe('the start', () => {
  it('refuses to listen for other machines without a token and without accounts', async () => {
    const listens = (host: string, token: string | undefined, has: boolean) =>
      refuseOpenDoor(loadConfig({ FOTOTECA_HOST: host, FOTOTECA_TOKEN: token }), { exist: async () => has })
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'photos.example.com']) {
      await expect(listens(host, undefined, false), host).rejects.toThrow(/FOTOTECA_TOKEN is not set and nobody has an account/)
      await listens(host, TOKEN, false)
      await listens(host, undefined, true)
    }
    for (const host of ['127.0.0.1', '::1', 'localhost', '127.0.1.1']) await listens(host, undefined, false)
    for (const weak of ['short', 'correct-horse-battery-staple', 'a'.repeat(64), 'two words '.repeat(5)])
      expect(() => loadConfig({ FOTOTECA_TOKEN: weak }), weak).toThrow(/FOTOTECA_TOKEN: got \(hidden\)/)
    expect(() => loadConfig({ FOTOTECA_TOKEN: 'short' })).toThrow(/openssl rand -hex 32/)
  })

  it('refuses proxies that are no addresses', () => {
    expect(loadConfig({ FOTOTECA_TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::1' }).trustProxy).toEqual(['loopback', '10.0.0.0/8', 'fd00::1'])
    expect(loadConfig({}).trustProxy).toEqual([])
    expect(() => loadConfig({ FOTOTECA_TRUST_PROXY: 'true' })).toThrow(/FOTOTECA_TRUST_PROXY: got "true"; true must be addresses/)
  })
})
