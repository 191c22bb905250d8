/** @file Wrong requests of every kind to every route: a 4xx with `detail` that names what is wrong; never a 500, a stack or a hang. */
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { mayBeEmpty } from '../../../src/http/take-empty-body.ts'
import { openTestDatabase, type TestDatabase } from '../../support/database.ts'
import { openTestServer } from '../../support/http.ts'
import { addPhoto } from '../../support/library.ts'
import { sweep } from '../../support/long.ts'

let database: TestDatabase
let app: FastifyInstance
const faults: unknown[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  await addPhoto(database.db)
  const note = (fields: object) => faults.push(fields)
  app = await openTestServer(database, { log: { debug: () => {}, info: note, warn: note, error: note } })
})
afterAll(async () => {
  await app.close()
  await database[Symbol.asyncDispose]()
})

const HOSTILE = [
  '',
  ' ',
  '0',
  '-1',
  '1.5',
  '1e99',
  '99999999999999999999',
  '2147483648',
  'NaN',
  'Infinity',
  '-0',
  '0x10',
  'null',
  'undefined',
  'true',
  'abc',
  '../../etc/passwd',
  '..\\..\\x',
  "' or 1=1 --",
  '"; drop table photos; --',
  '%',
  '_',
  '\\',
  '\0',
  'a\0b',
  '\u202e',
  '🦊',
  '\ud800',
  '日本語',
  '{}',
  '[]',
  '[object Object]',
  '$1',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '0000-01-01',
  '9999-99-99',
  '2024-02-30',
  '&&',
  '((',
  ':*',
  '!',
  'a & | !',
  '<->',
  'x'.repeat(90),
  'x'.repeat(5000),
  '__proto__',
  'constructor',
  'Ω≈ç√',
  '\r\nset-cookie: a=b',
  '\u0001\u0002',
]

/** Of these a sixth for each parameter, another one each time: every value is met by a sixth of all parameters. */
const SHARE = sweep(6, 1)
let turns = 0
const hostileValues = (): readonly string[] => {
  const turn = turns++ % SHARE
  return HOSTILE.filter((_, at) => at % SHARE === turn)
}

const encode = (text: string) => encodeURIComponent(text.toWellFormed())
const shapeOf = (route: Route) => ({
  params: Object.keys(route.params?.shape ?? {}),
  query: Object.keys(route.query?.shape ?? {}),
})

async function expectRefusalOrAnswer(request: InjectOptions): Promise<void> {
  const answer = await app.inject(request)
  const what = `${request.method} ${String(request.url).slice(0, 120)} → ${answer.statusCode} ${answer.body.slice(0, 200)}`
  expect(answer.statusCode, what).toBeLessThan(500)
  expect(answer.headers['x-content-type-options'], what).toBe('nosniff')
  if (answer.statusCode < 400) return
  expect(answer.headers['content-type'], what).toBe('application/json; charset=utf-8')
  const body = answer.json() as Record<string, unknown>
  expect(Object.keys(body).sort(), what).toEqual(['code', 'detail', 'message'])
  expect(body.detail, what).not.toMatch(/\n\s+at |node_modules|\.ts:\d/)
}

describe('a wrong method', () => {
  it('is told apart from a wrong address, and what the address answers is named', async () => {
    for (const { path, method } of Object.values<Route>(ROUTES)) {
      const answer = await app.inject({ method: 'PUT', url: path.replace(/:\w+/g, '1') })
      expect(answer.statusCode, path).toBe(405)
      expect(String(answer.headers.allow).split(', '), path).toContain(method)
      expect(answer.json(), path).toMatchObject({ code: 'wrong_method', detail: expect.stringContaining('PUT') })
    }
    expect((await app.inject({ method: 'DELETE', url: '/api/photos' })).headers.allow).toBe('GET, HEAD, POST')
    expect((await app.inject({ method: 'POST', url: '/docs' })).statusCode).toBe(405)
    expect((await app.inject({ method: 'PUT', url: '/api/photos/' })).statusCode).toBe(404)
  })
})

