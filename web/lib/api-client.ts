/** @file The typed client: every call is a route of the contract, its parameters and answer follow from the table. */
import { routes } from 'virtual:contract'
import type { z } from 'zod'
import type { ROUTES, RouteName } from '../../src/contract/routes.ts'
import { escapeControls } from '../../src/domain/escape-controls.ts'

type Table = typeof ROUTES
type JsonRoute = {
  [N in RouteName]: Table[N]['answer'] extends z.ZodType ? (Table[N] extends { upload: true } ? never : N) : never
}[RouteName]
type BytesRoute = { [N in RouteName]: Table[N]['answer'] extends string ? N : never }[RouteName]

type PartOf<N extends RouteName, K extends 'params' | 'query'> = Table[N] extends { [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined
/** what may be left out of a body has its default on the server */
type BodyOf<N extends RouteName> = Table[N] extends { body: infer S extends z.ZodType } ? z.input<S> : undefined
type Optional<T> = { [K in keyof T]?: T[K] | undefined }

/** What a call of a route takes. Query parameters have defaults on the server, so each may be left out. */
export type CallOf<N extends RouteName> = {
  readonly [K in 'params' as PartOf<N, K> extends undefined ? never : K]: PartOf<N, K>
} & { readonly [K in 'query' as PartOf<N, K> extends undefined ? never : K]?: Optional<PartOf<N, K>> } & {
  readonly [K in 'body' as [BodyOf<N>] extends [undefined] ? never : K]: BodyOf<N>
} & { readonly signal?: AbortSignal }

/** What a route answers. */
export type AnswerOf<N extends RouteName> = Table[N]['answer'] extends infer S extends z.ZodType ? z.output<S> : never

/** An answer that is not a success; `message` is the server’s `detail`, meant for a person. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string | undefined
  constructor(status: number, detail: string, code?: string) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
}

const NO_ANSWER = 'The library does not answer. Is fototeca still running?'

interface LooseCall {
  readonly params?: Record<string, unknown>
  readonly query?: Record<string, unknown>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** Calls a route that answers JSON. */
export async function callApi<N extends JsonRoute>(name: N, call: CallOf<N>): Promise<AnswerOf<N>> {
  const { params, query, body, signal } = call as LooseCall
  let response: Response
  try {
    response = await fetch(fillPath(name, params) + writeQuery(query), {
      method: routes[name].method,
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, NO_ANSWER)
  }
  if (response.status === 401) location.reload() // signed out meanwhile: the server gives the page to sign in
  const text = await response.text()
  if (!response.ok) throw readProblem(response.status, text)
  return JSON.parse(text, showNames) as AnswerOf<N>
}

const NAMES = new Set(['filename', 'path', 'paths', 'detail', 'message', 'notice', 'notices'])

/** Names of files and folders, and sentences that hold them, as they can be shown. The page asks for nothing by them. */
function showNames(key: string, value: unknown): unknown {
  if (!NAMES.has(key)) return value
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? escapeControls(item) : item))
  return typeof value === 'string' ? escapeControls(value) : value
}

interface Pictured {
  readonly id: number
  readonly thumbhash: string | null
}

/** The address of a rendition. Its thumbhash stands for its content, so that the browser may keep it until it changes. */
export function pictureUrl(name: Extract<BytesRoute, 'getThumbnail' | 'getPreview'>, { id, thumbhash }: Pictured): string {
  return fillPath(name, { id }) + writeQuery(thumbhash === null ? {} : { v: thumbhash })
}

/** The address of the bytes as they came. */
export const originalUrl = (id: number): string => fillPath('getOriginal', { id })

/** Asks for the first byte of a file. @throws ApiError why the file is not sent: a download that fails says only that it failed */
export async function expectFile(url: string): Promise<void> {
  const answer = await fetch(url, { headers: { range: 'bytes=0-0' } }).catch(() => null)
  if (!answer) throw new ApiError(0, NO_ANSWER)
  if (!answer.ok) throw readProblem(answer.status, await answer.text())
  await answer.body?.cancel()
}

/** The address uploads go to. */
export const uploadUrl = (): string => routes.uploadPhotos.path

/** The address product pictures of a store go to. */
export const productUploadUrl = (store: string): string => `${routes.takePicture.path}${writeQuery({ store })}`

/** The address of the ZIP of a store’s products. */
export const productExportUrl = (store: string, names: 'amazon' | 'shopify'): string =>
  `${routes.exportProducts.path}${writeQuery({ store, names })}`

/** The error of an answer, with the server’s own sentence where it gave one. */
export function readProblem(status: number, text: string): ApiError {
  try {
    const { detail, code } = JSON.parse(text, showNames) as { detail?: unknown; code?: unknown }
    if (typeof detail === 'string') return new ApiError(status, detail, typeof code === 'string' ? code : undefined)
  } catch {
    // not JSON: something between us and the library answered
  }
  return new ApiError(status, `The library answered ${status}.`)
}

function fillPath(name: RouteName, params: Record<string, unknown> = {}): string {
  return routes[name].path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(params[key])))
}

/** Lists become repeated keys; what is not set is left out. */
function writeQuery(query: Record<string, unknown> = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined && item !== '') search.append(key, String(item))
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
