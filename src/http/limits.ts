/** @file How much of this server its clients may take at once: places for costly requests by class, and connections. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { LimitClass } from '../contract/routes/route.ts'
import { FototecaError } from '../domain/errors.ts'
import { clientKey } from './client-key.ts'
import { type ConcurrencyLimiter, createConcurrencyLimiter, type Limit } from './concurrency-limiter.ts'

export interface ConnectionLimits {
  /** of all clients together */
  readonly all: number
  /** of one client */
  readonly perClient: number
  /** of one client, on which the first request has not arrived whole: the oldest is ended for a new one */
  readonly halfOpenPerClient: number
  /** how long the header lines of a request may take */
  readonly headersMs: number
}

export interface Limits {
  readonly classes: Readonly<Record<LimitClass, Limit>>
  readonly connections: ConnectionLimits
}

export const LIMITS: Limits = {
  classes: {
    upload: { running: 16, waiting: 500 },
    search: { running: 8, waiting: 200 },
    model: { running: 8, waiting: 100 },
    export: { running: 8, waiting: 50 },
    generate: { running: 16, waiting: 32 },
    // a page of faces asks for hundreds, six at a time
    picture: { running: 24, waiting: 500 },
    // a browser has one a tab that shows something live; who gets none asks every few seconds instead
    events: { running: 200, waiting: 0 },
  },
  // browsers open six a tab; a proxy that is not named in FOTOTECA_TRUST_PROXY is one client with all that stand behind it
  connections: { all: 2000, perClient: 256, halfOpenPerClient: 64, headersMs: 10_000 },
}

/** One limiter for each class. @returns how a request gets its place */
export function createLimiters(classes: Limits['classes']) {
  const limiters = Object.fromEntries(Object.entries(classes).map(([name, limit]) => [name, createConcurrencyLimiter(limit)])) as Record<
    LimitClass,
    ConcurrencyLimiter
  >
  /**
   * Runs `work` in a place of its class. The place is held until the answer was sent whole, or the client left and `work` has ended, or
   * `work` gives it back.
   */
  return async <T>(
    limit: LimitClass,
    request: FastifyRequest,
    reply: FastifyReply,
    work: (leavePlace: () => void) => Promise<T>,
  ): Promise<T> => {
    const place = await limiters[limit].enter(clientKey(request.ip), abortWhenGone(reply))
    const running = work(() => place[Symbol.dispose]())
    void holdUntilSent(place, reply, running)
    return running
  }
}

async function holdUntilSent(place: Disposable, { raw }: FastifyReply, running: Promise<unknown>): Promise<void> {
  using _place = place
  const closed = raw.closed ? undefined : new Promise((resolve) => raw.once('close', resolve))
  await Promise.allSettled([running, closed])
}

function abortWhenGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  const abort = () => {
    if (!raw.writableFinished) controller.abort(new FototecaError('bad_request', 'the client left before its turn came'))
  }
  if (raw.closed) abort()
  else raw.once('close', abort)
  return controller.signal
}
