/** @file Every error that can leave a handler, mapped once to a status and `{ detail, code }` for a person. Never a stack. */
import type { FastifyError } from 'fastify'
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import { type Message, message, render, textMessage } from '../contract/messages/message.ts'
import { type ErrorCode, FototecaError } from '../domain/errors.ts'
import { findOutageKind } from '../domain/outage.ts'

interface Known {
  readonly status: number
  readonly code: ErrorCode
  readonly message: Message
  /** seconds after which trying again makes sense */
  readonly retryAfter?: number
  /** a fault of ours: logged with its stack */
  readonly isFault?: true
}

/** `detail`: the message as a sentence */
export type Problem = Known & { readonly detail: string }

const RETRY_AFTER: Partial<Record<number, number>> = { 429: 2, 503: 5, 507: 60 }

const FASTIFY_STATUS: Readonly<Record<string, Omit<Known, 'retryAfter' | 'isFault'>>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, code: 'bad_request', message: message('http.content-type') },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'too_large', message: message('http.body-too-large') },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'bad_request', message: message('http.not-json') },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'bad_request', message: message('http.empty-json') },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, code: 'bad_request', message: message('http.body-length') },
  FST_ERR_MAX_PARAM_LENGTH: { status: 404, code: 'not_found', message: message('http.long-address') },
  FST_ERR_BAD_URL: { status: 400, code: 'bad_request', message: message('http.bad-url') },
  FST_INVALID_MULTIPART_CONTENT_TYPE: { status: 415, code: 'bad_request', message: message('http.send-multipart') },
  FST_REQ_FILE_TOO_LARGE: { status: 413, code: 'too_large', message: message('http.file-too-large') },
  FST_PARTS_LIMIT: { status: 413, code: 'too_large', message: message('http.too-many-parts') },
  FST_FILES_LIMIT: { status: 413, code: 'too_large', message: message('http.too-many-files') },
  FST_FIELDS_LIMIT: { status: 413, code: 'too_large', message: message('http.too-many-fields') },
  FST_MULTIPART_PREMATURE_CLOSE: { status: 400, code: 'bad_request', message: message('http.cut-off') },
}

export function toProblem(error: unknown): Problem {
  const problem = mapError(error)
  const retryAfter = problem.retryAfter ?? RETRY_AFTER[problem.status]
  const told = { ...problem, detail: render(problem.message) }
  return retryAfter === undefined ? told : { ...told, retryAfter }
}

function mapError(error: unknown): Known {
  if (error instanceof FototecaError) {
    const { status, code, said, retryAfter } = error
    return { status, code, message: said, ...(retryAfter ? { retryAfter } : {}), ...(status === 500 ? { isFault: true as const } : {}) }
  }
  if (hasZodFastifySchemaValidationErrors(error)) return { status: 422, code: 'invalid', message: describeIssues(error) }
  if (isResponseSerializationError(error)) return FAULT
  const { code, statusCode, message: text } = error as Partial<FastifyError>
  const known = code === undefined ? undefined : FASTIFY_STATUS[code]
  if (known) return known
  if (text !== undefined && isMalformedMultipart(text))
    return { status: 400, code: 'bad_request', message: message('http.damaged-multipart', { text }) }
  const fromSystem = mapOutage(error) ?? mapSystemCode(code)
  if (fromSystem) return fromSystem
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: 'bad_request', message: text ? textMessage(text) : message('http.bad-request') }
  return FAULT
}

const FAULT: Known = {
  status: 500,
  code: 'internal',
  message: message('http.internal'),
  isFault: true,
}

function mapOutage(error: unknown): Known | undefined {
  const kind = findOutageKind(error)
  if (kind === 'disk_full') return { status: 507, code: 'disk_full', message: message('http.disk-full'), isFault: true }
  if (kind === 'unavailable') return { status: 503, code: 'unavailable', message: message('http.unavailable'), isFault: true }
  return undefined
}

