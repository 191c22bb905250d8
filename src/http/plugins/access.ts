/**
 * @file Who asks: a browser by its session, a program by `FOTOTECA_TOKEN` or an API key in a Bearer header. Where there is neither a token nor an
 * account, whoever reaches the server owns it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts } from '../../access/accounts.ts'
import type { Links } from '../../access/links.ts'
import type { Audit } from '../../access/store-audit.ts'
import type { Credentials } from '../../access/store-credentials.ts'
import { Password } from '../../contract/accounts.ts'
import { message } from '../../contract/messages/message.ts'
import { type Actor, NOBODY, OWNER } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import { EVERY_PHOTO } from '../../domain/visibility.ts'
import { clientKey } from '../client-key.ts'
import { nameDevice } from '../device-name.ts'
import { wantsHtml } from '../negotiate.ts'
import { readSessionCookie, setSessionCookie } from '../session-cookie.ts'
import { createFailureCounter } from './failure-counter.ts'
import { LOGIN_CSP, RELOAD_PAGE, renderJoinPage, renderLoginPage } from './login-page.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** who asks */
    actor: Actor
    /** a signed address opens this one answer to whoever has it */
    isByLink: boolean
    /** for answers that go on for minutes: whether the session or key of the request still holds */
    isStillIn: () => Promise<boolean>
  }
}

export interface AccessOptions {
  readonly token: string | undefined
  /** of the command line of this machine, which may read the data folder */
  readonly localSecret: string
  readonly accounts: Accounts
  readonly credentials: Credentials
  readonly audit: Audit
  readonly links: Pick<Links, 'check'>
  /** names the routes that answer signed addresses */
  readonly isLinked: (request: FastifyRequest) => boolean
  /** names the routes that answer whoever asks */
  readonly isOpen: (request: FastifyRequest) => boolean
}

/** Wrong tokens and passwords of one address within a minute, and wrong passwords of one name from everywhere. */
const MAX_OF_ADDRESS = 10
const MAX_OF_NAME = 30

