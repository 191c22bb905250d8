/** @file A file of this machine as a multipart body, streamed. */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'

export function createUploadBody(path: string): { contentType: string; body: Readable } {
  const boundary = `fototeca-${randomUUID()}`
  // quotes and line ends would end the header early (HTML’s own escaping of form names)
  const name = basename(path).replace(/["\r\n]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(head)
    yield* createReadStream(path)
    yield Buffer.from(`\r\n--${boundary}--\r\n`)
  }
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Readable.from(parts(), { objectMode: false }) }
}
