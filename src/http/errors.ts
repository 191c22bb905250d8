/** @file Every error that can leave a handler, mapped once to a status and `{ detail, code }` for a person. Never a stack. */
import type { FastifyError } from 'fastify'
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import { type ErrorCode, FototecaError } from '../domain/errors.ts'
import { findOutageKind } from '../domain/outage.ts'

export interface Problem {
  readonly status: number
  readonly code: ErrorCode
  readonly detail: string
  /** seconds after which trying again makes sense */
  readonly retryAfter?: number
  /** a fault of ours: logged with its stack */
  readonly isFault?: true
}

const RETRY_AFTER: Partial<Record<number, number>> = { 429: 2, 503: 5, 507: 60 }

const FASTIFY_STATUS: Readonly<Record<string, { status: number; code: ErrorCode; detail?: string }>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, code: 'bad_request', detail: 'this content type is not accepted here' },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'too_large', detail: 'the body of the request is too large' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'bad_request', detail: 'the body is not JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'bad_request', detail: 'the body is empty; JSON was announced' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, code: 'bad_request', detail: 'the body is not as long as announced' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 404, code: 'not_found', detail: 'there is nothing at an address this long' },
  FST_ERR_BAD_URL: { status: 400, code: 'bad_request', detail: 'the URL is not well formed' },
  FST_INVALID_MULTIPART_CONTENT_TYPE: { status: 415, code: 'bad_request', detail: 'send the pictures as multipart/form-data' },
  FST_REQ_FILE_TOO_LARGE: { status: 413, code: 'too_large', detail: 'the file is larger than FOTOTECA_MAX_BYTES allows' },
  FST_PARTS_LIMIT: { status: 413, code: 'too_large', detail: 'too many parts in one request' },
  FST_FILES_LIMIT: { status: 413, code: 'too_large', detail: 'too many files in one request' },
  FST_FIELDS_LIMIT: { status: 413, code: 'too_large', detail: 'too many fields in one request' },
  FST_MULTIPART_PREMATURE_CLOSE: { status: 400, code: 'bad_request', detail: 'the connection ended before the whole file arrived' },
}

export function toProblem(error: unknown): Problem {
  const problem = mapError(error)
  const retryAfter = problem.retryAfter ?? RETRY_AFTER[problem.status]
  return retryAfter === undefined ? problem : { ...problem, retryAfter }
}

function mapError(error: unknown): Problem {
  if (error instanceof FototecaError) {
    const { status, code, message, retryAfter } = error
    return { status, code, detail: message, ...(retryAfter ? { retryAfter } : {}), ...(status === 500 ? { isFault: true as const } : {}) }
  }
  if (hasZodFastifySchemaValidationErrors(error)) return { status: 422, code: 'invalid', detail: describeIssues(error) }
  if (isResponseSerializationError(error)) return FAULT
  const { code, statusCode, message } = error as Partial<FastifyError>
  const known = code === undefined ? undefined : FASTIFY_STATUS[code]
  if (known) return { status: known.status, code: known.code, detail: known.detail ?? message ?? known.code }
  if (isMalformedMultipart(message)) return { status: 400, code: 'bad_request', detail: `the multipart body is damaged: ${message}` }
  const fromSystem = mapOutage(error) ?? mapSystemCode(code)
  if (fromSystem) return fromSystem
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: 'bad_request', detail: message ?? 'the request is not well formed' }
  return FAULT
}

const FAULT: Problem = {
  status: 500,
  code: 'internal',
  detail: 'something went wrong inside fototeca; the log says what',
  isFault: true,
}

function mapOutage(error: unknown): Problem | undefined {
  const kind = findOutageKind(error)
  if (kind === 'disk_full') return { status: 507, code: 'disk_full', detail: 'the disk is full; make room and try again', isFault: true }
  if (kind === 'unavailable')
    return { status: 503, code: 'unavailable', detail: 'the database or the disk does not answer at the moment; try again', isFault: true }
  return undefined
}

/** Codes of Postgres (five characters) and of the operating system. */
function mapSystemCode(code: string | undefined): Problem | undefined {
  if (code === undefined) return undefined
  // class 22: a value the database cannot hold (NUL byte, year 0): the schema should have refused it, the answer is the same
  if (/^22[0-9A-Z]{3}$/.test(code)) return { status: 422, code: 'invalid', detail: 'a value in the request cannot be used' }
  if (/^(08|57P|53|58)[0-9A-Z]{2,3}$/.test(code))
    return { status: 503, code: 'unavailable', detail: 'the database does not answer at the moment', isFault: true }
  if (code === 'EMFILE' || code === 'ENFILE')
    return { status: 503, code: 'unavailable', detail: 'too many open files at the moment', isFault: true }
  return undefined
}

/** What busboy says of a body that is no multipart or ends early; these carry no code. */
function isMalformedMultipart(message: string | undefined): boolean {
  return /multipart|malformed part header|unexpected end of (form|multipart)|terminated early|boundary/i.test(message ?? '')
}

interface Issue {
  readonly instancePath: string
  readonly message?: string | undefined
  readonly keyword?: string | undefined
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

/** `top_k: must be at least 1`, several joined by `; `. */
function describeIssues(error: { validation: readonly Issue[]; validationContext?: string | undefined }): string {
  const issues = error.validation.map(findUnknown)
  // a misspelt field is why another one is missing: it is told first
  return [...issues.filter(({ params }) => params?.keys), ...issues.filter(({ params }) => !params?.keys)]
    .slice(0, 5)
    .map((issue) => {
      const path = issue.instancePath.split('/').filter((part) => part !== '')
      const names = issue.params?.keys?.slice(0, 5).map((key) => [...path, key].join('.')) ?? [path.join('.')]
      return `${(names.join(', ') || (error.validationContext ?? 'request')).slice(0, 100)}: ${sayIssue(issue)}`
    })
    .join('; ')
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
    return { ...issue, message: 'these fields do not go together', params: { keys: [...new Set(keys.flat())] } }
  return issue
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}
const COUNTED: Readonly<Record<string, string>> = { string: ' characters', array: ' items' }

/** zod’s words for the commonest mistakes are a programmer’s (`expected number, received NaN`); a schema’s own sentence stands. */
function sayIssue({ keyword, message = 'is wrong', params = {} }: Issue): string {
  const { expected, origin, inclusive } = params
  if (message.startsWith('Invalid input: expected '))
    return message.endsWith('received undefined') ? 'is missing' : `must be ${TYPES[String(expected)] ?? expected}`
  if (!/^Too (small|big): /.test(message)) return message
  const most = keyword === 'too_big'
  const bound = `${most ? params.maximum : params.minimum}${COUNTED[String(origin)] ?? ''}`
  const must = COUNTED[String(origin)] ? 'must have' : 'must be'
  if (inclusive === false) return `${must} ${most ? 'less' : 'more'} than ${bound}`
  return bound === '1 characters' && !most ? 'must not be empty' : `${must} at ${most ? 'most' : 'least'} ${bound}`
}
