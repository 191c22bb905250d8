/** @file Finds the library: over HTTP where a server runs on this data folder, in this process where none does. */

import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/schema.ts'
import { type Announcement, readAnnouncement } from '../db/data-folder-lock.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { ApiFetch } from '../http/in-process.ts'
import { type Api, createApi } from './api.ts'

export interface OpenApi extends AsyncDisposable {
  readonly api: Api
  /** where the server answers; null in-process */
  readonly url: string | null
}

export interface InProcess extends AsyncDisposable {
  readonly fetch: ApiFetch
  readonly secret?: string
}

/** A server that holds the folder but does not announce itself yet is starting. */
const START_TIMEOUT_MS = 20_000

export async function openApi(config: Config, openInProcess: (config: Config) => Promise<InProcess>): Promise<OpenApi> {
  const { url, secret } = (await findServer(config.dataDir)) ?? { url: null }
  if (url !== null)
    return { api: createApi(fetchOverHttp(url), config.token ?? secret), url, [Symbol.asyncDispose]: () => Promise.resolve() }
  const inProcess = await openInProcess(config)
  return { api: createApi(inProcess.fetch, inProcess.secret), url: null, [Symbol.asyncDispose]: () => inProcess[Symbol.asyncDispose]() }
}

async function findServer(dataDir: string): Promise<Announcement | null> {
  const until = Date.now() + START_TIMEOUT_MS
  let found: Announcement | null = await readAnnouncement(dataDir)
  while (found !== null && found.url === null && Date.now() < until) {
    await sleep(300)
    found = await readAnnouncement(dataDir)
  }
  return found
}

function fetchOverHttp(url: string): ApiFetch {
  return async (path, { method, headers, body }) => {
    try {
      const answer = await fetch(new URL(path, url), {
        method,
        headers,
        ...(body === undefined ? {} : { body: body as Readable & string, duplex: 'half' }),
      })
      return { status: answer.status, text: () => answer.text(), bytes: () => toStream(answer) }
    } catch (error) {
      const cause = error instanceof Error && error.cause ? error.cause : error
      throw new FototecaError('unavailable', `the server at ${url} does not answer: ${describeError(cause)}`, { cause: error })
    }
  }
}

function toStream(answer: Response): Readable {
  return answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
}
