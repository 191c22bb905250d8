/** @file A local server with the model hub's URL layout, and every way in which a download goes wrong. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeHub extends AsyncDisposable {
  readonly url: string
  /** every request: method, path, range */
  readonly requests: { method: string; path: string; range: string | undefined }[]
  /** bytes of file content sent so far */
  sent(): number
  /** what happens to the next requests for a file's content; null: served as it should be */
  misbehave: ((request: { path: string; range: string | undefined; count: number }) => Trouble | null) | null
  readonly files: Map<string, Uint8Array>
  /** what its branch stands for; no other commit is there */
  commit: string
  /** as a careless mirror: whatever commit is asked for, its own is sent */
  ignoresRevisions: boolean
  /** sizes to promise instead of the true ones */
  readonly promised: Map<string, number>
}

export type Trouble =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  /** the connection dies after this many bytes of the body */
  | { readonly kind: 'cut'; readonly after: number }
  /** nothing more comes after this many bytes, and the connection stays open */
  | { readonly kind: 'stall'; readonly after: number }
  /** other bytes of the same length */
  | { readonly kind: 'wrong' }
  /** the whole file although a range was asked for */
  | { readonly kind: 'no-ranges' }

const COMMIT = '0123456789abcdef0123456789abcdef01234567'

/**
 * @param files repository path (`owner/name/path`) → content
 * @param options.storage content comes from a second port, as the hub's own comes from its storage hosts
 * @param options.digests whether large files name their SHA-256
 * @param options.host another loopback address
 */
export async function startFakeHub(
  files: Readonly<Record<string, Uint8Array | string>>,
  options: { readonly storage?: boolean; readonly digests?: boolean; readonly host?: string } = {},
): Promise<FakeHub> {
  const content = new Map(Object.entries(files).map(([path, data]) => [path, Buffer.from(data)]))
  const requests: FakeHub['requests'] = []
  const counts = new Map<string, number>()
  let sent = 0

  const { host = '127.0.0.1' } = options
  const listen = (handler: Handler) => listenOn(host, handler)

  const sendContent = (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const data = content.get(path)
    if (!data) return void response.writeHead(404).end('Entry not found')
    const range = request.headers.range
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    const trouble = hub.misbehave?.({ path, range, count }) ?? null
    if (trouble?.kind === 'status') return void response.writeHead(trouble.status, trouble.headers).end()
    const etag = `"${sha256(data).slice(0, 32)}-storage"`
    const mayRange = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
    const start = range !== undefined && trouble?.kind !== 'no-ranges' && mayRange ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0
    if (start > 0 && start >= data.length) return void response.writeHead(416, { 'content-range': `bytes */${data.length}` }).end()
    let body = data.subarray(start)
    if (trouble?.kind === 'wrong') body = Buffer.from(body.map((byte) => byte ^ 1))
    response.writeHead(start > 0 ? 206 : 200, {
      etag,
      'content-length': body.length,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${data.length - 1}/${data.length}` } : {}),
    })
    if (trouble?.kind === 'cut' || trouble?.kind === 'stall') {
      body = body.subarray(0, trouble.after)
      sent += body.length
      response.write(body, () => {
        // the client must have got what was sent, or the test would not know where the cut lies
        if (trouble.kind === 'cut') setTimeout(() => response.destroy(), 20)
      })
      if (body.length === 0 && trouble.kind === 'cut') response.destroy()
      return
    }
    sent += body.length
    response.end(body)
  }

  const storage = options.storage
    ? await listen((request, response) => {
        const path = decodeURIComponent((request.url ?? '').slice(1))
        requests.push({ method: request.method ?? '', path: `storage:${path}`, range: request.headers.range })
        sendContent(request, response, path)
      })
    : null

  const main = await listen((request, response) => {
    const url = new URL(request.url ?? '', 'http://hub')
    requests.push({ method: request.method ?? '', path: url.pathname, range: request.headers.range })
    const tree = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/[^/]+$/.exec(url.pathname)
    if (tree) return sendTree(response, tree[1]!, url)
    const [, repo, revision, file] = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(decodeURIComponent(url.pathname)) ?? []
    const path = `${repo}/${file}`
    const data = content.get(path)
    if (!data || (revision !== 'main' && revision !== hub.commit && !hub.ignoresRevisions))
      return void response.writeHead(404).end('Entry not found')
    // large files lie elsewhere and carry their digest; small ones have a git id
    const isLarge = options.digests !== false && !path.endsWith('.json')
    const about = {
      'x-repo-commit': hub.commit,
      ...(isLarge
        ? { 'x-linked-etag': `"${sha256(data)}"`, 'x-linked-size': String(hub.promised.get(path) ?? data.length) }
        : { etag: '"d670460b4b4aece5915caf5c68d12f560a9fe3e4"' }),
    }
    if (isLarge && storage) {
      const location = `http://${host}:${portOf(storage)}/${encodeURIComponent(path)}`
      return void response.writeHead(302, { ...about, location }).end()
    }
    for (const [name, value] of Object.entries(about)) response.setHeader(name, value)
    if (request.method === 'HEAD') return void response.writeHead(200, { 'content-length': data.length }).end()
    sendContent(request, response, path)
  })

  const sendTree = (response: ServerResponse, repo: string, url: URL): void => {
    const all = [...content.entries()].filter(([path]) => path.startsWith(`${repo}/`))
    const page = Number(url.searchParams.get('cursor') ?? 0)
    const entries = all.slice(page * 3, page * 3 + 3).map(([path, data]) => ({
      type: 'file',
      oid: 'a'.repeat(40),
      size: data.length,
      path: path.slice(repo.length + 1),
      ...(path.endsWith('.json') ? {} : { lfs: { oid: sha256(data), size: data.length, pointerSize: 134 } }),
    }))
    const hasNext = all.length > page * 3 + 3
    const next = `http://${host}:${portOf(main)}${url.pathname}?recursive=true&cursor=${page + 1}`
    response
      .writeHead(200, { 'content-type': 'application/json', ...(hasNext ? { link: `<${next}>; rel="next"` } : {}) })
      .end(JSON.stringify(entries))
  }

  const hub: FakeHub = {
    url: `http://${host}:${portOf(main)}`,
    requests,
    sent: () => sent,
    misbehave: null,
    commit: COMMIT,
    ignoresRevisions: false,
    files: content as Map<string, Uint8Array>,
    promised: new Map(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([close(main), storage ? close(storage) : undefined])
    },
  }
  return hub
}

/** A port that nobody listens on. */
export async function findDeadUrl(): Promise<string> {
  const server = await listenOn('127.0.0.1', () => {})
  const url = `http://127.0.0.1:${portOf(server)}`
  await close(server)
  return url
}

export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

function listenOn(host: string, handler: Handler): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer(handler)
    server.listen(0, host, () => resolve(server))
  })
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
