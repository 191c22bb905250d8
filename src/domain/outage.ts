/**
 * @file What an outage is: a disk that is full or gone, a database that does not answer. It is nobody’s fault among photos and requests,
 * and it passes: work that meets one is given back and done again afterwards.
 */
import { describeError, FototecaError } from './errors.ts'

export interface Outage {
  readonly code: 'disk_full' | 'unavailable'
  /** for a person */
  readonly reason: string
}

/** What parts of the program ask before they write, and when something went wrong. Implemented by `jobs/storage-watch.ts`. */
export interface Outages {
  /** the outage that is known of now */
  current(): Outage | null
  /** Resolves at once while all is well, else when it is again. @throws the signal’s reason */
  over(signal: AbortSignal): Promise<void>
  /** Looks now. */
  check(): Promise<readonly Outage[]>
  /** The outage an error belongs to; null when it is something else. Looks at the disk and the database where the error alone does not tell. */
  judge(error: unknown): Promise<Outage | null>
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', '53100'])
/** may be a file’s own fault, or that of the disk it should be on */
const UNCLEAR = new Set(['EIO', 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ESTALE', 'ENXIO', 'ENODEV', 'ENOTCONN'])
const NO_ANSWER = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])
/** What `pg` says of a lost connection; these errors carry no code. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/
/** connection lost, server stopping or starting, too many connections; not 53200: one statement may be too large for its memory */
const DATABASE_GONE = /^(08...|57P0[1-5]|53300)$/
/** the database’s own files could not be read or written: 42501 is what Postgres makes of a read-only disk, XX000 of any error it has no name for */
const DATABASE_FILES = /^(58...|42501|XX00.)$/
const MAX_CAUSES = 5

/** `unclear`: only a look at the disk tells. */
export type OutageKind = Outage['code'] | 'unclear'

/**
 * What an error says by itself. Codes of the network count only on the error itself: wrapped in another they are those of a model’s server.
 */
export function findOutageKind(error: unknown): OutageKind | null {
  if (error instanceof FototecaError && error.code === 'disk_full') return 'disk_full'
  const own = findCode(error)
  if (own !== undefined && (NO_ANSWER.has(own) || DATABASE_GONE.test(own))) return 'unavailable'
  if (error instanceof Error && own === undefined && LOST_CONNECTION.test(error.message)) return 'unavailable'
  return kindOfCode(findSystemCode(error))
}

/** @param code of the operating system or of Postgres, as `findSystemCode` gives it */
export function kindOfCode(code: string | undefined): OutageKind | null {
  if (code === undefined) return null
  if (NO_ROOM.has(code)) return 'disk_full'
  if (code === 'EROFS') return 'unavailable'
  return UNCLEAR.has(code) || DATABASE_FILES.test(code) ? 'unclear' : null
}

/** The code of the error of the disk at the root of this one. */
export function findSystemCode(error: unknown): string | undefined {
  let at = error
  for (let depth = 0; depth < MAX_CAUSES && at instanceof Error; depth++) {
    const code = findCode(at)
    if (kindOfCode(code) !== null) return code
    at = at.cause
  }
  return undefined
}

function findCode(error: unknown): string | undefined {
  if (error instanceof FototecaError) return undefined
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}

export function describeOutage(code: Outage['code'], error: unknown): Outage {
  const reason = error instanceof FototecaError ? error.message : describeError(rootOf(error))
  return { code, reason }
}

function rootOf(error: unknown): unknown {
  let at = error
  for (let depth = 0; depth < MAX_CAUSES && at instanceof Error && at.cause instanceof Error; depth++) at = at.cause
  return at
}

/** @throws FototecaError `disk_full` or `unavailable`, for whoever wants to write now */
export function refuseDuring(outage: Outage | null): void {
  if (outage) throw new FototecaError(outage.code, `${outage.reason}. Nothing was taken; send it again later`)
}

/** Nothing is watched. */
export const NO_OUTAGES: Outages = {
  current: () => null,
  over: () => Promise.resolve(),
  check: () => Promise.resolve([]),
  judge: (error) => {
    const kind = findOutageKind(error)
    return Promise.resolve(kind === null || kind === 'unclear' ? null : describeOutage(kind, error))
  },
}
