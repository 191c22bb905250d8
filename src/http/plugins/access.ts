/** @file `FOTOTECA_TOKEN`: a Bearer header for programs; browsers sign in with it once, and get a session of their own. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Links } from '../../access/links.ts'
import type { Sessions } from '../../access/sessions.ts'
import { type Actor, NOBODY, OWNER } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import { nameDevice } from '../device-name.ts'
import { wantsHtml } from '../negotiate.ts'
import { readSessionCookie, setSessionCookie } from '../session-cookie.ts'
import { createFailureCounter } from './failure-counter.ts'
import { LOGIN_CSP, RELOAD_PAGE, renderLoginPage } from './login-page.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** who asks */
    actor: Actor
    /** a signed address opens this one answer to whoever has it */
    isByLink: boolean
  }
}

export interface AccessOptions {
  readonly token: string
  readonly sessions: Sessions
  readonly links: Pick<Links, 'check'>
  /** names the routes that answer signed addresses */
  readonly isLinked: (request: FastifyRequest) => boolean
  /** names the routes that answer without a token */
  readonly isOpen: (request: FastifyRequest) => boolean
}

export function addAccess(app: FastifyInstance, { token, sessions, links, isLinked, isOpen }: AccessOptions): void {
  const failures = createFailureCounter()

  /** A right token is never refused, whoever else guesses from the same address: it is too long to be guessed. */
  const check = (given: string, request: FastifyRequest): boolean => {
    if (isSame(given, token)) return true
    failures.add(request.ip)
    return false
  }

  app.addHook('onRequest', async (request, reply) => {
    request.actor = NOBODY
    if (isOpen(request)) return
    const link = isLinked(request) ? links.check(request.url) : null
    if (link === true) {
      request.isByLink = true
      // such addresses are given to pages of others
      reply.header('cross-origin-resource-policy', 'cross-origin')
      return
    }
    const cookie = readSessionCookie(request)
    const session = cookie === undefined ? undefined : sessions.use(cookie)
    if (session !== undefined) {
      request.actor = { ...OWNER, session: session.id }
      return
    }
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined && check(bearer, request)) {
      request.actor = OWNER
      return
    }
    if (link !== null) throw new FototecaError('forbidden', link)
    if (request.method === 'GET' && wantsHtml(request.headers.accept)) return sendPage(request, reply)
    reply.header('www-authenticate', 'Bearer realm="fototeca"')
    throw new FototecaError('unauthorized', 'send the token: Authorization: Bearer <FOTOTECA_TOKEN>')
  })

  // Only this route reads a form; everywhere else that content type is refused.
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 8192 }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    })
    scope.post('/login', { schema: { hide: true }, config: { access: 'anyone' } }, async (request, reply) => {
      const form = (request.body ?? {}) as Record<string, string>
      const next = toLocalPath(form.next)
      try {
        if (!check(form.token ?? '', request)) return sendLoginPage(reply, next, 'This token is wrong.')
      } catch (error) {
        if (!(error instanceof FototecaError)) throw error
        reply.header('retry-after', error.retryAfter)
        return sendLoginPage(reply, next, `Too many wrong tokens. Try again in ${error.retryAfter} seconds.`, error.status)
      }
      setSessionCookie(request, reply, await sessions.open(nameDevice(request.headers['user-agent'])))
      return reply.redirect(next, 303)
    })
  })
}

/** A link on another site comes without the cookie (`SameSite=Strict`), also for whoever is signed in: asked again from here, it comes with it. */
function sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.headers['sec-fetch-site'] === 'cross-site') return sendHtml(reply, 401, RELOAD_PAGE)
  return sendLoginPage(reply, toLocalPath(request.url))
}

const sendLoginPage = (reply: FastifyReply, next: string, problem?: string, status = 401) =>
  sendHtml(reply, status, renderLoginPage(next, problem))

function sendHtml(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-security-policy': LOGIN_CSP, 'cache-control': 'no-store', 'www-authenticate': 'Bearer realm="fototeca"' })
    .type('text/html; charset=utf-8')
    .send(html)
}

/** Digests first, so that neither content nor length shows in the time taken. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

/** A path of this server, never another site (`//evil.example`, `/\evil.example`). */
function toLocalPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(next) && next.length < 2000 ? next : '/'
}
