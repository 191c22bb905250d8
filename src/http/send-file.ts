/** @file Sends a file of this machine: ranges, ETag, conditional requests; with the headers that keep its bytes from running. */
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import send from '@fastify/send'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseRange } from '../library/export/byte-range.ts'

export interface FileToSend {
  readonly path: string
  readonly type: string
  /** where the route's row does not say it */
  readonly cacheControl?: string
  readonly headers?: Readonly<Record<string, string>>
  /** another size means another content, which is not sent */
  readonly bytes?: number | undefined
}

/**
 * Answers with the file.
 * @returns false when it is not there or not of its size (or is no plain file: a pipe would hang the request), and nothing was answered.
 *   Not the reply: it is thenable, so who awaits it gets `undefined` once it is sent.
 */
export async function sendFile(request: FastifyRequest, reply: FastifyReply, file: FileToSend): Promise<boolean> {
  const found = await stat(file.path).catch(() => undefined)
  if (!found?.isFile() || (file.bytes !== undefined && found.size !== file.bytes)) return false
  settleRange(request, found.size)
  const result = await send(request.raw, encodeURIComponent(basename(file.path)), {
    root: dirname(file.path),
    dotfiles: 'allow',
    index: false,
    extensions: false,
    cacheControl: false,
    contentType: false,
  })
  if (result.type !== 'file') {
    const status = result.statusCode
    if (status === 404) return false
    const range = (result.headers as Record<string, string>)['Content-Range']
    if (range) reply.header('content-range', range)
    const detail = status === 416 ? 'the range asked for is not in the file' : 'the file is not as the request expects'
    void reply.code(status).header('cache-control', 'no-store').send({ detail, code: 'bad_request' })
    return true
  }
  reply
    .code(result.statusCode)
    .headers(result.headers)
    .headers({ ...(file.cacheControl === undefined ? {} : { 'cache-control': file.cacheControl }), ...file.headers })
  if (result.statusCode !== 304) reply.type(file.type)
  void reply.send(result.stream)
  return true
}

/** One range as it lies in the file (RFC 9110 §14.1.2); several, and what is no range, are ignored: the whole file is the answer. */
function settleRange({ raw: { headers } }: FastifyRequest, bytes: number): void {
  const range = parseRange(headers.range, bytes)
  if (range === null) delete headers.range
  else headers.range = range === 'outside' ? `bytes=${bytes}-` : `bytes=${range.start}-${range.end - 1}`
}

/** RFC 6266/5987: a plain fallback, and the whole name percent-encoded; nothing in a name can end the header or add another. */
export function contentDisposition(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%;]/g, '_')
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
