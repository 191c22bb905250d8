/** @file One request to a model server outside: limits in time and size, no redirects to other hosts, every failure as a ProviderFailure. */
import { describeError } from '../../domain/errors.ts'
import { parseRetryAfter } from '../../domain/retry-after.ts'
import { causeOf } from '../install/hub-request.ts'
import { ProviderFailure } from './provider-failure.ts'

export interface RequestLimits {
  /** longest wait for the answer's head; servers that do not stream send it when the model is done. Node's fetch itself gives up at 300 s */
  readonly firstByteMs: number
  /** longest wait for the whole answer */
  readonly wholeMs: number
  /** of the answer */
  readonly maxBytes: number
}
/** A description is about 2 kB; a megabyte is no description. */
export const LIMITS: RequestLimits = { firstByteMs: 120_000, wholeMs: 180_000, maxBytes: 1_000_000 }

/** A person waits for whether a server is there. The longest list of models seen was that of a router with hundreds of them: below a megabyte. */
export const PRESENCE_LIMITS: RequestLimits = { firstByteMs: 5000, wholeMs: 8000, maxBytes: 5_000_000 }

export interface ProviderRequest {
  /** sent as `Authorization: Bearer`; only to the URL's own origin */
  readonly key: string | undefined
  /** what is posted; absent: a GET */
  readonly body?: string | Uint8Array
  /** of the body */
  readonly contentType?: string
  readonly accept: string
  readonly limits: RequestLimits
  /** a server that keeps such keys answers a request that comes twice only once; others take no notice */
  readonly idempotencyKey?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ProviderAnswer {
  readonly status: number
  readonly contentType: string
  readonly retryAfterMs: number | null
  readonly bytes: Buffer
}

const MAX_REDIRECTS = 3
/** A daily quota may name the next day. */
const MAX_RETRY_AFTER_MS = 24 * 3600_000

/**
 * @returns any answer that came whole, whatever its status
 * @throws ProviderFailure `timeout`, `unavailable`, `misconfigured` (redirect), `bad-answer` (too large)
 * @throws the signal's reason
 */
export async function askProvider(url: URL, request: ProviderRequest): Promise<ProviderAnswer> {
  const { limits, signal } = request
  const stop = new AbortController()
  let late: string | null = null
  const giveUpAfter = (ms: number, what: string) =>
    setTimeout(() => {
      late = `${what} within ${ms / 1000} s`
      stop.abort()
    }, ms)
  const firstByte = giveUpAfter(limits.firstByteMs, 'no answer')
  const whole = giveUpAfter(limits.wholeMs, 'no whole answer')
  try {
    const response = await send(url, request, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal)
    clearTimeout(firstByte)
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), MAX_RETRY_AFTER_MS),
      bytes: await readBounded(response, limits.maxBytes, url),
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof ProviderFailure) throw error
    if (late !== null)
      throw new ProviderFailure('timeout', `${late} from ${showUrl(url)}: the server is busy, loads its model, or is stuck`, {
        cause: error,
      })
    throw new ProviderFailure('unavailable', sayUnreachable(url, error), { cause: error })
  } finally {
    clearTimeout(firstByte)
    clearTimeout(whole)
    stop.abort() // frees the connection of an answer that was not read to its end
  }
}

async function send(
  start: URL,
  { key, body, contentType, accept, idempotencyKey }: ProviderRequest,
  signal: AbortSignal,
): Promise<Response> {
  let at = start
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(at, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        accept,
        'user-agent': 'fototeca',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: body as string }), // bytes are taken too; Node’s types know fetch’s body only by a name of the DOM
      signal,
    })
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (location === null) return response
    await response.body?.cancel()
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null
    if (next?.origin !== start.origin)
      throw new ProviderFailure(
        'misconfigured',
        `${showUrl(start)} sends to another host (${next?.origin ?? 'no address'}); nothing was sent there. If it is right, set it as the address`,
      )
    at = next
  }
  throw new ProviderFailure('misconfigured', `${showUrl(start)} leads from one address to the next without end`)
}

async function readBounded(response: Response, maxBytes: number, url: URL): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes)
      throw new ProviderFailure('bad-answer', `${showUrl(url)} answers more than ${maxBytes} bytes; it was not read further`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What a person can do about it, where the cause says; what it was in the system's words all the same. */
function sayUnreachable(url: URL, error: unknown): string {
  const cause = causeOf(error)
  if (/ECONNREFUSED/.test(cause))
    return `nothing answers at ${url.origin}: the model server is not running, or its address is another one (${cause})`
  if (/ENOTFOUND|EAI_AGAIN/.test(cause))
    return `no computer called ${url.hostname} was found: the address is wrong, or the network is down (${cause})`
  return `the connection to ${showUrl(url)} could not be made or broke off (${cause})`
}

/** Without the query, which may hold a key. */
export function showUrl(url: URL): string {
  return `${url.origin}${url.pathname}`
}

/** @throws ProviderFailure `unavailable` when the body is no JSON: a proxy's page, an answer that was cut */
export function readJsonBody(answer: ProviderAnswer, url: URL): unknown {
  try {
    return JSON.parse(answer.bytes.toString('utf8'))
  } catch (error) {
    throw new ProviderFailure(
      'unavailable',
      `${showUrl(url)} answers ${answer.status} with ${answer.contentType || 'something'} that is no whole JSON (${describeError(error).slice(0, 80)})`,
    )
  }
}
