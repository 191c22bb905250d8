/** @file Sends text compressed where the client takes it: JSON and the documents’ scripts. Pictures are compressed already; the page’s own files are at its build. */

import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Below this, headers outweigh what is saved: it fits one packet either way. */
const MIN_BYTES = 1400
/** 223 kB of photo cards (1,000 of them): 2.1 ms and 37.8 kB at 4, 3.1 ms and 36.5 kB at 6; gzip 2.0 ms and 40.1 kB. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }
const TEXT = /^(?:application\/json|text\/(?:html|css|javascript|plain)|application\/javascript|image\/svg\+xml)\b/

type Encoding = 'br' | 'gzip'
const SHRINK = {
  br: { whole: (body: string | Buffer) => promisify(brotliCompress)(body, BROTLI), stream: () => createBrotliCompress(BROTLI) },
  gzip: { whole: (body: string | Buffer) => promisify(gzip)(body), stream: () => createGzip() },
} satisfies Record<Encoding, unknown>

export function addCompression(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!isWorthIt(reply, payload)) return payload
    vary(reply)
    const encoding = pickEncoding(request.headers['accept-encoding'])
    if (encoding === undefined || request.method === 'HEAD') return payload
    reply.header('content-encoding', encoding).removeHeader('content-length').removeHeader('accept-ranges')
    // zlib works in the thread pool, not on the event loop
    if (!(payload instanceof Readable)) return await SHRINK[encoding].whole(payload)
    const shrunk = payload.pipe(SHRINK[encoding].stream())
    payload.once('error', (error) => shrunk.destroy(error))
    shrunk.once('close', () => payload.destroy())
    return shrunk
  })
}

/** Whole answers of text that nobody has encoded yet. A part of a file (206) must stay the bytes that were asked for. */
function isWorthIt(reply: FastifyReply, payload: unknown): payload is string | Buffer | Readable {
  if (reply.statusCode === 206 || reply.statusCode === 304 || reply.hasHeader('content-encoding')) return false
  if (!TEXT.test(String(reply.getHeader('content-type') ?? ''))) return false
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return payload.length >= MIN_BYTES
  return payload instanceof Readable && Number(reply.getHeader('content-length') ?? MIN_BYTES) >= MIN_BYTES
}

function vary(reply: FastifyReply): void {
  const before = String(reply.getHeader('vary') ?? '')
  if (!/accept-encoding/i.test(before)) reply.header('vary', before === '' ? 'Accept-Encoding' : `${before}, Accept-Encoding`)
}

/** Brotli where it is taken, else gzip; `q=0` refuses. */
export function pickEncoding(accept: string | undefined): Encoding | undefined {
  const taken = new Map(
    (accept ?? '').split(',').map((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
      return [name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))]
    }),
  )
  return (['br', 'gzip'] as const).find((encoding) => taken.get(encoding) ?? taken.get('*') ?? false)
}
