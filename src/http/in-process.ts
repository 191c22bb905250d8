/** @file The server’s API without a network, for the command line where no server runs. */
import type { Readable } from 'node:stream'
import { text as readText } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'

/** As much of `fetch` as the command line needs. */
export type ApiFetch = (
  path: string,
  init: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string | Readable },
) => Promise<{ readonly status: number; text(): Promise<string>; bytes(): Readable }>

export function fetchInProcess(app: FastifyInstance): ApiFetch {
  return async (path, { method, headers, body }) => {
    const answer = await app.inject({
      method: method as 'GET' | 'POST' | 'PATCH' | 'DELETE',
      url: path,
      headers: { ...headers },
      payloadAsStream: true,
      ...(body === undefined ? {} : { payload: body }),
    })
    return { status: answer.statusCode, text: () => readText(answer.stream()), bytes: () => answer.stream() }
  }
}
