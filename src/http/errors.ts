/** @file Every error that can leave a handler, mapped once to a status and `{ detail, code }` for a person. Never a stack. */
import type { FastifyError } from 'fastify'
import { isResponseSerializationError } from 'fastify-type-provider-zod'
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
