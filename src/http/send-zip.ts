/** @file Sends a ZIP while it is written; a part of it where `Range` asks for one, so that what broke off goes on at its byte. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { FototecaError } from '../domain/errors.ts'
import { cutBytes, parseRange } from '../library/export/byte-range.ts'
import { writeZip, type ZipEntry, zipLength, zipTag } from '../library/zip.ts'
import { contentDisposition } from './send-file.ts'

/** @throws FototecaError `outside_range` for a range beyond its end */
export function sendZip({ headers }: FastifyRequest, reply: FastifyReply, filename: string, entries: ZipEntry[]): FastifyReply {
  const length = zipLength(entries)
  const etag = zipTag(entries)
  // of a ZIP that is another one by now the whole is sent
  const isAsked = headers['if-range'] === undefined || headers['if-range'] === etag
  const range = isAsked ? parseRange(headers.range, length) : null
  if (range === 'outside') {
    reply.header('content-range', `bytes */${length}`)
    throw new FototecaError('outside_range', `the ZIP has ${length} bytes; nothing lies beyond them`)
  }
  const { start, end } = range ?? { start: 0, end: length }
  reply
    .headers({
      etag,
      'accept-ranges': 'bytes',
      'content-disposition': contentDisposition(filename),
      'content-length': end - start,
    })
    .type('application/zip')
  if (range !== null) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${length}`)
  const bytes = cutBytes(writeZip(entries, undefined, start), { start: 0, end: end - start })
  return reply.send(Readable.from(bytes, { objectMode: false }))
}
