/** @file A field that a route does not know is refused by its name, in queries and bodies, at any depth; except where the contract says `lenient`. */
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createHttpServer } from '../../../src/http/server.ts'
import type { Services } from '../../../src/http/services.ts'
import { toStrict } from '../../../src/http/strict.ts'
import { mayBeEmpty } from '../../../src/http/take-empty-body.ts'

let app: FastifyInstance

beforeAll(async () => {
  // what is refused here reaches no handler; what is not refused fails for want of a service
  app = await createHttpServer({
    config: { host: '127.0.0.1', token: undefined, maxBytes: 1 },
    services: {
      outages: { current: () => undefined },
      accounts: { exist: async () => false },
      audit: { add: () => {} },
    } as unknown as Services,
    log: silentLog,
    webDir: join(import.meta.dirname, 'no-such-folder'),
  })
})
afterAll(() => app.close())

const UNKNOWN = 'no_such_field'
const REFUSED = {
  status: 422,
  body: {
    code: 'invalid',
    detail: expect.stringMatching(/^no_such_field: unknown field/),
    message: expect.objectContaining({ code: 'request.invalid' }),
  },
}
const EXAMPLES: Readonly<Record<string, string>> = {
  key: '8b4a3c1e-5f0d-4c59-9c3e-1d2f3a4b5c6d',
  store: 'alya',
  name: 'x',
  word: 'cat',
  lane: 'analyse',
}

const addressOf = ({ path }: Route) => path.replace('*', 'a.jpg').replace(/:(\w+)/g, (_, name: string) => EXAMPLES[name] ?? '1')
const takesBody = ({ method, upload }: Route) => (method === 'POST' || method === 'PATCH') && !upload

async function ask(request: InjectOptions): Promise<{ status: number; body: unknown }> {
  const answer = await app.inject(request)
  return { status: answer.statusCode, body: answer.json() }
}

/** A choice by the field `do` looks into an object only when it was made. */
function choose(body: z.ZodType | undefined): object {
  const option = body instanceof z.ZodDiscriminatedUnion ? (body.options[0] as z.ZodObject) : undefined
  return option ? { do: (option.shape.do as z.ZodLiteral).value } : {}
}
const CASES = Object.entries<Route>(ROUTES).flatMap(([name, route]) => {
  const { method, lenient } = route
  const url = addressOf(route)
  // a body that is missing is told before the query is looked at
  const inQuery = takesBody(route) && route.body && !mayBeEmpty(route) ? [] : [{ method, url: `${url}?${UNKNOWN}=1` }]
  const inBody = takesBody(route) ? [{ method, url, payload: { ...choose(route.body), [UNKNOWN]: 1 } }] : []
  return [...inQuery, ...inBody].map((request) => ({ name, lenient, request }))
})

it.each(CASES)('$name: $request.method $request.url', async ({ lenient, request }) => {
  const answer = await ask(request)
  if (lenient) expect(JSON.stringify(answer)).not.toContain(UNKNOWN)
  else expect(answer).toEqual(REFUSED)
})

const detailOf = async (method: 'GET' | 'POST', url: string, payload?: object) => {
  const { status, body } = await ask({ method, url, ...(payload ? { payload } : {}) })
  return `${status} ${(body as { detail: string }).detail}`
}

it('is told in the query of a request that has a body, too', async () => {
  expect(await detailOf('POST', '/api/reprocess?dry_run=true', { steps: ['ocr'] })).toBe('422 dry_run: unknown field')
})

it('is told inside of lists and of choices between objects, with what was meant where it is a slip away', async () => {
  const reprocess = (photos: object) => detailOf('POST', '/api/reprocess', { steps: ['ocr'], photos })
  expect(await detailOf('GET', '/api/photos?curser=x&after=3')).toBe('422 curser, after: unknown fields; did you mean cursor?')
  expect(await reprocess({ serch: {} })).toBe('422 photos.serch: unknown field; did you mean search?')
  expect(await reprocess({ search: { q: 'a', categry: ['x'] } })).toBe('422 photos.search.categry: unknown field; did you mean category?')
  expect(await reprocess({ ids: [1], search: {} })).toBe('422 photos.search, photos.ids: these fields do not go together')
  const operations = [{ do: 'trash' }, { do: 'set_rating', rating: 1, stars: 2 }]
  expect(await detailOf('POST', '/api/edits', { photos: { ids: [1] }, operations })).toBe('422 operations.1.stars: unknown field')
})

it('has no place to hide in: every object of every body is closed', () => {
  const open: string[] = []
  const look = (part: unknown, where: string): void => {
    if (typeof part !== 'object' || part === null) return
    if ('properties' in part && (part as { additionalProperties?: unknown }).additionalProperties !== false) open.push(where)
    for (const [key, inner] of Object.entries(part)) look(inner, `${where}/${key}`)
  }
  for (const [name, route] of Object.entries<Route>(ROUTES))
    for (const schema of [route.query, route.body])
      if (schema && !route.lenient) look(z.toJSONSchema(toStrict(schema), { io: 'input' }), name)
  expect(open).toEqual([])
})
