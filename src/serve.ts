/** @file The running service: listens, begins to work, indexes and watches the folders it was given. */
import { setTimeout as sleep } from 'node:timers/promises'
import { refuseOpenDoor } from './access/open-door.ts'
import { type App, createApp } from './app.ts'
import type { Config } from './config/schema.ts'
import type { Progress } from './contract/library.ts'
import { OWNER, SYSTEM } from './domain/actor.ts'
import { describeError, FototecaError } from './domain/errors.ts'
import type { Log } from './domain/log.ts'

export interface RunningService extends AsyncDisposable {
  /** null: it only works in the background */
  readonly url: string | null
  /** settles when the service cannot go on (the database died) */
  readonly failed: Promise<FototecaError>
  progress(): Promise<Progress>
  /** as the app says */
  readonly newLibrary: string | null
  /** the first look at the folders given at the start is over; their problems, in words */
  readonly firstScan: Promise<readonly string[]>
}

export interface ServeOptions {
  readonly folders: readonly string[]
  /** folders outside of them that their links may lead to; undefined: as they are */
  readonly followLinks?: readonly string[] | undefined
  readonly webDir: string
  readonly log: Log
}

/** @throws FototecaError with a sentence for a person: data folder in use, port taken, wrong folder, database unreachable */
export async function startService(config: Config, { folders, followLinks, webDir, log }: ServeOptions): Promise<RunningService> {
  const app = await createApp(config, { webDir, log })
  const closing = new AbortController()
  try {
    if (config.roles !== 'worker') await refuseOpenDoor(config, app.services.accounts)
    const url = config.roles === 'worker' ? null : await listen(app, config)
    if (url !== null) await app.announce(url)
    // a folder that is not there is an error at the start; what is in it is looked at while the service answers
    const late: LateFolder[] = []
    for (const folder of folders) {
      const wait = await addFolder(app, folder, followLinks)
      if (wait !== null) late.push({ folder, wait })
    }
    await app.start()
    const firstScan = scanAll(app, log, () => addLate(app, late, followLinks, closing.signal))
    return {
      url,
      failed: app.failed,
      firstScan,
      newLibrary: app.newLibrary,
      progress: () => app.pipeline.progress(SYSTEM.sees),
      [Symbol.asyncDispose]: () => {
        closing.abort()
        return app[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await app[Symbol.asyncDispose]()
    throw error
  }
}

async function listen(app: App, config: Config): Promise<string> {
  try {
    return await app.http.listen({ host: config.host, port: config.port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why =
      code === 'EADDRINUSE' ? 'another program uses that port' : code === 'EACCES' ? 'ports below 1024 need rights' : describeError(error)
    throw new FototecaError('unavailable', `cannot listen on ${config.host}:${config.port}: ${why}; choose another with FOTOTECA_PORT`, {
      cause: error,
    })
  }
}

interface LateFolder {
  readonly folder: string
  /** seconds until it is tried again */
  readonly wait: number
}

/**
 * A folder that was removed before is a source again when it is named, and its photos come back from the trash.
 * @returns null; seconds to wait where they are still on their way there, which goes on only when the service works
 */
async function addFolder(app: App, folder: string, followLinks: readonly string[] | undefined): Promise<number | null> {
  try {
    await app.services.sources.add(OWNER, folder, { followLinks })
    return null
  } catch (error) {
    if (error instanceof FototecaError && error.code === 'conflict' && error.retryAfter !== undefined) return error.retryAfter
    throw error
  }
}

async function addLate(app: App, late: LateFolder[], followLinks: readonly string[] | undefined, signal: AbortSignal): Promise<void> {
  for (let next = late.shift(); next; next = late.shift()) {
    await sleep(next.wait * 1000, undefined, { signal, ref: false })
    const wait = await addFolder(app, next.folder, followLinks)
    if (wait !== null) late.push({ ...next, wait })
  }
}

/** Every folder the library knows, those of earlier starts too; each is watched from then on. */
async function scanAll(app: App, log: Log, addLast: () => Promise<void>): Promise<string[]> {
  try {
    await addLast()
    await app.ingest.watchAll()
    return (await app.ingest.sources()).flatMap((source) => source.notice ?? [])
  } catch (error) {
    log.warn({ err: describeError(error) }, 'folders could not be looked through')
    return [describeError(error)]
  }
}
