/** @file Accounts: every route held against every role, what a key may do, signing in and out, invitations, and attacks on each. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../../../src/access/passwords.ts'
import { type Permission, ROLES, type Role } from '../../../src/contract/accounts.ts'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { openTestDatabase, type TestDatabase, truncateAll } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'

const TOKEN = 'f3a1c09b7d2e4586a0cc91d7e65b8f24'
const BEARER = { authorization: `Bearer ${TOKEN}` }
const PASSWORD = 'three green bottles'
let database: TestDatabase
let app: FastifyInstance
let client = 0

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const ask = (method: string, url: string, { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {}) =>
  app.inject({
    method: method as 'GET',
    url,
    headers,
    // each request comes from another address, but where a test says otherwise: those who guess are held up
    remoteAddress: `10.9.${++client >> 8}.${client & 255}`,
    ...(body === undefined ? {} : { payload: body as object }),
  })
const signIn = (name: string, password: string, remoteAddress = `10.8.${++client >> 8}.${client & 255}`) =>
  app.inject({
    method: 'POST',
    url: '/login',
    payload: new URLSearchParams({ name, password }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    remoteAddress,
  })
const cookieOf = (answer: Awaited<ReturnType<typeof signIn>>) => ({ cookie: String(answer.headers['set-cookie']).split(';')[0]! })
const enter = async (name: string, password = PASSWORD) => cookieOf(await signIn(name, password))
const add = async (name: string, role: Role, headers: Record<string, string> = BEARER) =>
  (await ask('POST', '/api/accounts', { headers, body: { name, role, password: PASSWORD } })).json() as { id: number }

describe('with accounts', () => {
  beforeEach(async () => {
    await truncateAll(database.db)
    app = await openTestServer(database, { token: TOKEN, host: '0.0.0.0' })
    return () => app.close()
  })

  it('every route answers each role and key as its row says, and nobody else', async () => {
    const credentials: Record<string, { headers: Record<string, string>; may: (route: Route) => boolean }> = {
      nobody: { headers: {}, may: () => false },
      token: { headers: BEARER, may: () => true },
    }
    for (const role of ['owner', ...Object.keys(ROLES).filter((name) => name !== 'owner')] as Role[]) {
      const { id } = await add(role, role)
      const may = ({ access }: Route) => (ROLES[role] as readonly string[]).includes(access)
      credentials[role] = { headers: await enter(role), may }
      const made = await ask('POST', '/api/keys', { headers: BEARER, body: { name: 'k', account: id, scopes: ['see', 'described'] } })
      expect(made.statusCode, made.body).toBe(200)
      credentials[`key of ${role}`] = {
        headers: { authorization: `Bearer ${made.json().key}` },
        may: (route) => may(route) && (route.access === 'see' || route.tag === 'described systems' || route.link === true),
      }
    }
    const wrong: string[] = []
    let cells = 0
    for (const [name, route] of Object.entries<Route>(ROUTES)) {
      if (route.access === 'anyone' || name === 'logOut') continue
      const url = route.path.replace('/:key', '/no-such-key').replaceAll(/:\w+|\*/g, '999999')
      for (const [who, { headers, may }] of Object.entries(credentials)) {
        cells++
        // the answer of one route never ends by itself
        const { statusCode, body } = await ask(name === 'getEvents' ? 'HEAD' : route.method, url, { headers })
        const isRefused = statusCode === 401 || statusCode === 403
        // a key changes nobody’s access, its own neither
        const isExpected = may(route) && !(who.startsWith('key') && route.tag === 'access' && route.method !== 'GET')
        const expected = isExpected ? !isRefused : statusCode === (who === 'nobody' ? 401 : 403)
        if (!expected) wrong.push(`${who}: ${name} ${statusCode} ${body.slice(0, 100)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(cells).toBeGreaterThan(1500)
  })

  it('tells who asks, and names who did something', async () => {
    await add('Ana', 'owner')
    const { id } = await add('Ben', 'editor')
    const ben = await enter('ben')
    expect((await ask('GET', '/api/me', { headers: ben })).json()).toMatchObject({
      kind: 'account',
      account: { id, name: 'Ben', role: 'editor' },
      may: ['see', 'add', 'review', 'edit'],
    })
    expect((await ask('GET', '/api/me', { headers: BEARER })).json()).toMatchObject({ kind: 'token', account: null })
    const made = await ask('POST', '/api/vocabulary', { headers: ben, body: { word: 'zeppelin' } })
    expect(made.statusCode, made.body).toBe(200)
    const edits = async () => (await ask('GET', '/api/edits', { headers: ben })).json().edits as { by: string }[]
    expect((await edits())[0]?.by).toBe('Ben')
    await ask('DELETE', `/api/accounts/${id}`, { headers: BEARER })
    const { edits: later } = (await ask('GET', '/api/edits', { headers: BEARER })).json()
    expect(later[0]?.by).toBe('Ben')
  })

  it('ends what an account had at once when it is disabled, demoted, or removed; the last owner stays', async () => {
    const { id: ana } = await add('Ana', 'owner')
    const { id } = await add('Ben', 'editor')
    const ben = await enter('Ben')
    const status = async (url: string) => (await ask('GET', url, { headers: ben })).statusCode
    expect(await status('/api/stats')).toBe(200)
    await ask('PATCH', `/api/accounts/${id}`, { headers: BEARER, body: { role: 'viewer' } })
    expect((await ask('POST', '/api/vocabulary', { headers: ben, body: { word: 'a' } })).statusCode).toBe(403)
    await ask('PATCH', `/api/accounts/${id}`, { headers: BEARER, body: { disabled: true } })
    expect(await status('/api/stats')).toBe(401)
    expect((await signIn('Ben', PASSWORD)).statusCode).toBe(401)
    await ask('PATCH', `/api/accounts/${id}`, { headers: BEARER, body: { disabled: false } })
    expect(await status('/api/stats')).toBe(200)
    await ask('DELETE', `/api/accounts/${id}`, { headers: BEARER })
    expect(await status('/api/stats')).toBe(401)
    expect((await signIn('Ben', PASSWORD)).statusCode).toBe(401)
    for (const change of [{ role: 'viewer' }, { disabled: true }])
      expect((await ask('PATCH', `/api/accounts/${ana}`, { headers: BEARER, body: change })).json()).toMatchObject({ code: 'conflict' })
    expect((await ask('DELETE', `/api/accounts/${ana}`, { headers: BEARER })).statusCode).toBe(409)
    expect((await ask('GET', '/api/accounts', { headers: BEARER })).json().accounts).toHaveLength(1)
    // the name is free again, and is another account
    expect((await add('Ben', 'viewer')).id).not.toBe(id)
  })

  it('is seen by another process within a second', async () => {
    await add('Ana', 'owner')
    const { id } = await add('Ben', 'viewer')
    const ben = await enter('Ben')
    await using other = await openTestServer(database, { token: TOKEN, host: '0.0.0.0' })
    const status = async () => (await other.inject({ url: '/api/stats', headers: ben })).statusCode
    expect(await status()).toBe(200)
    await ask('PATCH', `/api/accounts/${id}`, { headers: BEARER, body: { disabled: true } })
    await expect.poll(status, { timeout: 1000 }).toBe(401)
  })

  it('lets a person in by an invitation, once, for a week', async () => {
    await add('Ana', 'owner')
    const made = await ask('POST', '/api/accounts', { headers: BEARER, body: { name: 'Ben', role: 'viewer' } })
    expect(made.json()).toMatchObject({
      name: 'Ben',
      state: 'invited',
      invitation: { path: expect.stringMatching(/^\/join\?code=[\w-]{43}$/) },
    })
    const { path } = made.json().invitation as { path: string }
    expect((await signIn('Ben', '')).statusCode).toBe(401)
    const code = path.split('=')[1]!
    expect(JSON.stringify(await database.db.selectFrom('accounts').selectAll().execute())).not.toContain(code)
    const page = await ask('GET', path)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Welcome, Ben')
    const join = (given: string, password: string) =>
      app.inject({
        method: 'POST',
        url: '/join',
        payload: new URLSearchParams({ code: given, password }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      })
    expect((await join(code, 'short')).statusCode).toBe(422)
    expect((await join(`${code.slice(1)}x`, PASSWORD)).statusCode).toBe(410)
    const [first, second] = await Promise.all([join(code, PASSWORD), join(code, 'another password')])
    expect([first.statusCode, second.statusCode].sort()).toEqual([303, 410])
    expect((await join(code, PASSWORD)).statusCode).toBe(410)
    expect((await ask('GET', path)).statusCode).toBe(410)
    const joined = first.statusCode === 303 ? first : second
    expect((await ask('GET', '/api/me', { headers: cookieOf(joined) })).json().account).toMatchObject({ name: 'Ben', state: 'active' })
    const { id } = (await ask('GET', '/api/me', { headers: cookieOf(joined) })).json().account
    // who forgot the password gets another link; it ends what was open when it is used
    const again = (await ask('POST', `/api/accounts/${id}/invite`, { headers: BEARER })).json().invitation.path as string
    await database.db
      .updateTable('accounts')
      .set({ invitation_until: new Date(Date.now() - 1) })
      .where('id', '=', id)
      .execute()
    expect((await join(again.split('=')[1]!, PASSWORD)).statusCode).toBe(410)
    const last = (await ask('POST', `/api/accounts/${id}/invite`, { headers: BEARER })).json().invitation.path as string
    expect((await join(last.split('=')[1]!, 'a new long password')).statusCode).toBe(303)
    expect((await ask('GET', '/api/me', { headers: cookieOf(joined) })).statusCode).toBe(401)
  })

  it('changes a password with the old one alone, and ends the other sessions', async () => {
    await add('Ana', 'owner')
    const [here, there] = [await enter('Ana'), await enter('Ana')]
    const change = (old: string, password: string) => ask('POST', '/api/me/password', { headers: here, body: { old, password } })
    expect((await change('wrong', 'another long one')).statusCode).toBe(403)
    expect((await change(PASSWORD, 'short')).statusCode).toBe(422)
    expect((await change(PASSWORD, 'another long one')).statusCode).toBe(200)
    expect((await ask('GET', '/api/me', { headers: here })).statusCode).toBe(200)
    expect((await ask('GET', '/api/me', { headers: there })).statusCode).toBe(401)
    expect((await signIn('Ana', PASSWORD)).statusCode).toBe(401)
    expect((await signIn('ANA ', 'another long one')).statusCode).toBe(303)
  })

  it('hashes at today’s cost what was hashed at another, when its person signs in', async () => {
    const { id } = await add('Ana', 'owner')
    const old = await hashPassword(PASSWORD, { memory: 8192, passes: 1, parallelism: 1 })
    await database.db.updateTable('accounts').set({ password: old }).where('id', '=', id).execute()
    expect((await signIn('Ana', PASSWORD)).statusCode).toBe(303)
    const { password } = await database.db.selectFrom('accounts').select('password').where('id', '=', id).executeTakeFirstOrThrow()
    expect(password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await signIn('Ana', PASSWORD)).statusCode).toBe(303)
  })

  it('holds up who guesses: from one address, and for one name from everywhere', async () => {
    await add('Ana', 'owner')
    const guess = async (address: string | undefined, password = 'wrong password') => (await signIn('Ana', password, address)).statusCode
    for (let i = 0; i < 10; i++) expect(await guess('10.1.1.1')).toBe(401)
    expect(await guess('10.1.1.1')).toBe(429)
    // also the right one, from there: or guessing would tell
    expect(await guess('10.1.1.1', PASSWORD)).toBe(429)
    expect(await guess('10.1.1.2', PASSWORD)).toBe(303)
    for (let i = 0; i < 20; i++) expect(await guess(undefined)).toBe(401)
    expect(await guess(undefined)).toBe(429)
    const other = await signIn('Somebody', 'wrong password')
    expect(other.statusCode).toBe(401)
    expect(other.body).toContain('The name or the password is wrong.')
  })

  it('gives a new session at each sign-in, whatever the browser brought', async () => {
    await add('Ana', 'owner')
    const planted = 'A'.repeat(43)
    const answer = await app.inject({
      method: 'POST',
      url: '/login',
      payload: new URLSearchParams({ name: 'Ana', password: PASSWORD }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: `fototeca=${planted}`, 'sec-fetch-site': 'same-origin' },
    })
    expect(answer.statusCode).toBe(303)
    expect(cookieOf(answer).cookie).not.toContain(planted)
    expect((await ask('GET', '/api/me', { headers: { cookie: `fototeca=${planted}` } })).statusCode).toBe(401)
    const foreign = await app.inject({
      method: 'POST',
      url: '/login',
      payload: new URLSearchParams({ name: 'Ana', password: PASSWORD }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    })
    expect(foreign.statusCode).toBe(403)
  })

  it('keeps a key from doing more than its scopes, its account, its time, and from changing who comes in', async () => {
    await add('Ana', 'owner')
    const { id } = await add('Ben', 'contributor')
    const { id: cleo } = await add('Cleo', 'viewer')
    const ben = await enter('Ben')
    const make = (body: object, headers = ben) => ask('POST', '/api/keys', { headers, body })
    expect((await make({ name: 'a', scopes: ['see', 'edit'] })).json()).toMatchObject({
      code: 'invalid',
      detail: expect.stringContaining('edit'),
    })
    expect((await make({ name: 'a', scopes: ['see'], account: cleo })).statusCode).toBe(403)
    expect((await make({ name: 'a', scopes: [] })).statusCode).toBe(422)
    const { key, id: keyId } = (await make({ name: 'Phone sync', scopes: ['add'], days: 30 })).json() as { key: string; id: number }
    expect(key).toMatch(/^ftk_[\w-]{43}$/)
    const rows = await database.db.selectFrom('credentials').selectAll().where('kind', '=', 'key').execute()
    expect(JSON.stringify(rows)).not.toContain(key)
    expect(Buffer.from(rows[0]!.secret_hash).equals(createHash('sha256').update(key).digest())).toBe(true)
    const headers = { authorization: `Bearer ${key}` }
    expect((await ask('GET', '/api/photos', { headers })).statusCode).toBe(403)
    expect((await ask('POST', '/api/products/check', { headers })).statusCode).not.toBe(403)
    // as a cookie it is nothing, and a session is no key
    expect((await ask('GET', '/api/me', { headers: { cookie: `fototeca=${key}` } })).statusCode).toBe(401)
    expect((await ask('GET', '/api/me', { headers: { authorization: `Bearer ${ben.cookie.split('=')[1]}` } })).statusCode).toBe(401)
    const seeing = (await make({ name: 'b', scopes: ['see'] })).json().key as string
    const bySeeing = { authorization: `Bearer ${seeing}` }
    for (const [method, url, body] of [
      ['POST', '/api/keys', { name: 'c', scopes: ['see'] }],
      ['DELETE', `/api/keys/${keyId}`, undefined],
      ['POST', '/api/me/password', { old: PASSWORD, password: 'a new long password' }],
    ] as const)
      expect((await ask(method, url, { headers: bySeeing, body })).statusCode, url).toBe(403)
    // a demotion is felt by keys, too
    await ask('PATCH', `/api/accounts/${id}`, { headers: BEARER, body: { role: 'viewer' } })
    expect((await ask('POST', '/api/products/check', { headers })).statusCode).toBe(403)
    await database.db
      .updateTable('credentials')
      .set({ expires_at: new Date(Date.now() - 1) })
      .where('id', '=', keyId)
      .execute()
    await ask('PATCH', `/api/accounts/${id}`, { headers: BEARER, body: { role: 'contributor' } })
    expect((await ask('POST', '/api/products/check', { headers })).statusCode).toBe(401)
    const others = (await ask('GET', '/api/keys', { headers: await enter('Cleo') })).json()
    expect(others).toEqual({ keys: [] })
    expect((await ask('DELETE', `/api/keys/${keyId}`, { headers: await enter('Cleo') })).statusCode).toBe(404)
    expect((await ask('DELETE', `/api/keys/${keyId}`, { headers: ben })).statusCode).toBe(200)
  })

  it('shows and ends one’s own sessions alone', async () => {
    await add('Ana', 'owner')
    await add('Ben', 'viewer')
    const [ana, ben] = [await enter('Ana'), await enter('Ben')]
    const list = async (headers: Record<string, string>) =>
      (await ask('GET', '/api/sessions', { headers })).json().sessions as { id: number; current: boolean }[]
    expect(await list(ana)).toMatchObject([{ current: true }])
    const [{ id } = { id: 0 }] = await list(ana)
    expect((await ask('DELETE', `/api/sessions/${id}`, { headers: ben })).statusCode).toBe(404)
    expect((await ask('GET', '/api/me', { headers: ana })).statusCode).toBe(200)
  })

  it('writes down who did what from where, and no secret', async () => {
    const { id: ana } = await add('Ana', 'owner')
    await signIn('Ana', 'wrong password', '10.7.0.1')
    const headers = cookieOf(await signIn('Ana', PASSWORD, '10.7.0.2'))
    await ask('POST', '/api/downloads', { headers, body: { ids: [1] } })
    await ask('POST', '/api/trash/empty', { headers, body: {} })
    await ask('POST', '/api/keys', { headers, body: { name: 'k', scopes: ['see'] } })
    await ask('GET', '/api/photos', { headers })
    await ask('POST', '/api/accounts', { body: { name: 'x', role: 'owner', password: PASSWORD } })
    const { entries } = (await ask('GET', '/api/audit', { headers })).json()
    const short = (entries as { by: string; action: string; status: number }[]).map(({ by, action, status }) => `${by} ${action} ${status}`)
    expect(short.reverse()).toEqual([
      'owner addAccount 200',
      ' signInFailed 401',
      'Ana signIn 303',
      expect.stringMatching(/^Ana prepareDownload /),
      expect.stringMatching(/^Ana emptyTrash /),
      'Ana makeKey 200',
    ])
    expect(entries.find(({ action }: { action: string }) => action === 'signInFailed')).toMatchObject({
      target: { name: 'Ana' },
      address: '10.7.0.1',
    })
    expect(JSON.stringify(entries)).not.toContain('password')
    const found = (await ask('GET', '/api/audit?text=signin&limit=1', { headers })).json().entries
    expect(found).toMatchObject([{ action: 'signIn' }])
    expect(
      (await ask('GET', `/api/audit?before=${found[0].id}`, { headers })).json().entries.map(({ id }: { id: number }) => id),
    ).not.toContain(found[0].id)
    expect(ana).toBeGreaterThan(0)
  })
})

describe('without a token', () => {
  beforeEach(async () => {
    await truncateAll(database.db)
    app = await openTestServer(database)
    return () => app.close()
  })

  it('nobody signs in until the first account, which is an owner’s and signs in who made it', async () => {
    expect((await ask('GET', '/api/me')).json()).toMatchObject({ kind: 'open', may: ROLES.owner as readonly Permission[] })
    expect((await ask('POST', '/api/accounts', { body: { name: 'Ana', role: 'viewer', password: PASSWORD } })).statusCode).toBe(422)
    expect((await ask('POST', '/api/accounts', { body: { name: 'Ana', role: 'owner' } })).statusCode).toBe(422)
    expect((await ask('GET', '/api/me')).json()).toMatchObject({ kind: 'open' })
    const browser = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    const first = await ask('POST', '/api/accounts', { headers: browser, body: { name: 'Ana', role: 'owner', password: PASSWORD } })
    expect(first.statusCode).toBe(200)
    expect((await ask('GET', '/api/me')).statusCode).toBe(401)
    expect((await ask('GET', '/', { headers: { accept: 'text/html' } })).body).toContain('Password')
    expect((await ask('GET', '/api/me', { headers: cookieOf(first) })).json()).toMatchObject({ account: { name: 'Ana' } })
    // under another name of this machine it can be reached now: it demands a password
    expect((await ask('GET', '/api/me', { headers: { host: 'photos.example' } })).statusCode).toBe(401)
  })
})
