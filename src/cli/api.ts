/** @file Calls of the contract’s routes, typed by their entries, through whichever door is open: HTTP or in-process. */
import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { Problem, type Route } from '../contract/routes/route.ts'
import { ROUTES, type RouteName } from '../contract/routes.ts'
import { FototecaError } from '../domain/errors.ts'
import type { ApiFetch } from '../http/in-process.ts'

type Given<N extends RouteName, K extends string> = (typeof ROUTES)[N] extends { readonly [P in K]: infer S extends z.ZodType }
  ? z.input<S>
  : never

interface CallInput<N extends RouteName> {
  readonly params?: Record<string, string | number>
  /** as a person typed it: the server reads numbers and switches, and refuses what it does not know */
  readonly query?: [Given<N, 'query'>] extends [never] ? never : { readonly [K in keyof Given<N, 'query'>]?: unknown }
  readonly body?: Given<N, 'body'>
  readonly upload?: { readonly contentType: string; readonly body: Readable }
}

type JsonRoute = { [N in RouteName]: (typeof ROUTES)[N]['answer'] extends z.ZodType ? N : never }[RouteName]
type AnswerOf<N extends JsonRoute> = (typeof ROUTES)[N]['answer'] extends infer S extends z.ZodType ? z.output<S> : never

export interface Api {
  /** @throws ApiError with what the server said */
  call<N extends JsonRoute>(name: N, input?: CallInput<N>): Promise<AnswerOf<N>>
  /** The bytes at a path that a route answered, as they come. @throws ApiError */
  fetchBytes(path: string): Promise<Readable>
}

/** The server refused; `status` decides the exit code. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, detail: string, code = 'internal') {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
}

/** @param token FOTOTECA_TOKEN, or the secret by which a server knows the command line of its machine */
export function createApi(fetch: ApiFetch, token: string | undefined): Api {
  return {
    async call(name, input = {}) {
      const route: Route = ROUTES[name]
      const answer = await fetch(buildPath(route.path, input.params, input.query), {
        method: route.method,
        headers: {
          accept: 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(input.upload ? { 'content-type': input.upload.contentType } : {}),
          ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(input.upload ? { body: input.upload.body } : {}),
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      })
      const json = parseJson(await answer.text(), answer.status)
      if (answer.status >= 400) {
        const problem = Problem.safeParse(json)
        throw new ApiError(
          answer.status,
          problem.success ? problem.data.detail : `the server answered ${answer.status}`,
          problem.data?.code,
        )
      }
      return (route.answer as z.ZodType).parse(json) as AnswerOf<typeof name>
    },

    async fetchBytes(path) {
      const answer = await fetch(path, { method: 'GET', headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
      if (answer.status < 400) return answer.bytes()
      const problem = Problem.safeParse(parseJson(await answer.text(), answer.status))
      throw new ApiError(answer.status, problem.data?.detail ?? `the server answered ${answer.status}`, problem.data?.code)
    },
  }
}

function buildPath(pattern: string, params: CallInput<RouteName>['params'], query: Readonly<Record<string, unknown>> | undefined): string {
  const path = pattern.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params?.[key] ?? '')))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  return search.size === 0 ? path : `${path}?${search}`
}

function parseJson(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FototecaError('internal', `the server answered ${status} with something that is no JSON; is it fototeca?`, { cause: error })
  }
}
