/**
 * @file Downloads one file of the hub: into a `.part` file that a later call continues, checked by length and SHA-256,
 * under its own name only when it is right.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError, FototecaError } from '../../domain/errors.ts'
import { causeOf, Passing, requestHub, unreachable } from './hub-request.ts'

export interface Pace {
  /** longest silence of a server before the connection counts as cut */
  readonly stallMs: number
  /** first pause after a failure; doubles up to `maxPauseMs` */
  readonly pauseMs: number
  readonly maxPauseMs: number
  /** failures in a row without a single new byte before it is given up */
  readonly attempts: number
}

export const PACE: Pace = { stallMs: 30_000, pauseMs: 1000, maxPauseMs: 30_000, attempts: 5 }

/** What the hub says of a file before it sends it. */
export interface RemoteFile {
  readonly url: string
  readonly bytes: number | null
  readonly sha256: string | null
  /** commit that the revision stands for */
  readonly commit: string | null
}

export interface DownloadOptions {
  readonly signal: AbortSignal
  readonly pace: Pace
  /** bytes of this file that are here by now; may go back when a partial file turns out useless */
  readonly onBytes?: (bytes: number) => void
}

/** What a partial file is a part of; kept beside it. */
interface PartNote {
  readonly bytes: number | null
  readonly sha256: string | null
  /** the sending server's own tag, for If-Range */
  readonly etag: string | null
}

export function hubUrl(hub: string, repo: string, revision: string, path: string): string {
  return [hub.replace(/\/+$/, ''), repo, 'resolve', encodeURIComponent(revision), ...path.split('/').map(encodeURIComponent)].join('/')
}

/** Asks for size, digest and commit without the content. @throws FototecaError `not_found`, `forbidden`, `hub_unreachable` */
export async function inspectFile(url: string, { signal, pace }: DownloadOptions): Promise<RemoteFile> {
  const { headers } = await tryAgain(
    () => requestHub(url, { method: 'HEAD', follow: false, timeoutMs: pace.stallMs, signal }),
    { signal, pace },
    () => 0,
  )
  const etag = cleanTag(headers.get('x-linked-etag') ?? headers.get('etag'))
  const length = headers.get('x-linked-size') ?? (headers.has('location') ? null : headers.get('content-length'))
  return {
    url,
    bytes: length !== null && /^\d+$/.test(length) ? Number(length) : null,
    sha256: etag !== null && /^[0-9a-f]{64}$/.test(etag) ? etag : null,
    commit: headers.get('x-repo-commit'),
  }
}

/**
 * @param file what is expected; a null digest means that the length is all there is to check
 * @param target absolute path; `target.part` is continued where it belongs to the same file
 * @throws FototecaError `checksum_mismatch` (the wrong bytes are gone), `disk_full`, `hub_unreachable`, `not_found`, `forbidden`; the signal's reason when aborted
 */
export async function downloadFile(file: RemoteFile, target: string, options: DownloadOptions): Promise<{ bytes: number; sha256: string }> {
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => {
    throw diskError(error, dirname(target))
  })
  const part = `${target}.part`
  const note = `${target}.part.json`
  // a second try from the start, once: the wrong bytes may come from what an earlier run left
  for (let isSecondTry = false; ; isSecondTry = true) {
    const known = await readNote(note)
    const belongs =
      known !== null && known.bytes === file.bytes && known.sha256 === file.sha256 && (file.sha256 !== null || known.etag !== null)
    if (!belongs) await rm(part, { force: true })
    const had = await sizeOf(part)
    const got = await fetchPart(file, part, note, belongs ? known : null, options)
    const isRight = (file.bytes === null || got.bytes === file.bytes) && (file.sha256 === null || got.sha256 === file.sha256)
    if (isRight) {
      await rename(part, target)
      await rm(note, { force: true })
      return got
    }
    await rm(part, { force: true })
    await rm(note, { force: true })
    if (had === 0 || isSecondTry)
      throw new FototecaError(
        'checksum_mismatch',
        `${file.url} sent other bytes than it promises (${got.bytes} bytes, SHA-256 ${got.sha256.slice(0, 12)}…; ` +
          `expected ${file.bytes ?? 'any number of'} bytes${file.sha256 ? `, ${file.sha256.slice(0, 12)}…` : ''}). ` +
          'They were deleted; try “fototeca models pull” again later, or another mirror (FOTOTECA_MODEL_HUB)',
      )
  }
}

