/** @file Headers on every answer, and requests that a foreign page makes the browser send: refused before anything is read. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isLoopbackHost } from '../../config/loopback.ts'
import { FototecaError } from '../../domain/errors.ts'

/** The page: own scripts and styles only, no inline ones. Thumbhash placeholders are data: URLs, previews of uploads blob: URLs. */
export const PAGE_CSP =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** JSON and bytes: nothing in them may ever run. */
const DATA_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"

export interface RequestGuardOptions {
  readonly host: string
  /** whoever asks must prove who they are */
  readonly isGuarded: () => Promise<boolean>
  /** exact origins of other sites whose pages may send requests that change something */
  readonly allowedOrigins: readonly string[]
}

export function guardRequests(app: FastifyInstance, options: RequestGuardOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    setSafeHeaders(reply)
    await refuseForeignHost(request, options)
    refuseCrossSite(request, options)
  })
}

export function setSafeHeaders(reply: FastifyReply): void {
  reply.headers({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-security-policy': DATA_CSP,
    // not `no-referrer`: over plain HTTP browsers send no Sec-Fetch-Site, and that policy would blank the Origin of our own forms
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  })
}

/**
 * On loopback without a token and accounts, a foreign site could reach us by pointing its own name at 127.0.0.1 (DNS rebinding):
 * its requests carry that name in `Host`. Otherwise it would have neither the token nor a session, and a proxy may send any name.
 */
async function refuseForeignHost(request: FastifyRequest, { host, isGuarded }: RequestGuardOptions): Promise<void> {
  if (!isLoopbackHost(host)) return
  const asked = readHostname(request.headers.host)
  if (asked === undefined || isLoopbackHost(asked) || asked === host.toLowerCase()) return
  if (await isGuarded()) return
  throw new FototecaError(
    'forbidden',
    'this server answers only to localhost; to reach it under another name make an account (fototeca users add) or set FOTOTECA_TOKEN (and FOTOTECA_HOST where it should listen for other machines)',
  )
}

/** A page of another site may make the browser post to us, with our cookie and from our machine. Clients send neither header. */
function refuseCrossSite(request: FastifyRequest, { allowedOrigins }: RequestGuardOptions): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return
  if (request.headers.origin !== undefined && allowedOrigins.includes(request.headers.origin)) return
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) {
    if (site === 'same-origin' || site === 'none') return
  } else {
    const { origin } = request.headers
    if (origin === undefined || readOriginHost(origin) === request.headers.host?.toLowerCase()) return
  }
  throw new FototecaError('forbidden', 'requests that change something are accepted only from this server’s own pages')
}

function readHostname(host: string | undefined): string | undefined {
  if (host === undefined || host === '') return undefined
  return host.toLowerCase().replace(/:\d*$/, '')
}

function readOriginHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
