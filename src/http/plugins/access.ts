/** @file `FOTOTECA_TOKEN`: a Bearer header for clients, a cookie for browsers (by a small page or `?token=`). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FototecaError } from '../../domain/errors.ts'
import { wantsHtml } from '../negotiate.ts'
import { createFailureCounter } from './failure-counter.ts'
import { LOGIN_CSP, renderLoginPage } from './login-page.ts'

const COOKIE = 'fototeca'
const COOKIE_MAX_AGE_S = 30 * 24 * 3600

/** `isOpen` names the routes that answer without a token. */
export function addAccess(app: FastifyInstance, token: string, isOpen: (request: FastifyRequest) => boolean): void {
  const failures = createFailureCounter()
  // The cookie proves that its holder once knew the token; it is not the token, and ends with it.
  const cookieValue = createHmac('sha256', token).update('fototeca browser cookie 1').digest('base64url')

  const check = (given: string, request: FastifyRequest): boolean => {
    failures.refuseIfTooMany(request.ip)
    if (isSame(given, token)) return true
    failures.add(request.ip)
    return false
  }

  app.addHook('onRequest', async (request, reply) => {
    if (isOpen(request) || isLogin(request)) return
    const cookie = readCookie(request.headers.cookie, COOKIE)
    if (cookie !== undefined && isSame(cookie, cookieValue)) {
      if (request.method === 'GET' && hasTokenInUrl(request)) return reply.redirect(withoutToken(request.url), 303)
      return
    }
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined && check(bearer, request)) return
    const inUrl = hasTokenInUrl(request) ? (request.query as { token: string }).token : undefined
    if (inUrl !== undefined && request.method === 'GET' && check(inUrl, request)) {
      setCookie(request, reply, cookieValue)
      return reply.redirect(withoutToken(request.url), 303) // so that the token stays in no history, log or Referer
    }
    if (request.method === 'GET' && wantsHtml(request.headers.accept))
      return sendLoginPage(reply, request.url.startsWith('/') ? withoutToken(request.url) : '/', false)
    reply.header('www-authenticate', 'Bearer realm="fototeca"')
    throw new FototecaError('unauthorized', 'send the token: Authorization: Bearer <FOTOTECA_TOKEN>')
  })

  // Only this route reads a form; everywhere else that content type is refused.
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 8192 }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    })
    scope.post('/login', { schema: { hide: true } }, async (request, reply) => {
      const form = (request.body ?? {}) as Record<string, string>
      const next = toLocalPath(form.next)
      if (!check(form.token ?? '', request)) return sendLoginPage(reply, next, true)
      setCookie(request, reply, cookieValue)
      return reply.redirect(next, 303)
    })
  })
}

function sendLoginPage(reply: FastifyReply, next: string, isWrong: boolean): FastifyReply {
  return reply
    .code(401)
    .headers({ 'content-security-policy': LOGIN_CSP, 'cache-control': 'no-store', 'www-authenticate': 'Bearer realm="fototeca"' })
    .type('text/html; charset=utf-8')
    .send(renderLoginPage(toLocalPath(next), isWrong))
}

/** Digests first, so that neither content nor length shows in the time taken. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function isLogin(request: FastifyRequest): boolean {
  return request.method === 'POST' && request.routeOptions.url === '/login'
}

function hasTokenInUrl(request: FastifyRequest): boolean {
  return typeof (request.query as Record<string, unknown> | undefined)?.token === 'string'
}

function withoutToken(url: string): string {
  const parsed = new URL(url, 'http://localhost')
  parsed.searchParams.delete('token')
  return toLocalPath(`${parsed.pathname}${parsed.search}`)
}

/** A path of this server, never another site (`//evil.example`, `/\evil.example`). */
function toLocalPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(next) && next.length < 2000 ? next : '/'
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string): void {
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : ''
  reply.header('set-cookie', `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_MAX_AGE_S}${secure}`)
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2)
    if (key?.trim() === name) return value?.trim()
  }
  return undefined
}
