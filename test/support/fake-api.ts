/**
 * @file A small library behind the contract’s routes, for work on the page without analysis; what it says is in `fake-library.ts`.
 * `node test/support/fake-api.ts [port] [count]` serves it with the built page; a large count makes a large library out of the same pictures.
 */

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, resolve } from 'node:path'
import sharp from 'sharp'
import { ROUTES } from '../../src/contract/routes.ts'
import { SearchQuery } from '../../src/contract/search.ts'
import { type Answer, type FakeLibrary, makeFakeFacts, pictureOf } from './fake-library.ts'
import { loadPictures } from './fake-pictures.ts'

const DIST = resolve(import.meta.dirname, '../../web/dist')
/** the strictest policy the page must live with */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const STREAM = { jpg: 'image/jpeg', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', html: 'text/html' } as const

/** Serves the library; resolves with its address. */
export async function startFakeApi(library: FakeLibrary, port = 0): Promise<{ url: string; close: () => Promise<void> }> {
  const facts = makeFakeFacts(library)
  const { days, starts, card } = facts
  const thumbs = new Map<string, Promise<Buffer>>()
  const rendition = (id: number, size: number) => {
    const { path } = pictureOf(library, id)
    const key = `${path} ${size}`
    const made =
      thumbs.get(key) ??
      sharp(path).rotate().resize(size, size, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 78 }).toBuffer()
    thumbs.set(key, made)
    return made
  }
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => sendJson(response, { detail: String(error) }, 500))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const query = Object.fromEntries([...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)]))
    const single = (key: string) => query[key]?.[0]
    const photo = /^\/api\/photos\/(\d+)(?:\/(\w+))?$/.exec(url.pathname)
    if (request.method === 'POST' && url.pathname === ROUTES.uploadPhotos.path) {
      let bytes = 0
      for await (const part of request) bytes += (part as Buffer).length
      const filename = 'upload.jpg'
      const photos: Answer<'uploadPhotos'>['photos'] = [
        bytes < 600
          ? { filename, detail: 'This is not a picture.' }
          : { id: 1, filename, duplicate: false, deleted_at: null, message: 'Added' },
      ]
      return sendJson(response, { photos })
    }
    if (photo) {
      const id = Number(photo[1])
      if (id < 1 || id > library.count) return sendJson(response, { detail: `There is no photo ${id}.` }, 404)
      if (photo[2] === 'thumbnail') return sendBytes(response, await rendition(id, 400), 'image/webp')
      if (photo[2] === 'preview') return sendBytes(response, await rendition(id, 1440), 'image/webp')
      if (photo[2] === 'original') return sendBytes(response, readFileSync(pictureOf(library, id).path), 'image/jpeg')
      if (photo[2] === 'retry') return sendJson(response, { due: ['faces'] } satisfies Answer<'retryPhoto'>)
      return sendJson(response, facts.describe(id))
    }
    switch (url.pathname) {
      case '/api/days':
        return sendJson(response, { days, total: library.count } satisfies Answer<'listDays'>)
      case '/api/photos': {
        const { skip, limit, day } = ROUTES.listPhotos.query.parse({ skip: single('skip'), limit: single('limit'), day: single('day') })
        const first = day ? (starts.get(day) ?? 1) : 1
        const total = day ? (days.find((each) => each.day === day)?.count ?? 0) : library.count
        const photos = Array.from({ length: Math.max(0, Math.min(limit, total - skip)) }, (_, index) => card(first + skip + index))
        return sendJson(response, { photos, total, next: null } satisfies Answer<'listPhotos'>)
      }
      case '/api/failures':
        return sendJson(response, facts.failures())
      case '/api/verify/problems':
        return sendJson(response, { problems: [], total: 0 } satisfies Answer<'listFileProblems'>)
      case '/api/verify':
        return sendJson(response, {
          state: 'idle',
          reason: null,
          pass: null,
          last: null,
          next_at: null,
          problems: 0,
        } satisfies Answer<'getVerify'>)
      case '/api/backup':
        return sendJson(response, {
          ...{ state: 'idle', target: null, phase: null, result: null, error: null, last: null },
          ...{ files: 0, files_total: 0, bytes: 0, bytes_total: 0 },
        } satisfies Answer<'getBackup'>)
      case '/api/failures/retry':
        return sendJson(response, { photos: 120, steps: 120, dry_run: false } satisfies Answer<'retryFailures'>)
      case '/api/photos/ids': {
        const { skip, limit } = ROUTES.listPhotoIds.query.parse({ skip: single('skip'), limit: single('limit') })
        const ids = Array.from({ length: Math.max(0, Math.min(limit, library.count - skip)) }, (_, index) => skip + index + 1)
        return sendJson(response, { ids, total: library.count } satisfies Answer<'listPhotoIds'>)
      }
      case '/api/search':
        return sendJson(
          response,
          facts.search(SearchQuery.parse({ ...Object.fromEntries(url.searchParams), category: query.category, people: query.people })),
        )
      case '/api/categories':
        return sendJson(response, facts.categories())
      case '/api/people':
        return sendJson(response, facts.people())
      case '/api/progress':
        return sendJson(response, facts.progress())
      case '/api/sessions':
        return sendJson(response, { sessions: [] } satisfies Answer<'listSessions'>)
      case '/api/sources':
        return sendJson(response, facts.sources())
      case '/api/models':
        return sendJson(response, facts.models())
      case '/health':
        return sendJson(response, facts.health())
      default:
        return sendPage(response, url.pathname)
    }
  }

  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function sendBytes(response: ServerResponse, body: Buffer, type: string): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'private, max-age=3600' }).end(body)
}

function sendPage(response: ServerResponse, path: string): void {
  const asset = path.startsWith('/assets/') || extname(path) !== ''
  const file = join(DIST, asset ? path : 'index.html')
  try {
    const type = STREAM[extname(file).slice(1) as keyof typeof STREAM] ?? 'application/octet-stream'
    const body = readFileSync(file)
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': CSP }).end(body)
  } catch {
    response.writeHead(404).end()
  }
}

if (process.argv[1] === import.meta.filename) {
  const pictures = await loadPictures()
  const count = Number(process.argv[3] ?? pictures.length)
  const { url } = await startFakeApi({ pictures, count }, Number(process.argv[2] ?? 8100))
  console.log(`${count} photos at ${url}`)
}