describe.each(Object.entries<Route>(ROUTES))('%s', (_name, route) => {
  it('withstands hostile values in every parameter', async () => {
    const { params, query } = shapeOf(route)
    const plain = route.path.replace(/:\w+/g, '1')
    // what must be there, so that the values behind it are looked at
    const needed = Object.entries({ q: 'a', reference_photo_id: '1' }).filter(([key]) => query.includes(key))
    const whole = `${plain}?${new URLSearchParams(needed)}`
    for (const key of params)
      for (const value of hostileValues())
        await expectRefusalOrAnswer({ method: route.method, url: route.path.replace(`:${key}`, encode(value)).replace(/:\w+/g, '1') })
    for (const key of query)
      for (const value of hostileValues()) await expectRefusalOrAnswer({ method: route.method, url: `${whole}&${key}=${encode(value)}` })
    for (const url of [
      `${plain}?a=%E0%A4%A`,
      `${plain}?%00=1`,
      `${plain}?q[]=1&q[a]=2`,
      ...query.flatMap((key) => [`${plain}?${key}=1&${key}=2`, `${whole}&${key}=&${key}=%00`, `${plain}?${key}`]),
      `${plain}?${'a=1&'.repeat(2000)}`,
      `${plain}?q=%ff%fe`,
    ])
      await expectRefusalOrAnswer({ method: route.method, url })
  })

  it('withstands hostile bodies', async () => {
    if (route.method === 'GET') return
    const url = route.path.replace(/:\w+/g, '1')
    const json = { 'content-type': 'application/json' }
    const bodies: InjectOptions[] = [
      {},
      { payload: '', headers: json },
      { payload: '{', headers: json },
      { payload: 'null', headers: json },
      { payload: '[]', headers: json },
      { payload: '7', headers: json },
      { payload: '"\\u0000"', headers: json },
      { payload: '{"path":"a\\u0000b","name":"a\\u0000b"}', headers: json },
      { payload: '{"path":{"a":["\\u0000"]},"name":7,"force":"perhaps"}', headers: json },
      { payload: '{"__proto__":{"a":1}}', headers: json },
      { payload: `{"path":"${'x'.repeat(5000)}","name":"${'x'.repeat(5000)}"}`, headers: json },
      { payload: `${'['.repeat(50_000)}`, headers: json },
      { payload: `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, headers: json },
      { payload: 'x'.repeat(2_000_000), headers: json },
      { payload: 'path=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { payload: 'text', headers: { 'content-type': 'text/plain' } },
      { payload: '<a/>', headers: { 'content-type': 'application/xml' } },
      { payload: 'x', headers: { 'content-type': 'nonsense' } },
      { payload: 'x', headers: { 'content-type': 'multipart/form-data' } },
      { payload: 'x', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      { payload: '--b\r\n\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      { payload: '--b--\r\n', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      { payload: '', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      {
        payload: '--b\r\ncontent-disposition: form-data; name="__proto__"; filename="a"\r\n\r\nx\r\n--b--\r\n',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      },
      {
        payload: '--b\r\ncontent-disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
      },
    ]
    for (const body of bodies) await expectRefusalOrAnswer({ method: route.method, url, ...body })
  })
})

describe('a refusal', () => {
  const status = async (url: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET') => (await app.inject({ method, url })).statusCode

  it('names the parameter', async () => {
    const detail = async (url: string) => (await app.inject(url)).json().detail
    expect((await app.inject('/api/photos?limit=0')).json().message).toEqual({
      code: 'request.invalid',
      params: { fields: [{ field: 'limit', problem: { code: 'field.at-least', params: { bound: 1, of: null } } }] },
    })
    expect(await detail('/api/photos?limit=0')).toBe('limit: must be at least 1')
    expect(await detail('/api/photos?skip=-1&limit=x')).toBe('skip: must be at least 0; limit: must be a whole number')
    expect(await detail('/api/search?mode=guess')).toBe('mode: must be "hybrid", "keyword", or "semantic"')
    const edit = async (payload: object) => (await app.inject({ method: 'POST', url: '/api/edits', payload })).json().detail
    const operations = [{ do: 'trash' }]
    expect(await edit({ photos: [1], operations })).toBe('photos: must be an object with ids or an object with search')
    expect(await edit({ photos: { ids: 1 }, operations })).toBe('photos.ids: must be a list of whole numbers')
    expect(await edit({ photos: { search: { from: 'May' } }, operations })).toBe('photos.search.from: must be a day, e.g. 2024-12-31')
    expect(await edit({ photos: { ids: [1] }, operations: [{ do: 'paint' }] })).toMatch(/^operations\.0\.do: must be "add_tags", /)
    expect(await detail('/api/search?people=1,x')).toMatch(/^people\.1: /)
    expect(await detail('/search')).toBe('q: is missing')
    expect(await detail('/search?q=')).toBe('q: must not be empty')
    expect(await detail(`/search?q=${'x'.repeat(501)}&top_k=1000`)).toBe('q: must have at most 500 characters; top_k: must be at most 200')
    expect(await detail('/photo/abc')).toBe('id: must be a whole number')
    expect(await detail('/photo/0')).toBe('id: must be more than 0')
    expect(await detail('/api/search?q=a%00b')).toBe('q: must not hold a NUL character')
  })

  it('has the right status', async () => {
    expect(await status('/api/photos/4711')).toBe(404)
    expect(await status('/photo/4711')).toBe(404)
    expect(await status('/thumbnail/4711')).toBe(404)
    for (const id of ['abc', '-1', '1e99', '0', '99999999999999999999']) expect(await status(`/photo/${id}`), id).toBe(422)
    expect(await status(`/photo/${'1'.repeat(500)}`)).toBe(404)
    expect(await status('/no/such/thing')).toBe(404)
    expect(await status('/%E0%A4%A')).toBe(400)
    const form = {
      method: 'POST',
      url: '/api/sources',
      payload: 'path=a',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    } as const
    expect((await app.inject(form)).statusCode).toBe(415)
    expect((await app.inject({ method: 'POST', url: '/upload', payload: {} })).statusCode).toBe(415)
    const big = { method: 'POST', url: '/api/sources', payload: { path: 'x'.repeat(1_100_000) } } as const
    expect((await app.inject(big)).statusCode).toBe(413)
  })

  it('of JSON that is nested too deeply is a 400 saying so; brackets in words are words', async () => {
    for (const [begin, end] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const payload = `{"path":${begin.repeat(20_000)}1${end.repeat(20_000)}}`
      const answer = await app.inject({ method: 'POST', url: '/api/sources', payload, headers: { 'content-type': 'application/json' } })
      expect(answer.statusCode).toBe(400)
      expect(answer.json()).toMatchObject({ code: 'bad_request', detail: expect.stringContaining('nested') })
    }
    const named = await app.inject({ method: 'POST', url: '/api/albums', payload: { name: '['.repeat(150) } })
    expect(named.statusCode).toBe(200)
  })

  it('never was a fault of ours', () => {
    expect(faults).toEqual([])
  })
})

describe('a body that may be left out', () => {
  // asking for it does nothing here, or too much; the state of work that was begun is another each time
  const NOT_CALLED = new Set(['pullModels', 'runDescribe', 'startVerify', 'startRebuild'])
  const names = (Object.keys(ROUTES) as (keyof typeof ROUTES)[]).filter((name) => mayBeEmpty(ROUTES[name]))

  it('is left out with and without a content type, and the document says so', async () => {
    expect(names.length).toBeGreaterThan(5)
    const { paths } = (await app.inject('/openapi.json')).json()
    for (const name of names.filter((one) => !NOT_CALLED.has(one))) {
      const route: Route = ROUTES[name]
      const url = route.path.replace(':id', '4711').replace(':store', 'none')
      for (const headers of [{}, { 'content-type': 'application/json' }]) {
        const bare = await app.inject({ method: 'POST', url, headers })
        const same = await app.inject({ method: 'POST', url, payload: {} })
        expect([bare.statusCode, bare.json()], name).toEqual([same.statusCode, same.json()])
      }
      expect(paths[route.path.replace(/:(\w+)/g, '{$1}')].post.requestBody.required, name).toBe(false)
    }
    expect((await app.inject({ method: 'POST', url: '/api/categories' })).statusCode).toBe(422)
    expect(paths['/api/categories'].post.requestBody.required).toBe(true)
  })

  it('the document names the tag of a photo and the header that takes it', async () => {
    const { paths } = (await app.inject('/openapi.json')).json()
    const { post } = paths['/api/edits']
    expect(post.parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'If-Match' }))
    expect(post.responses['412'].description).toContain('Changed')
    expect(paths['/api/photos/{id}'].get.responses['200'].headers.ETag.description).toContain('If-Match')
    expect(paths['/api/photos/{id}/thumbnail'].get.responses['200'].headers.ETag).toBeTruthy()
    expect(paths['/api/faces/{id}/picture'].get.responses['200'].headers).toBeUndefined()
  })
})

describe('a fault of ours', () => {
  it('answers 500 without its message, and is logged with it', async () => {
    const logged: object[] = []
    const broken = await openTestServer(database, {
      services: () => ({ search: () => Promise.reject(new TypeError('secret path /home/x')) }),
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: (fields) => logged.push(fields) },
    })
    const answer = await broken.inject('/api/search?q=private+words')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('secret')
    expect(logged).toEqual([{ err: expect.any(TypeError), route: '/api/search', code: 'internal' }])
    await broken.close()
  })
})
