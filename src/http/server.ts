/** @file Puts the contract on the network: one Fastify route per entry, with the hooks that guard them all. */
import cors from '@fastify/cors'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import { makeSecret } from '../access/secrets.ts'
import { matchAddresses } from '../config/address-ranges.ts'
import type { Config } from '../config/schema.ts'
import { message } from '../contract/messages/message.ts'
import type { Access, Cache, Route } from '../contract/routes/route.ts'
import { ROUTES, type RouteName } from '../contract/routes.ts'
import { type Actor, mayUse, toAuthor } from '../domain/actor.ts'
import { FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { refuseDuring } from '../domain/outage.ts'
import type { Visibility } from '../domain/visibility.ts'
import { toProblem } from './errors.ts'
import type { Call } from './handler.ts'
import { isNestedTooDeeply, MAX_JSON_DEPTH } from './json-depth.ts'
import { createLimiters, LIMITS, type Limits } from './limits.ts'
import { wantsHtml } from './negotiate.ts'
import { addOpenApi, toRouteSchema } from './openapi.ts'
import { addPages, isPageAddress, type SendPage } from './pages.ts'
import { addAccess } from './plugins/access.ts'
import { addAllowedMethods } from './plugins/allowed-methods.ts'
import { addBodyTimeouts, BODY_TIMEOUTS, type BodyTimeouts } from './plugins/body-timeouts.ts'
import { addClosing } from './plugins/closing.ts'
import { addCompression } from './plugins/compression.ts'
import { addConnectionLimits } from './plugins/connection-limits.ts'
import { answerMalformed } from './plugins/malformed.ts'
import { guardRequests, setSafeHeaders } from './plugins/request-guard.ts'
import { refuseNulBytes } from './refuse-nul-bytes.ts'
import { HANDLERS } from './routes.ts'
import { addEventStreams } from './send-events.ts'
import type { Services } from './services.ts'
import { takeEmptyBody } from './take-empty-body.ts'
import { readForm, readUploadedFiles } from './uploads.ts'
import { validatorCompiler } from './validate.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** which entry of the contract this is; undefined for pages, assets and documents */
    route?: RouteName
    /** who may use it, where it is no entry: pages and documents are for members */
    access?: Access
  }
}

export interface HttpServerOptions {
  readonly config: Pick<Config, 'host' | 'token' | 'maxBytes'> & Partial<Pick<Config, 'trustProxy' | 'allowedOrigins'>>
  readonly services: Services
  /** lets the command line of this machine in; tests: none does */
  readonly localSecret?: string
  readonly visibleTo?: (actor: Actor) => Visibility
  readonly log: Log
  /** the built page; need not exist */
  readonly webDir: string
  /** tests: less of both */
  readonly bodyTimeouts?: BodyTimeouts
  readonly limits?: Limits
}

/** JSON bodies hold a path or a name; nothing needs more. */
const BODY_LIMIT = 1_000_000
/** Bounds an upload as a whole: 500 MB at 140 KB/s. */
const REQUEST_TIMEOUT_MS = 3_600_000

/** A file over the limit is told by `uploads.ts`, so that the files before it keep their answers. Names are UTF-8, as browsers send them. */
const MULTIPART = { throwFileSizeLimit: false, defParamCharset: 'utf8' }

const METHODS = [...new Set(Object.values<Route>(ROUTES).map(({ method }) => method))]
const ALLOWED_HEADERS = ['authorization', 'content-type', 'if-match', 'if-none-match', 'range', 'if-range']
const EXPOSED_HEADERS = ['etag', 'retry-after', 'content-disposition', 'content-range', 'accept-ranges']
/** Chromium keeps it no longer. */
const PREFLIGHT_S = 7200

/** The server, ready to `listen` or `inject`. Closing it waits for running answers, but not long. */
export async function createHttpServer({
  config,
  services,
  log,
  webDir,
  localSecret = makeSecret(),
  visibleTo = ({ sees }) => sees,
  bodyTimeouts = BODY_TIMEOUTS,
  limits = LIMITS,
}: HttpServerOptions): Promise<FastifyInstance> {
  const isProxy = matchAddresses(config.trustProxy ?? [])
  const app = Fastify({
    trustProxy: isProxy,
    logger: false, // what is worth a line is logged by the hooks below, through `log`
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // slow headers end here; the body’s time is bounded by `plugins/body-timeouts.ts`
    http: { headersTimeout: limits.connections.headersMs, connectionsCheckingInterval: limits.connections.headersMs / 5 },
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 100 },
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error, _request, reply) => {
      setSafeHeaders(reply)
      sendProblem(error, reply)
    },
  })
  addConnectionLimits(app.server, limits.connections, isProxy)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser('text/plain') // JSON or multipart; anything else is 415
  addJsonParser(app)

  const { allowedOrigins = [] } = config
  // preflights carry no token, so they are answered before anything is checked; credentials stay off, because cookies are same-site anyway
  if (allowedOrigins.length > 0)
    await app.register(cors, {
      ...{ origin: allowedOrigins, methods: METHODS, allowedHeaders: ALLOWED_HEADERS, exposedHeaders: EXPOSED_HEADERS },
      maxAge: PREFLIGHT_S,
    })
  const allowedMethods = addAllowedMethods(app)
  guardRequests(app, {
    host: config.host,
    isGuarded: async () => services.hasToken || (await services.accounts.exist()),
    allowedOrigins,
  })
  addAccess(app, {
    token: config.token,
    localSecret,
    ...services,
    isLinked: (request) => readRoute(request)?.link === true,
    isOpen: ({ routeOptions: { config } }) => config?.access === 'anyone',
  })
  // before a body is read
  app.addHook('onRequest', async (request) => {
    const route = readRoute(request)
    if (route && !request.isByLink && !mayUse(request.actor, route)) throw new FototecaError('forbidden', message('access.not-allowed'))
  })
  addAudit(app, services.audit)
  addBodyTimeouts(app, (request) => readRoute(request)?.upload === true, bodyTimeouts)
  app.addHook('preValidation', async (request) => {
    const route = readRoute(request)
    if (route?.form && request.isMultipart()) request.body = await readForm(request)
    refuseNulBytes(request)
    takeEmptyBody(request, route)
  })
  addLogging(app, log)
  addErrors(app, log)
  addClosing(app)
  addEventStreams(app)
  addCompression(app)

  await app.register(multipart, MULTIPART)
  await addOpenApi(app)
  const sendPage = addPages(app, webDir)
  addNotFound(app, allowedMethods, sendPage)
  addRoutes(app, { services, visibleTo, sendPage, maxBytes: config.maxBytes, log, limits })
  await app.ready()
  return app
}

