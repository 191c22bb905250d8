/** @file How long a client may take to send a body, and to read an answer. Headers are bounded by the server itself. */
import type { FastifyInstance, FastifyRequest } from 'fastify'

export interface BodyTimeouts {
  /** for a whole JSON body */
  readonly bodyMs: number
  /** an upload may take long, but not by sending almost nothing: within each window at least so many bytes, while we wait for more */
  readonly uploadWindowMs: number
  readonly uploadMinBytes: number
  /** while an answer is sent: without a byte taken for so long, the connection ends */
  readonly answerMs: number
}

/** A JSON body is at most 1 MB: half a minute is generous on any line. 8 kB in 30 s is slower than any modem. */
export const BODY_TIMEOUTS: BodyTimeouts = { bodyMs: 30_000, uploadWindowMs: 30_000, uploadMinBytes: 8192, answerMs: 120_000 }

export function addBodyTimeouts(app: FastifyInstance, isUpload: (request: FastifyRequest) => boolean, bodyTimeouts: BodyTimeouts): void {
  app.addHook('onRequest', async (request) => {
    if (!hasBody(request) || request.raw.readableEnded) return
    const timer = isUpload(request)
      ? watchUpload(request, bodyTimeouts)
      : setTimeout(() => request.raw.destroy(new Error('the body did not arrive in time')), bodyTimeouts.bodyMs)
    timer.unref()
    const stop = () => clearTimeout(timer)
    request.raw.once('end', stop)
    request.raw.once('close', stop)
  })
  app.addHook('onSend', async (request) => {
    request.raw.socket.setTimeout?.(bodyTimeouts.answerMs) // Node ends the connection then, and sets another time once the answer is sent
  })
}

/** What announces none has none (RFC 9112 §6.3). Nobody reads it then, so its end is never told, however long the answer takes. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function watchUpload(request: FastifyRequest, { uploadWindowMs, uploadMinBytes }: BodyTimeouts): NodeJS.Timeout {
  let seen = request.raw.socket?.bytesRead ?? 0
  return setInterval(() => {
    const received = request.raw.socket?.bytesRead ?? 0
    // a full buffer, or one that waits for its turn, means that we are slow, not the client
    const isWaitingForClient = request.raw.readableLength === 0 && request.raw.readableFlowing === true
    if (isWaitingForClient && received - seen < uploadMinBytes) request.raw.destroy(new Error('the upload stalled'))
    seen = received
  }, uploadWindowMs)
}
