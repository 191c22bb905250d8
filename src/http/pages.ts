/** @file Gives browsers the built page (`web/dist`): its assets, and index.html on the addresses its router knows. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import serveStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PAGES } from '../contract/pages.ts'
import { PAGE_CSP } from './plugins/shield.ts'
import { sendFile } from './send-file.ts'

export type SendPage = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** @param taken paths that API routes answer too; those routes call the returned function for browsers themselves */
export function addPages(app: FastifyInstance, webDir: string, taken: ReadonlySet<string>): SendPage {
  const index = join(webDir, 'index.html')
  if (existsSync(index)) {
    app.register(serveStatic, {
      root: webDir,
      wildcard: false, // one route per file of the build: nothing else in the folder can be asked for
      index: [],
      decorateReply: false,
      preCompressed: true, // `.br` and `.gz` beside the files (scripts/build-web.ts) …
      globIgnore: ['**/*.br', '**/*.gz'], // … have no address of their own
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Vite puts a hash of the content into the names under assets/
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
        reply.header('content-security-policy', PAGE_CSP)
      },
    })
  }
  const sendPage: SendPage = async (request, reply) => {
    reply.headers({ 'content-security-policy': PAGE_CSP, 'cache-control': 'no-cache' })
    const sent = await sendFile(request, reply, { path: index, type: 'text/html; charset=utf-8', cacheControl: 'no-cache' })
    return sent ?? reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT)
  }
  for (const url of PAGES) if (!taken.has(url)) app.get(url, { schema: { hide: true } }, sendPage)
  return sendPage
}

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>fototeca</title></head><body>
<h1>fototeca is running, but its page is not built</h1>
<p>Run <code>npm run build:web</code> and load this page again. The API works: see <a href="/docs">/docs</a>.</p></body></html>`
