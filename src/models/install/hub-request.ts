/** @file One request to the model hub: redirects followed by hand, limits in time, and every failure as one of our errors. */
import { describeError, FototecaError } from '../../domain/errors.ts'
import { parseRetryAfter } from '../../domain/retry-after.ts'

const MAX_REDIRECTS = 10
/** Longest pause taken from a server's Retry-After. */
const MAX_RETRY_AFTER_MS = 5 * 60_000

export interface HubRequest {
  readonly method: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  /** follow redirects to the end, or stop where the hub sends away (its own headers are on that redirect) */
  readonly follow: boolean
  /** longest wait for the head of an answer */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** A failure that may pass: the caller tries again after a pause. */
export class Passing extends Error {
  readonly retryAfterMs: number | null
  /** what to throw when it does not pass */
  readonly final: FototecaError
  constructor(final: FototecaError, retryAfterMs: number | null = null) {
    super(final.message, { cause: final })
    this.final = final
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * @returns an answer with status 200, 206 or 416, or (when not following) a redirect
 * @throws Passing for what may pass; FototecaError `not_found`, `forbidden` or `hub_unreachable` for what will not
 */
export async function requestHub(url: string, request: HubRequest): Promise<Response> {
  const start = new URL(url)
  let at = start
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetchOnce(at, request)
    const isRedirect = response.status >= 300 && response.status < 400 && response.headers.has('location')
    if (!isRedirect) return checkStatus(response, url)
    const next = new URL(response.headers.get('location') ?? '', at)
    // a moved repository or a small file's cache stays on the hub's own host; what it says of the file comes after that
    const isOnlyMoved = next.host === at.host && !response.headers.has('x-linked-etag')
    if (!request.follow && !isOnlyMoved) return response
    await response.body?.cancel()
    if (!isAllowedRedirect(start, next))
      throw new FototecaError(
        'hub_unreachable',
        `${url} leads to ${next.origin}, which is not safe to follow (https only); check FOTOTECA_MODEL_HUB`,
      )
    at = next
  }
  throw new FototecaError('hub_unreachable', `${url} leads from one address to the next without end; check FOTOTECA_MODEL_HUB`)
}

/** https anywhere; plain http only on the host of a hub that is itself plain http (a mirror in the own network). */
export function isAllowedRedirect(from: URL, to: URL): boolean {
  if (to.protocol === 'https:') return true
  return to.protocol === 'http:' && from.protocol === 'http:' && to.hostname === from.hostname
}

async function fetchOnce(url: URL, { method, headers, timeoutMs, signal }: HubRequest): Promise<Response> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    return await fetch(url, {
      method,
      redirect: 'manual',
      // digests and ranges are of the file as it is
      headers: { 'accept-encoding': 'identity', 'user-agent': 'fototeca', ...headers },
      // the timer ends with the head; the body's own time is watched by its reader, through `signal`
      signal: AbortSignal.any([signal, timeout.signal]),
    })
  } catch (error) {
    signal.throwIfAborted()
    const why = timeout.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : causeOf(error)
    throw new Passing(unreachable(url.href, why, error))
  } finally {
    clearTimeout(timer)
  }
}

function checkStatus(response: Response, url: string): Response {
  const { status } = response
  if (status === 200 || status === 206 || status === 416) return response
  void response.body?.cancel()
  if (status === 404 || status === 410) throw new FototecaError('not_found', `the model hub has no ${url}`)
  if (status === 401 || status === 403)
    throw new FototecaError(
      'forbidden',
      `the model hub refuses ${url} (${status}): this model is gated or private. Accept its terms on the hub, download it there and bring it with “fototeca models import <folder>”`,
    )
  if (status === 429 || status === 408 || status >= 500)
    throw new Passing(unreachable(url, `it answers ${status}`), parseRetryAfter(response.headers.get('retry-after'), MAX_RETRY_AFTER_MS))
  throw unreachable(url, `it answers ${status}`)
}

export function unreachable(url: string, why: string, cause?: unknown): FototecaError {
  return new FototecaError(
    'hub_unreachable',
    `the model hub cannot be reached at ${url} (${why}). The library works without it; later: “fototeca models pull”, or from a folder: “fototeca models import <folder>”`,
    { cause },
  )
}

/** fetch says only “fetch failed”; what happened is in its cause. */
export function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof AggregateError && cause.errors.length > 0) return describeError(cause.errors[0])
  return describeError(cause ?? error)
}
