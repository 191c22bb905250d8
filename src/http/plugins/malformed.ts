/** @file Answers what is not HTTP enough to become a request, in the same form as every other refusal. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

const KNOWN: Readonly<Record<string, { status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'the header lines are too long' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request did not arrive in time' },
}

/** for the answer to be read; a client that does not close its side would otherwise keep the connection for ever */
const LINGER_MS = 1000

export function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, detail } = KNOWN[error.code ?? ''] ?? { status: 400, detail: 'this is not a well-formed HTTP request' }
  const body = JSON.stringify({ detail, code: 'bad_request' })
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `x-content-type-options: nosniff\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
