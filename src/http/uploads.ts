/** @file Reads the pictures of a multipart request one after another, as streams; nothing is held in memory. */
import { finished, PassThrough } from 'node:stream'
import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { FototecaError } from '../domain/errors.ts'
import type { UploadedFile } from './handler.ts'

const FILE_FIELDS = new Set(['file', 'files', 'file[]', 'files[]'])
const MAX_FILES = 1000
const FIELD_LIMITS = { fields: 100, fieldSize: 10_000, fieldNameSize: 200, headerPairs: 50 }

/** The text fields of a multipart request that brings no picture, in place of JSON. @throws what `readUploadedFiles` throws of a damaged body */
export async function readForm(request: FastifyRequest): Promise<Readonly<Record<string, string>>> {
  const fields: Record<string, string> = {}
  for await (const part of request.parts({ limits: { ...FIELD_LIMITS, fileSize: MAX_FORM_BYTES, files: 1, parts: 101 } }))
    readField(part, fields)
  await readToEnd(request)
  return fields
}
/** Of a file that nobody asked for. */
const MAX_FORM_BYTES = 1_000_000

function readField(part: Multipart, fields: Record<string, string>): void {
  if (part.type === 'file') part.file.resume()
  else if (typeof part.value === 'string' && !part.valueTruncated && /^\w{1,50}$/.test(part.fieldname))
    fields[part.fieldname] = part.value.replaceAll('\0', '')
}

/**
 * Text fields are put into `fields` as they come. Files come in the order they were sent; a file that its reader gave up is skipped over, and the next one follows.
 * @throws FototecaError `bad_request`-like when the body is no multipart; `invalid` when there is no part named `file`
 */
export async function* readUploadedFiles(
  request: FastifyRequest,
  reply: FastifyReply,
  maxBytes: number,
  fields: Record<string, string>,
): AsyncGenerator<UploadedFile> {
  const parts = request.parts({ limits: { ...FIELD_LIMITS, fileSize: maxBytes, files: MAX_FILES, parts: MAX_FILES + 100 } })
  /** Fields and parts under other names are seen to on the way. */
  const readNext = async (): Promise<MultipartFile | undefined> => {
    for (;;) {
      const { value: part, done } = await parts.next()
      if (done) {
        await readToEnd(request)
        return undefined
      }
      if (part.type === 'file' && FILE_FIELDS.has(part.fieldname)) return part
      readField(part, fields)
    }
  }
  let isWhole = false
  try {
    let part = await readNext()
    if (part === undefined) throw new FototecaError('invalid', 'file: send at least one picture as a multipart part named `file`')
    while (part !== undefined) {
      const next = readNext()
      next.catch(() => {}) // told to the reader of this file, and below
      yield { filename: decodeQuotes(part.filename), stream: detach(part, maxBytes, next) }
      if (part.file.truncated) return // the rest of the body is the rest of this file: it is not read
      part.file.resume()
      part = await next
    }
    isWhole = true
  } finally {
    if (!isWhole) reply.header('connection', 'close')
  }
}

/** The parser is done at the closing boundary; a body that was announced longer and breaks off is none, whatever came of it. */
async function readToEnd({ raw }: FastifyRequest): Promise<void> {
  if (raw.readableEnded) return
  raw.resume()
  await new Promise<void>((resolve, reject) => {
    finished(raw, { writable: false }, (error) => {
      if (error) reject(new FototecaError('bad_request', 'the body is shorter than announced', { cause: error }))
      else resolve()
    })
  })
}

/**
 * The part behind a stream of its own: a reader that refuses the file destroys that one, and the parser goes on to the next part
 * (destroying the part itself would end the whole request).
 * @param next settles when another file begins or the request has ended: only then is it sure that this one came whole
 */
function detach({ file }: MultipartFile, maxBytes: number, next: Promise<unknown>): PassThrough {
  const stream = new PassThrough()
  // a small body is parsed whole before we see its parts, so every event may be over already: `finished` knows that too
  finished(file, { writable: false }, (error) => {
    if (file.truncated)
      stream.destroy(new FototecaError('too_large', `the file is larger than the ${maxBytes} bytes allowed (FOTOTECA_MAX_BYTES)`))
    else if (error) stream.destroy(brokenOff(error))
    else
      next.then(
        () => stream.end(),
        (cause: unknown) => stream.destroy(brokenOff(cause)),
      )
  })
  stream.on('close', () => file.resume())
  stream.on('error', () => {}) // seen by the reader; one that already left must not end the process
  file.pipe(stream, { end: false })
  return stream
}

const brokenOff = (cause: unknown) => new FototecaError('bad_request', 'the body ended before the whole file arrived', { cause })

/** Browsers send a quote in a name as %22 (HTML’s escaping of form names). What the name may be is ingest’s to say. */
function decodeQuotes(filename: string | undefined): string {
  return (filename ?? '').replaceAll('%22', '"')
}
