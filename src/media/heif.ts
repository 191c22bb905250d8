/** @file HEIC/HEIF pixels by libheif (WASM) in its own thread, as an uncompressed TIFF that carries the colour profile along. */
import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { FototecaError } from '../domain/errors.ts'
import type { HeifAnswer, HeifRequest } from './heif-worker.ts'
import type { DecodeLimits } from './limits.ts'
import { sharp } from './sharp.ts'

/** A thread without work is ended, so that its memory goes back. */
const IDLE_MS = 30_000

let worker: Worker | undefined
let idle: NodeJS.Timeout | undefined
/** settles when all that were asked for so far are over; never rejects */
let last: Promise<void> = Promise.resolve()

/**
 * Decodes the primary picture, turned and mirrored as the container says. One at a time: the thread is busy for 0.7 s per 12 MP.
 * @throws FototecaError; the abort reason when `signal` fires, at once while it waits for its turn; in its turn the decoding thread is ended
 *   first, whatever it was doing
 */
export async function decodeHeif(path: string, limits: DecodeLimits, signal: AbortSignal): Promise<Buffer> {
  const before = last
  const turn = Promise.withResolvers<void>()
  last = before.then(() => turn.promise)
  try {
    await waitForTurn(before, signal)
    return await decodeNow(path, limits, signal)
  } finally {
    turn.resolve()
  }
}

async function waitForTurn(before: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([before, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function decodeNow(path: string, limits: DecodeLimits, signal: AbortSignal): Promise<Buffer> {
  const bytes = new Uint8Array(await readFile(path))
  // sharp reads HEIC headers, though not its pixels
  const profile = await sharp(Buffer.from(bytes.buffer))
    .metadata()
    .then(({ icc }) => icc)
    .catch(() => undefined)
  const answer = await askWorker({ bytes, maxPixels: limits.maxPixels, ...(profile ? { profile } : {}) }, signal)
  if ('code' in answer) throw new FototecaError(answer.code, answer.message, { cause: answer.detail })
  return Buffer.from(answer.tiff.buffer)
}

async function askWorker(request: HeifRequest, signal: AbortSignal): Promise<HeifAnswer> {
  signal.throwIfAborted()
  clearTimeout(idle)
  worker ??= new Worker(new URL('./heif-worker.ts', import.meta.url), { stdout: true, stderr: true })
  const asked = worker
  const { promise, resolve, reject } = Promise.withResolvers<HeifAnswer>()
  const abort = () => reject(signal.reason)
  const crash = (error: unknown) =>
    reject(new FototecaError('unreadable_picture', 'this HEIC file is damaged: its decoder gave up', { cause: error }))
  const stop = (code: number) => crash(new Error(`the decoding thread ended with ${code}`))
  asked.once('message', resolve).once('error', crash).once('exit', stop)
  signal.addEventListener('abort', abort, { once: true })
  try {
    asked.postMessage(request, [request.bytes.buffer as ArrayBuffer])
    const answer = await promise
    asked.off('error', crash).off('exit', stop)
    asked.unref()
    idle = setTimeout(() => void endHeif(), IDLE_MS).unref()
    return answer
  } catch (error) {
    worker = undefined
    // its memory is free only then
    await asked.terminate()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Ends the decoding thread, if there is one; a later call starts another. */
export async function endHeif(): Promise<void> {
  const ending = worker
  worker = undefined
  await ending?.terminate()
}