async function fetchPart(
  file: RemoteFile,
  part: string,
  note: string,
  known: PartNote | null,
  options: DownloadOptions,
): Promise<{ bytes: number; sha256: string }> {
  const { signal, pace, onBytes } = options
  let handle: FileHandle
  try {
    handle = await open(part, 'a')
  } catch (error) {
    throw diskError(error, part)
  }
  let etag = known?.etag ?? null
  try {
    let { hash, bytes } = await hashPart(part, signal)
    const startOver = async () => {
      await handle.truncate(0)
      hash = createHash('sha256')
      bytes = 0
      onBytes?.(0)
    }
    if (file.bytes !== null && bytes > file.bytes) await startOver()
    onBytes?.(bytes)
    const attempt = async () => {
      if (file.bytes !== null && bytes === file.bytes && bytes > 0) return
      const stalled = new AbortController()
      const response = await requestHub(file.url, {
        method: 'GET',
        follow: true,
        timeoutMs: pace.stallMs,
        signal: AbortSignal.any([signal, stalled.signal]),
        headers: bytes === 0 ? {} : { range: `bytes=${bytes}-`, ...(etag === null ? {} : { 'if-range': `"${etag}"` }) },
      })
      if (response.status === 416) {
        await response.body?.cancel()
        if (file.bytes !== null && bytes !== file.bytes) await startOver()
        else return // nothing is left to send
        throw new Passing(unreachable(file.url, 'it cannot continue where the last connection ended'))
      }
      const from = response.status === 206 ? Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1]) : 0
      if (from !== bytes) {
        if (response.status === 206) {
          await response.body?.cancel()
          await startOver()
          throw new Passing(unreachable(file.url, 'it sent another part than asked for'))
        }
        await startOver() // the server sends everything: no ranges there, or the file changed
      }
      etag = strongTag(response.headers.get('etag'))
      await writeFile(note, JSON.stringify({ bytes: file.bytes, sha256: file.sha256, etag } satisfies PartNote)).catch((error: unknown) => {
        throw diskError(error, note)
      })
      for await (const chunk of readBody(response, file.url, pace.stallMs, signal, stalled)) {
        await handle.appendFile(chunk).catch((error: unknown) => {
          throw diskError(error, part)
        })
        hash.update(chunk)
        bytes += chunk.length
        onBytes?.(bytes)
        // more than promised is wrong already; do not fill the disk with it
        if (file.bytes !== null && bytes > file.bytes) return
      }
      if (file.bytes !== null && bytes < file.bytes) throw new Passing(unreachable(file.url, 'the connection was cut'))
    }
    await tryAgain(attempt, options, () => bytes)
    await handle.sync()
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await handle.close()
  }
}

/** Chunks of the body; a silence longer than `stallMs` or a cut connection is a passing failure. */
async function* readBody(
  response: Response,
  url: string,
  stallMs: number,
  signal: AbortSignal,
  stalled: AbortController,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  if (!reader) return
  try {
    for (;;) {
      const timer = setTimeout(() => stalled.abort(), stallMs)
      let next: Awaited<ReturnType<typeof reader.read>>
      try {
        next = await reader.read()
      } catch (error) {
        signal.throwIfAborted()
        throw new Passing(
          unreachable(url, stalled.signal.aborted ? `silent for ${stallMs / 1000} s` : `the connection was cut: ${causeOf(error)}`, error),
        )
      } finally {
        clearTimeout(timer)
      }
      if (next.done) return
      yield next.value
    }
  } finally {
    await reader.cancel().catch(() => {}) // the connection is gone or no longer wanted
  }
}

/** Repeats what fails in passing, with growing pauses; new bytes start the count again. */
export async function tryAgain<T>(
  attempt: () => Promise<T>,
  { signal, pace }: { signal: AbortSignal; pace: Pace },
  progress: () => number,
): Promise<T> {
  let failures = 0
  let best = progress()
  for (;;) {
    try {
      signal.throwIfAborted()
      return await attempt()
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Passing)) throw error
      failures = progress() > best ? 1 : failures + 1
      best = Math.max(best, progress())
      if (failures >= pace.attempts) throw error.final
      const pauseMs = error.retryAfterMs ?? Math.min(pace.maxPauseMs, pace.pauseMs * 2 ** (failures - 1))
      await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

async function hashPart(part: string, signal: AbortSignal): Promise<{ hash: Hash; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  const size = await sizeOf(part)
  if (size === 0) return { hash, bytes }
  for await (const chunk of createReadStream(part, { signal, end: size - 1 })) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
  }
  return { hash, bytes }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}

async function readNote(path: string): Promise<PartNote | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as PartNote
  } catch {
    return null // absent, or cut by a crash: then the part is not trusted
  }
}

/** A tag without quotes and weakness mark, for reading a digest out of it. */
function cleanTag(tag: string | null): string | null {
  return tag?.replace(/^W\//, '').replaceAll('"', '') ?? null
}

/** If-Range takes strong tags only. */
function strongTag(tag: string | null): string | null {
  return tag === null || tag.startsWith('W/') ? null : tag.replaceAll('"', '')
}

/** A failed write as an error a person can act on. */
export function diskError(error: unknown, path: string): FototecaError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new FototecaError(
      'disk_full',
      `no space is left for ${path}; make room or choose another folder with FOTOTECA_MODELS. The download goes on where it ended`,
      {
        cause: error,
      },
    )
  return new FototecaError(
    'unavailable',
    `${path} cannot be written (${describeError(error)}); make the folder writable or choose another with FOTOTECA_MODELS`,
    {
      cause: error,
    },
  )
}
