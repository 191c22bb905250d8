/** @file Where an install happens: a staging folder beside the models, one installer at a time, and the move to the final name. */
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeError, FototecaError } from '../../domain/errors.ts'
import { syncFolder } from '../../storage/durable-write.ts'
import { diskError } from './hub-download.ts'
import { readManifest } from './install-manifest.ts'

const INCOMING = '.incoming'
const SQLITE_BUSY = 5
/** Kept free beyond the model itself. */
const RESERVE_BYTES = 200_000_000

/** Names become folder names, and part of every space's name. */
export function checkModelName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/.test(name))
    throw new FototecaError(
      'bad_request',
      `“${name}” cannot name a model: use letters, digits, dots, dashes and underscores, at most 80, starting with a letter or digit`,
    )
  return name
}

export function stagingFolder(modelDir: string, name: string): string {
  return join(modelDir, INCOMING, name)
}

/**
 * Waits until no other process or call installs this name. The lock is the kernel's (a POSIX file lock, through Node's SQLite,
 * since Node has no flock): it dies with its process, so it is never stale.
 */
export async function lockInstall(modelDir: string, name: string, signal: AbortSignal): Promise<Disposable> {
  await mkdir(join(modelDir, INCOMING), { recursive: true }).catch((error: unknown) => {
    throw diskError(error, join(modelDir, INCOMING))
  })
  const path = join(modelDir, INCOMING, `${name}.lock`)
  for (;;) {
    signal.throwIfAborted()
    const file = new DatabaseSync(path, { timeout: 0 })
    try {
      file.exec('pragma journal_mode = memory')
      file.exec('begin exclusive')
      return { [Symbol.dispose]: () => file.close() }
    } catch (error) {
      file.close()
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY)
        throw new FototecaError(
          'unavailable',
          `${path} cannot be locked (${describeError(error)}); put the model folder on a local disk (FOTOTECA_MODELS)`,
          {
            cause: error,
          },
        )
    }
    await sleep(500, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** @throws FototecaError `disk_full` before anything is written, when it cannot fit */
export async function checkSpace(modelDir: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(modelDir)
  const free = bavail * bsize
  if (free < neededBytes + RESERVE_BYTES)
    throw new FototecaError(
      'disk_full',
      `${modelDir} has ${megabytes(free)} free, this model needs ${megabytes(neededBytes + RESERVE_BYTES)}; make room or choose another folder with FOTOTECA_MODELS`,
    )
}

/** Gives a complete staging folder its final name. */
export async function publish(staging: string, modelDir: string, name: string): Promise<string> {
  const folder = join(modelDir, name)
  if (existsSync(folder)) {
    if (await readManifest(folder)) throw new FototecaError('conflict', `a model named ${name} is installed already; choose another name`)
    // what lies there is no model of ours (an unpacked copy, an old attempt): keep it, out of the way
    await rename(folder, join(modelDir, INCOMING, `${name}.replaced-${Date.now()}`))
  }
  await rename(staging, folder)
  await syncFolder(modelDir).catch(() => {}) // not every file system can
  return folder
}

export async function discard(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`
}
