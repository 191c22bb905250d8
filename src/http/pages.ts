/** @file Gives browsers the built page (`web/dist`): its assets, and index.html on every address that is nobody else’s. */
import { join } from 'node:path'
import serveStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PAGE_CSP } from './plugins/request-guard.ts'
import { sendFile } from './send-file.ts'

export type SendPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** What lies at the top of the build (`web/public`), with types; these names stay from build to build. */
const TOP_FILES = { '/icon.svg': 'image/svg+xml', '/theme.js': 'text/javascript; charset=utf-8' } as const

/**
 * Files are looked for when they are asked for, so that a page built anew under a running server, or first built then, is the page.
 * @returns sends the page: for routes that browsers and programs share, and for addresses without a route (`isPageAddress`)
 */
export function addPages(app: FastifyInstance, webDir: string): SendPage {
  const index = join(webDir, 'index.html')
  app.register(serveStatic, {
    root: join(webDir, 'assets'),
    prefix: '/assets/',
    suppressWarning: true, // the folder may come later
    index: false,
    decorateReply: false,
    dotfiles: 'ignore',
    preCompressed: true, // `.br` and `.gz` beside the files (scripts/build-web.ts) …
    allowedPath: (path) => !/\.(?:br|gz)$/.test(path), // … have no address of their own
    cacheControl: false,
    setHeaders: (reply) => {
      // Vite puts a hash of the content into these names
      reply.header('cache-control', 'public, max-age=31536000, immutable')
      reply.header('content-security-policy', PAGE_CSP)
    },
  })
  for (const [url, type] of Object.entries(TOP_FILES))
    app.get(url, { schema: { hide: true } }, async (request, reply) => {
      const headers = { 'content-security-policy': PAGE_CSP }
      const isSent = await sendFile(request, reply, { path: join(webDir, url), type, cacheControl: 'no-cache', headers })
      return isSent ? reply : reply.callNotFound()
    })
  const sendPage: SendPage = async (request, reply) => {
    reply.headers({ 'content-security-policy': PAGE_CSP, 'cache-control': 'no-cache' })
    const sent = await sendFile(request, reply, { path: index, type: 'text/html; charset=utf-8', cacheControl: 'no-cache' })
    return sent ? reply : reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
  }
  app.get('/', { schema: { hide: true } }, sendPage)
  return sendPage
}

/** Whether the page’s router answers there, if only to say that there is no such page: it alone knows its addresses. */
export const isPageAddress = (path: string): boolean => !/^\/(?:api|assets)(?:\/|$)/.test(path) && !Object.hasOwn(TOP_FILES, path)

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>fototeca</title></head><body><h1>fototeca is running, but its page is not built</h1>
<p>Run <code>npm run build</code>; the page then comes up here by itself. The API works: see <a href="/docs">/docs</a>.</p></body></html>`