/** Codes of Postgres (five characters) and of the operating system. */
function mapSystemCode(code: string | undefined): Known | undefined {
  if (code === undefined) return undefined
  // class 22: a value the database cannot hold (NUL byte, year 0): the schema should have refused it, the answer is the same
  if (/^22[0-9A-Z]{3}$/.test(code)) return { status: 422, code: 'invalid', message: message('http.bad-value') }
  if (/^(08|57P|53|58)[0-9A-Z]{2,3}$/.test(code))
    return { status: 503, code: 'unavailable', message: message('http.no-database'), isFault: true }
  if (code === 'EMFILE' || code === 'ENFILE')
    return { status: 503, code: 'unavailable', message: message('http.open-files'), isFault: true }
  return undefined
}

/** What busboy says of a body that is no multipart or ends early; these carry no code. */
function isMalformedMultipart(text: string): boolean {
  return /multipart|malformed part header|unexpected end of (form|multipart)|terminated early|boundary/i.test(text)
}

interface Issue {
  readonly instancePath: string
  readonly message?: string | undefined
  readonly keyword?: string | undefined
  /** each of the fields is known, but not with the others */
  readonly isApart?: true
  readonly params?: {
    readonly expected?: unknown
    readonly origin?: unknown
    readonly minimum?: unknown
    readonly maximum?: unknown
    readonly inclusive?: unknown
    /** of `unrecognized_keys` */
    readonly keys?: readonly string[]
    /** of `invalid_union`: what each of its schemas said */
    readonly errors?: readonly (readonly UnionIssue[])[]
  }
}
interface UnionIssue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
}

/** A field and what is wrong with it, for the first five. */
function describeIssues(error: { validation: readonly Issue[]; validationContext?: string | undefined }): Message {
  const issues = error.validation.map(findUnknown)
  // a misspelt field is why another one is missing: it is told first
  const told = [...issues.filter(({ params }) => params?.keys), ...issues.filter(({ params }) => !params?.keys)].slice(0, 5)
  return message('request.invalid', {
    fields: told.map((issue) => {
      const path = issue.instancePath.split('/').filter((part) => part !== '')
      const names = issue.params?.keys?.slice(0, 5).map((key) => [...path, key].join('.')) ?? [path.join('.')]
      return { field: (names.join(', ') || (error.validationContext ?? 'request')).slice(0, 100), problem: sayIssue(issue) }
    }),
  })
}

/** Of a choice between objects: the fields that none of them knows, else those that are known but not together. */
function findUnknown(issue: Issue): Issue {
  const objects = issue.params?.errors?.filter((said) => !said.some(({ code, path }) => code === 'invalid_type' && path.length === 0)) ?? []
  const unknown = objects.map((said) => said.filter(({ code, path }) => code === 'unrecognized_keys' && path.length === 0))
  const keys = unknown.map((said) => said.flatMap((one) => one.keys ?? []))
  const inAll = keys[0]?.filter((key) => keys.every((others) => others.includes(key))) ?? []
  const messages = unknown.flatMap((said) => said.map(({ message }) => message))
  if (inAll.length > 0) return { ...issue, message: messages.find((text) => text.endsWith('?')) ?? messages[0], params: { keys: inAll } }
  if (keys.length > 1 && keys.every(({ length }, at) => length > 0 && objects[at]?.length === unknown[at]?.length))
    return { ...issue, isApart: true, params: { keys: [...new Set(keys.flat())] } }
  return issue
}

const COUNTED: Readonly<Record<string, 'characters' | 'items'>> = { string: 'characters', array: 'items' }

/** zod’s words for the commonest mistakes are a programmer’s (`expected number, received NaN`); a schema’s own sentence stands. */
function sayIssue({ keyword, message: text, isApart, params = {} }: Issue): Message {
  const { expected, origin, inclusive } = params
  if (isApart) return message('field.apart')
  if (text === undefined) return message('field.wrong')
  if (text.startsWith('Invalid input: expected '))
    return text.endsWith('received undefined') ? message('field.missing') : message('field.type', { expected: String(expected) })
  if (!/^Too (small|big): /.test(text)) return textMessage(text)
  const most = keyword === 'too_big'
  const limit = most ? params.maximum : params.minimum
  const bound = { bound: typeof limit === 'number' ? limit : String(limit), of: COUNTED[String(origin)] ?? null }
  if (inclusive === false) return message(most ? 'field.less-than' : 'field.more-than', bound)
  if (!most && bound.of === 'characters' && bound.bound === 1) return message('field.empty')
  return message(most ? 'field.at-most' : 'field.at-least', bound)
}
