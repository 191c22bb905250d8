/** @file Sends a blob: ranges, ETag, conditional requests (RFC 9110), from a folder and from a bucket alike. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { FototecaError } from '../domain/errors.ts'
import { parseRange } from '../library/export/byte-range.ts'
import type { BlobStore, ByteSpan } from '../storage/blob-store.ts'
import { openInside } from '../storage/bounds.ts'
import type { LibraryFile } from '../storage/library-file.ts'
import { sendFile } from './send-file.ts'

export interface BlobToSend {
  readonly store: BlobStore
  readonly key: string
  readonly type: string
  readonly headers?: Readonly<Record<string, string>>
  /** another size means another content, which is not sent */
  readonly bytes?: number | undefined
}

/** Answers with the file, wherever it lies. @returns as `sendBlob` */
export async function sendLibraryFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { inPlace, blob, bytes }: LibraryFile,
  how: Pick<BlobToSend, 'type' | 'headers'>,
): Promise<boolean> {
  if (blob) return sendBlob(request, reply, { ...blob, ...how, bytes })
  const held = inPlace && (await openInside(inPlace.path, inPlace.bounds).catch(() => null))
  if (!held) return false
  reply.raw.once('close', () => void held[Symbol.asyncDispose]())
  return sendFile(request, reply, { ...how, path: held.path })
}

interface Facts {
  readonly bytes: number
  readonly modifiedMs: number
}

const CONDITIONS = ['range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const

/**
 * Answers with the blob.
 * @returns false when it is not there or not of its size, and nothing was answered.
 *   Not the reply: it is thenable, so who awaits it gets `undefined` once it is sent.
 */
export async function sendBlob(request: FastifyRequest, reply: FastifyReply, blob: BlobToSend): Promise<boolean> {
  const { headers, method } = request.raw
  // looked at first only where the answer may be no bytes, or some of them: a bucket is asked once for all others
  const isPlain = method === 'GET' && CONDITIONS.every((name) => headers[name] === undefined)
  const facts = isPlain ? null : await blob.store.stat(blob.key)
  if (!isPlain && (facts === null || !isOfSize(blob, facts.bytes))) return false
  const verdict = facts ? judge(request, facts) : {}
  if (facts && 'status' in verdict) {
    setFacts(reply, blob, facts)
    if (verdict.status === 304) void reply.code(304).send()
    else refuse(reply, verdict.status, facts)
    return true
  }
  const span = 'span' in verdict ? verdict.span : undefined
  if (facts && method === 'HEAD') {
    setFacts(reply, blob, facts)
    const { start, end } = setRange(reply, span, facts)
    // fastify says a length of its own where it gets no stream
    void reply
      .header('content-length', end - start)
      .type(blob.type)
      .send(Readable.from([]))
    return true
  }
  const opened = await blob.store.get(blob.key, { span }).catch((error: unknown) => {
    if (error instanceof FototecaError && (error.code === 'not_found' || (span && error.code === 'invalid'))) return null
    throw error
  })
  if (opened === null) return false
  const whole = facts ?? opened
  if (!isOfSize(blob, whole.bytes) || opened.bytes !== (span ? span.end - span.start : whole.bytes)) {
    opened.stream.destroy()
    return false
  }
  setFacts(reply, blob, whole)
  setRange(reply, span, whole)
  void reply.header('content-length', opened.bytes).type(blob.type).send(opened.stream)
  return true
}

const isOfSize = ({ bytes }: BlobToSend, found: number): boolean => bytes === undefined || found === bytes

/** The tag says what a look at it says: when it was put there, and its length. */
const tagOf = ({ bytes, modifiedMs }: Facts): string => `W/"${bytes.toString(16)}-${Math.trunc(modifiedMs).toString(16)}"`

function setFacts(reply: FastifyReply, { headers }: BlobToSend, facts: Facts): void {
  void reply
    .header('accept-ranges', 'bytes')
    .header('last-modified', new Date(facts.modifiedMs).toUTCString())
    .header('etag', tagOf(facts))
    .headers(headers ?? {})
}

function setRange(reply: FastifyReply, span: ByteSpan | undefined, { bytes }: Facts): ByteSpan {
  if (!span) return { start: 0, end: bytes }
  void reply.code(206).header('content-range', `bytes ${span.start}-${span.end - 1}/${bytes}`)
  return span
}

function refuse(reply: FastifyReply, status: 412 | 416, { bytes }: Facts): void {
  if (status === 416) void reply.header('content-range', `bytes */${bytes}`)
  const detail = status === 416 ? 'the range asked for is not in the file' : 'the file is not as the request expects'
  void reply.code(status).header('cache-control', 'no-store').send({ detail, code: 'bad_request' })
}

/** In the order of RFC 9110 §13.2.2. Several ranges, and what is no range, are ignored: the whole blob is the answer. */
function judge(
  { raw: { headers } }: FastifyRequest,
  facts: Facts,
): { status: 304 | 412 | 416 } | { span: ByteSpan } | Record<string, never> {
  // dates have whole seconds
  const modified = Math.trunc(facts.modifiedMs / 1000) * 1000
  const [match, noneMatch, ifRange] = [headers['if-match'], headers['if-none-match'], headers['if-range']?.toString()]
  const since = (header: string | undefined) => Date.parse(header ?? '')
  if (match !== undefined ? !names(match, facts) : since(headers['if-unmodified-since']) < modified) return { status: 412 }
  if (noneMatch !== undefined ? names(noneMatch, facts) : since(headers['if-modified-since']) >= modified) return { status: 304 }
  const isSame = ifRange === undefined || (ifRange.includes('"') ? names(ifRange, facts) : since(ifRange) >= modified)
  const range = isSame ? parseRange(headers.range, facts.bytes) : null
  if (range === 'outside') return { status: 416 }
  return range === null ? {} : { span: range }
}

/** Weak comparison: the tags are weak, and none of them is of anything but these bytes. */
function names(header: string, facts: Facts): boolean {
  const tag = tagOf(facts).slice(2)
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
}