export function addAccess(app: FastifyInstance, options: AccessOptions): void {
  const { token, localSecret, accounts, credentials, audit, links, isLinked, isOpen } = options
  const ofAddress = createFailureCounter(MAX_OF_ADDRESS)
  const ofName = createFailureCounter(MAX_OF_NAME)
  app.decorateRequest('actor', null as never)
  app.decorateRequest('isByLink', false)
  app.decorateRequest('isStillIn', null as never)

  /** A right token or key is never refused, whoever else guesses from the same address: it is too long to be guessed. */
  async function checkBearer(given: string, request: FastifyRequest): Promise<Actor | undefined> {
    if (isSame(given, localSecret) || (token !== undefined && isSame(given, token))) return OWNER
    const who = await credentials.use('key', given)
    if (who !== undefined) return { ...who, sees: EVERY_PHOTO }
    ofAddress.add(clientKey(request.ip))
    return undefined
  }

  app.addHook('onRequest', async (request, reply) => {
    request.actor = NOBODY
    request.isStillIn = async () => true
    if (isOpen(request)) return
    const isGuarded = token !== undefined || (await accounts.exist())
    if (!isGuarded) {
      request.actor = OWNER
      return
    }
    const link = isLinked(request) ? links.check(request.url) : null
    if (link === true) {
      request.isByLink = true
      // such addresses are given to pages of others
      reply.header('cross-origin-resource-policy', 'cross-origin')
      return
    }
    const cookie = readSessionCookie(request)
    const who = cookie === undefined ? undefined : await credentials.use('session', cookie)
    if (who !== undefined) {
      request.actor = { ...who, sees: EVERY_PHOTO }
      request.isStillIn = async () => (await credentials.use('session', cookie ?? '')) !== undefined
      return
    }
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const actor = bearer === undefined ? undefined : await checkBearer(bearer, request)
    if (actor !== undefined) {
      request.actor = actor
      if ('scopes' in actor && actor.scopes !== null)
        request.isStillIn = async () => (await credentials.use('key', bearer ?? '')) !== undefined
      return
    }
    if (link !== null) throw new FototecaError('forbidden', link)
    if (request.method === 'GET' && wantsHtml(request.headers.accept)) return sendPage(request, reply)
    reply.header('www-authenticate', 'Bearer realm="fototeca"')
    throw new FototecaError('unauthorized', message('access.sign-in'))
  })

  /** A link on another site comes without the cookie (`SameSite=Strict`), also for whoever is signed in: asked again from here, it comes with it. */
  async function sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (request.headers['sec-fetch-site'] === 'cross-site') return sendHtml(reply, 401, RELOAD_PAGE)
    return sendLogin(reply, { next: toLocalPath(request.url) })
  }

  interface Login {
    readonly next: string
    readonly problem?: string
    readonly name?: string | undefined
    readonly status?: number
  }
  const sendLogin = async (reply: FastifyReply, { status = 401, ...login }: Login) =>
    sendHtml(reply, status, renderLoginPage({ ...login, hasAccounts: await accounts.exist(), hasToken: token !== undefined }))

  async function signIn(request: FastifyRequest, reply: FastifyReply, holder: number | null, next: string): Promise<FastifyReply> {
    setSessionCookie(request, reply, await credentials.openSession(holder, nameDevice(request.headers['user-agent'])))
    return reply.redirect(next, 303)
  }

  const note = (request: FastifyRequest, action: string, status: number, actor: string, name?: string) =>
    audit.add({ actor, action, target: name === undefined ? {} : { name: name.slice(0, 100) }, status, address: request.ip })

  // Only these routes read a form; everywhere else that content type is refused.
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 8192 }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    })
    const open = { schema: { hide: true }, config: { access: 'anyone' } } as const

    scope.post('/login', open, async (request, reply) => {
      const { token: givenToken, name, password = '', next: asked } = (request.body ?? {}) as Record<string, string>
      const next = toLocalPath(asked)
      try {
        if (name === undefined) {
          if (token !== undefined && givenToken !== undefined && isSame(givenToken, token)) {
            note(request, 'signIn', 303, 'owner')
            return await signIn(request, reply, null, next)
          }
          note(request, 'signInFailed', 401, 'nobody')
          ofAddress.add(clientKey(request.ip))
          return await sendLogin(reply, { next, problem: 'This token is wrong.' })
        }
        // passwords can be guessed, so whoever guessed too often is not even heard
        ofAddress.refuse(clientKey(request.ip))
        ofName.refuse(name.trim().toLowerCase())
        const account = await accounts.signIn(name, password)
        if (account !== undefined) {
          note(request, 'signIn', 303, `account:${account.id}`)
          return await signIn(request, reply, account.id, next)
        }
        note(request, 'signInFailed', 401, 'nobody', name)
        ofName.add(name.trim().toLowerCase())
        ofAddress.add(clientKey(request.ip))
        return await sendLogin(reply, { next, name, problem: 'The name or the password is wrong.' })
      } catch (error) {
        if (!(error instanceof FototecaError) || error.code !== 'too_many') throw error
        reply.header('retry-after', error.retryAfter)
        const problem = `Too many wrong ${name === undefined ? 'tokens' : 'passwords'}. Try again in ${error.retryAfter} seconds.`
        return sendLogin(reply, { next, name, problem, status: error.status })
      }
    })

    scope.get('/join', open, async (request, reply) => {
      const { code = '' } = request.query as { code?: string }
      const name = await accounts.findInvited(String(code))
      return sendHtml(reply, name === undefined ? 410 : 200, renderJoinPage(String(code), name ?? null))
    })
    scope.post('/join', open, async (request, reply) => {
      const { code = '', password = '' } = (request.body ?? {}) as Record<string, string>
      const name = await accounts.findInvited(code)
      if (name === undefined) return sendHtml(reply, 410, renderJoinPage(code, null))
      const parsed = Password.safeParse(password)
      if (!parsed.success) return sendHtml(reply, 422, renderJoinPage(code, name, 'Choose a password of at least 10 characters.'))
      const account = await accounts.join(code, password)
      if (account === undefined) return sendHtml(reply, 410, renderJoinPage(code, null))
      note(request, 'join', 303, `account:${account.id}`)
      return signIn(request, reply, account.id, '/')
    })
  })
}

function sendHtml(reply: FastifyReply, status: number, html: string): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="fototeca"')
  return (
    reply
      .code(status)
      // the code of an invitation stands in the address
      .headers({ 'content-security-policy': LOGIN_CSP, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
      .type('text/html; charset=utf-8')
      .send(html)
  )
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
