/** @file A wrong value in any field of any route is refused by the name of the field, with what is expected there. */
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Message, render } from '../../../src/contract/messages/message.ts'
import type { Route } from '../../../src/contract/routes/route.ts'
import { ROUTES } from '../../../src/contract/routes.ts'
import { silentLog } from '../../../src/domain/log.ts'
import { createHttpServer } from '../../../src/http/server.ts'
import type { Services } from '../../../src/http/services.ts'

let app: FastifyInstance
beforeAll(async () => {
  // what is refused here reaches no handler
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

type Json = z.core.JSONSchema.JSONSchema
interface Field {
  readonly path: readonly string[]
  /** what has to be there for this field to be looked at */
  readonly around: readonly (readonly [readonly string[], unknown])[]
  readonly schema: Json
}

/** Every field of a schema, at any depth. */
function listFields(schema: Json, path: readonly string[] = [], around: Field['around'] = []): Field[] {
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Json[]
  if (options.length > 0) return options.flatMap((option) => listFields(option, path, around))
  if (schema.type === 'array') return listFields(schema.items as Json, [...path, '0'], around)
  const fields = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  const chosen = fields.flatMap(([name, { const: value }]) => (value === undefined ? [] : [[[...path, name], value] as const]))
  return fields.flatMap(([name, field]) => {
    const here = [...path, name]
    const beside = field.const === undefined ? [...around, ...chosen] : around
    return [{ path: here, around: beside, schema: field }, ...listFields(field, here, beside)]
  })
}

function set(target: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[first] = value
  else {
    if (target[first] === undefined) target[first] = rest[0] === '0' ? [] : {}
    set(target[first] as Record<string, unknown>, rest, value)
  }
}

/** What a refusal must tell of a field, by its schema. */
function expectedWords(schema: Json): string[] {
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Json[]
  if (options.length > 0) return options.flatMap(expectedWords)
  if (schema.const !== undefined) return [JSON.stringify(schema.const)]
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value))
  if (schema.format === 'date') return ['a day']
  const words = {
    integer: 'whole number',
    number: 'number',
    string: 'text',
    boolean: 'true or false',
    array: 'list',
    object: 'object',
    null: 'null',
  } as const
  return [schema.type ?? []].flat().map((type) => words[type as keyof typeof words])
}

const EXAMPLES: Readonly<Record<string, string>> = { key: '8b4a3c1e-5f0d-4c59-9c3e-1d2f3a4b5c6d', store: 'alya', name: 'x', word: 'cat' }
const addressOf = ({ path }: Route) => path.replace('*', 'a.jpg').replace(/:(\w+)/g, (_, name: string) => EXAMPLES[name] ?? '1')

async function refusal(request: InjectOptions): Promise<ReadonlyMap<string, string>> {
  const answer = await app.inject(request)
  expect(answer.statusCode, `${request.method} ${request.url} ${answer.body.slice(0, 300)}`).toBe(422)
  const { message, detail } = answer.json() as { message: Message; detail: string }
  const fields = message.params.fields as readonly { readonly field: string; readonly problem: Message }[]
  for (const { field } of fields) expect(detail).toContain(`${field}: `)
  return new Map(fields.map(({ field, problem }) => [field, render(problem)]))
}

/** What is read first and checked then has no shape as it is taken, but one as it is handed on. */
function toJson(schema: z.ZodType): Json {
  const [taken, handed] = (['input', 'output'] as const).map((io) =>
    z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }),
  )
  const fill = (one: unknown, other: unknown): unknown => {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || typeof other !== 'object' || other === null) return one
    const isOpen = Object.keys(one).every((key) => key === 'description' || key === 'default')
    if (isOpen) return other
    return Object.fromEntries(Object.entries(one).map(([key, value]) => [key, fill(value, Reflect.get(other, key))]))
  }
  return fill(taken, handed) as Json
}

/** The field itself, or the first of a list: one value stands for a list of it. */
function findTold(told: ReadonlyMap<string, string>, field: string, schema: Json): { problem: string | undefined; words: string[] } {
  const own = told.get(field)
  return own === undefined
    ? { problem: [...told].find(([name]) => name.startsWith(`${field}.`))?.[1], words: expectedWords((schema.items ?? {}) as Json) }
    : { problem: own, words: expectedWords(schema) }
}
const rows = Object.entries<Route>(ROUTES)

describe('in bodies', () => {
  const cases = rows.flatMap(([name, route]) =>
    route.body ? listFields(toJson(route.body)).map((field) => ({ name, route, field, shown: field.path.join('.') })) : [],
  )
  it.each(cases)('$name: $shown', async ({ route, field: { path, around, schema } }) => {
    const payload = {}
    for (const [where, value] of around) set(payload, where, value)
    // an object where none may be, else a number beyond all fractions: neither is taken for anything
    set(payload, path, expectedWords(schema).includes('object') ? 0.5 : { wrong: true })
    const told = await refusal({ method: route.method as 'POST', url: addressOf(route), payload })
    const { problem, words } = findTold(told, path.join('.'), schema)
    expect(problem, JSON.stringify([...told])).toBeDefined()
    for (const word of words) expect(problem).toContain(word)
  })
})

describe('in queries', () => {
  const cases = rows.flatMap(([name, route]) =>
    Object.entries((route.query ? (toJson(route.query).properties ?? {}) : {}) as Record<string, Json>).map(([field, schema]) => ({
      name,
      route,
      field,
      schema,
    })),
  )
  it.each(cases)('$name: $field', async ({ route, field, schema }) => {
    // twice is a list, and nothing that a query takes once; of a list each text is one, but not one this long
    const wrong = new URLSearchParams([
      [field, '{}'],
      [field, 'x'.repeat(5000)],
    ])
    // the body is looked at first, so it must be right
    const needed = (route.body ? toJson(route.body).required : undefined) as string[] | undefined
    const payload = needed && { payload: Object.fromEntries(needed.map((name) => [name, 'x'])) }
    const told = await refusal({ method: route.method as 'GET', url: `${addressOf(route)}?${wrong}`, ...payload })
    const { problem, words } = findTold(told, field, schema)
    expect(problem, JSON.stringify([...told])).toBeDefined()
    for (const word of words) expect(problem).toContain(word === 'text' && !told.has(field) ? 'at most' : word)
  })
})
