/** @file A real S3 server (s3rver) in a process of its own, and a proxy before it that goes wrong on demand. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse, request as sendRequest } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer as createPort } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'

/** s3rver’s only account; the SDK finds it by its credentials chain. */
export const S3_ENVIRONMENT = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER', AWS_EC2_METADATA_DISABLED: 'true' }

export interface S3Server extends AsyncDisposable {
  readonly url: string
  stop(): Promise<void>
  start(): Promise<void>
}

/** @param host another loopback address */
export async function startS3Server(buckets: readonly string[], host = '127.0.0.1'): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'fototeca-s3-'))
  const port = await findPort(host)
  const program = createRequire(import.meta.url).resolve('s3rver/bin/s3rver.js')
  let child: ChildProcess | undefined
  const start = async () => {
    const args = ['-d', folder, '-a', host, '-p', String(port), '--silent', ...buckets.flatMap((bucket) => ['--configure-bucket', bucket])]
    const started = spawn(process.execPath, ['--no-deprecation', program, ...args], { stdio: 'ignore' })
    child = started
    for (let attempt = 0; ; attempt++) {
      if (started.exitCode !== null) throw new Error(`s3rver ended (${started.exitCode}); is port ${port} in use?`)
      const answers = await fetch(`http://${host}:${port}/`).then(
        () => true,
        () => false,
      )
      if (answers) return
      if (attempt > 1200) throw new Error('s3rver did not start')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const stop = async () => {
    if (!child || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    child = undefined
  }
  await start()
  return {
    url: `http://${host}:${port}`,
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface TestBucket extends AsyncDisposable {
  readonly name: string
  /** of its server */
  readonly url: string
  /** keys of an account that may use it */
  readonly environment: Readonly<Record<string, string>>
}

/** A bucket of its own on the server of FOTOTECA_TEST_S3 (`http://key:secret@host`), else on an s3rver that is started for it. */
export async function openTestBucket(): Promise<TestBucket> {
  const name = `fototeca-${randomUUID()}`
  const given = process.env.FOTOTECA_TEST_S3
  if (!given) {
    const server = await startS3Server([name])
    return { name, url: server.url, environment: S3_ENVIRONMENT, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  }
  const { origin, username, password } = new URL(given)
  const [accessKeyId, secretAccessKey] = [decodeURIComponent(username), decodeURIComponent(password)]
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: origin,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  return {
    name,
    url: origin,
    environment: { ...S3_ENVIRONMENT, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    async [Symbol.asyncDispose]() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: name }))
      for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket: name, Key }))
      await client.send(new DeleteBucketCommand({ Bucket: name }))
      client.destroy()
    },
  }
}

/** A free port that no server which takes any can take: below those the system gives away, since ours stops and comes back on it. */
async function findPort(host: string): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    const probe = createPort()
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, host, () => resolve(true))
    })
    await new Promise<void>((resolve) => probe.close(() => resolve()))
    if (isFree) return port
  }
}

/**
 * What happens to a request on its way: passed on (null), answered here, silent, cut off before the server saw it, or its answer cut
 * short or sent slowly (eight parts, so many ms between them).
 */
export type Fault = null | { status: number } | 'silence' | 'reset' | { truncate: number } | { slowMs: number }

export interface FaultyProxy extends AsyncDisposable {
  readonly url: string
  readonly requests: string[]
  /** asked for each request; `count` begins at 1 since it was set */
  fault: (request: { readonly method: string; readonly path: string; readonly count: number }) => Fault
  /** cuts every open connection; what was silent ends */
  hangUp(): void
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const requests: string[] = []
  let count = 0
  let fault: FaultyProxy['fault'] = () => null
  const server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`
    requests.push(line)
    count++
    const what = fault({ method: request.method ?? '', path: request.url ?? '', count })
    if (what === 'silence') return void request.resume()
    if (what === 'reset') return void request.socket.destroy()
    if (what && 'status' in what) {
      request.resume()
      return void response.writeHead(what.status, { 'content-type': 'application/xml' }).end('<Error><Code>InternalError</Code></Error>')
    }
    // each on a connection of its own: one kept from before may be closed by the server in the moment it is used
    const options = { method: request.method, headers: request.headers, agent: false } as const
    const onward = sendRequest(`${target}${request.url}`, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      if (what === null) answer.pipe(response)
      else if ('slowMs' in what) void sendSlowly(answer, response, what.slowMs)
      else cutAfter(answer, response, what.truncate)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  // nor does it close those of its own clients while they rest
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get fault() {
      return fault
    },
    set fault(next) {
      fault = next
      count = 0
    },
    hangUp: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function sendSlowly(answer: NodeJS.ReadableStream, response: ServerResponse, slowMs: number): Promise<void> {
  const bytes = await buffer(answer)
  const part = Math.ceil(bytes.length / 8)
  for (let from = 0; from < bytes.length; from += part) {
    response.write(bytes.subarray(from, from + part))
    await new Promise((resolve) => setTimeout(resolve, slowMs))
  }
  response.end()
}

function cutAfter(answer: NodeJS.ReadableStream, response: ServerResponse, bytes: number): void {
  let left = bytes
  answer.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, left)
    left -= part.length
    response.write(part, () => {
      if (left === 0) response.destroy()
    })
  })
}