/** Many clients name JSON and send nothing: that is a request without a body. */
function addJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text === '') done(null, undefined)
    else if (isNestedTooDeeply(String(text)))
      done(new FototecaError('bad_request', `the JSON is nested deeper than ${MAX_JSON_DEPTH} levels`))
    else parse(request, text as string, done)
  })
}

interface RouteOptions {
  readonly services: Services
  readonly visibleTo: (actor: Actor) => Visibility
  readonly sendPage: SendPage
  readonly maxBytes: number
  readonly log: Log
  readonly limits: Limits
}

function addRoutes(app: FastifyInstance, { services, visibleTo, sendPage, maxBytes, log, limits }: RouteOptions): void {
  const inPlace = createLimiters(limits.classes)
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route: Route = ROUTES[name]
    const handle = HANDLERS[name] as (call: Call<RouteName>) => Promise<unknown>
    app.route({
      method: route.method,
      url: route.path,
      config: { route: name, access: route.access },
      schema: toRouteSchema(name, route),
      ...(route.page
        ? {
            preValidation: givePageToBrowsers(sendPage),
          }
        : {}),
      handler: (request, reply) => {
        const actor = { ...request.actor, sees: visibleTo(request.actor) }
        const run = async (leavePlace: () => void) => {
          if (route.cache)
            reply.header('cache-control', CACHE_CONTROL[(request.query as { v?: string }).v === undefined ? 'checked' : route.cache])
          if (route.writes) refuseDuring(services.outages.current())
          const { params, query, body } = request
          const fields: Record<string, string> = {}
          const files = route.upload ? readUploadedFiles(request, reply, maxBytes, fields) : NO_FILES
          // validated by the schema of the same entry that types the handler
          return handle({ actor, params, query, body, request, reply, leavePlace, services, files, fields, log } as Call<RouteName>)
        }
        return route.limit === undefined ? run(() => {}) : inPlace(route.limit, request, reply, run)
      },
    })
  }
}

const CACHE_CONTROL: Readonly<Record<Cache, string>> = {
  checked: 'private, no-cache',
  versioned: 'private, max-age=31536000, immutable',
}

const NO_FILES: Call<RouteName>['files'] = {
  async *[Symbol.asyncIterator]() {},
}

/** Before validation: the page reads its own query, which need not be the API’s. */
function givePageToBrowsers(sendPage: SendPage) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('vary', 'Accept')
    const { format } = request.query as { format?: unknown }
    if (wantsHtml(request.headers.accept, format)) return sendPage(request, reply)
  }
}

function readRoute(request: FastifyRequest): Route | undefined {
  const name = request.routeOptions.config?.route
  return name === undefined ? undefined : ROUTES[name]
}

function addErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = sendProblem(error, reply)
    // what breaks off because the client left is no fault of ours, and nobody reads the answer
    if (problem.isFault && !isBrokenOff(error, request))
      log.error({ err: error, route: request.routeOptions.url, code: problem.code }, 'a request failed')
  })
}

function addNotFound(app: FastifyInstance, allowedMethods: (path: string) => string[], sendPage: SendPage): void {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]?.slice(0, 200) ?? ''
    const allowed = allowedMethods(path)
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '))
      throw new FototecaError('wrong_method', message('http.wrong-method', { method: request.method, path, allowed }))
    }
    if (request.method === 'GET' && isPageAddress(path) && wantsHtml(request.headers.accept)) return sendPage(request, reply)
    throw new FototecaError('not_found', message('http.no-route', { method: request.method, path }))
  })
}

/** Whether a client that left is what made this error: its half of the body, or the connection the answer went to, is gone. */
function isBrokenOff(error: unknown, { raw }: FastifyRequest): boolean {
  const { code, name } = error as NodeJS.ErrnoException
  return raw.destroyed && (name === 'AbortError' || ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code ?? ''))
}

function sendProblem(error: unknown, reply: FastifyReply) {
  const problem = toProblem(error)
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
  reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .removeHeader('content-disposition')
    .type('application/json; charset=utf-8')
    .send({ detail: problem.detail, code: problem.code, message: problem.message })
  return problem
}

/** What was done, to what, by whom, from where; never a body: those hold passwords and people’s words. */
function addAudit(app: FastifyInstance, audit: Services['audit']): void {
  app.addHook('onResponse', async (request, reply) => {
    const action = request.routeOptions.config?.route
    if (action === undefined || request.actor.kind === 'nobody') return
    const { isAudited, access, method }: Route = ROUTES[action]
    if (!isAudited && (access !== 'own' || method === 'GET')) return
    const target = (request.params ?? {}) as Record<string, unknown>
    audit.add({ actor: toAuthor(request.actor), action, target, status: reply.statusCode, address: request.ip })
  })
}

/** The route’s pattern, never the URL: queries hold people’s words. */
function addLogging(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    log.debug(
      { method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
}
