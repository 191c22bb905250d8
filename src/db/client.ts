/** @file Opens the database: PGlite in the data folder (its own thread), or a Postgres server. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, type Transaction } from 'kysely'
import { FototecaError } from '../domain/errors.ts'
import { listenTo } from './listen.ts'
import { PgliteDialect, type PgliteSession, PgliteThread } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import type { Database } from './tables.ts'

export type Db = Kysely<Database>
/** Inside a transaction only this handle may be used: PGlite has one connection, and `db` would wait for ever. */
export type Trx = Transaction<Database>
/** For reads that may run in either. */
export type DbOrTrx = Db | Trx

export interface OpenDatabase extends AsyncDisposable {
  readonly db: Db
  readonly engine: 'pglite' | 'postgres'
  /** where PGlite keeps it; null on a server */
  readonly folder: string | null
  /** Settles only if the database dies under us (a failed fsync, a crash of its thread): end the process then, nothing can be stored any more. */
  readonly failed: Promise<FototecaError>
  /** How often PGlite forced data to the disk; null on a server, which counts for itself. */
  countSyncs(): Promise<number | null>
  /** Hears what other processes notify; null where notifications cannot be had (`listen.ts`). */
  readonly listen: ((channel: string, onHeard: () => void, onFailure: (error: unknown) => void) => AsyncDisposable) | null
}

export interface DatabaseOptions {
  readonly dataDir: string
  readonly databaseUrl?: string | undefined
  /** the same server without a pooler in between */
  readonly databaseDirectUrl?: string | undefined
  /** Tests: how long a query may wait for the connection before it fails, naming the likely mistake. */
  readonly acquireTimeoutMs?: number | undefined
}

/**
 * Opens the database. It is not migrated yet (`migrate.ts`); the data folder must be locked by the caller (`data-folder-lock.ts`).
 * @throws FototecaError `config` or `unavailable`, saying what to do
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { databaseDirectUrl } = options
  if (options.databaseUrl !== undefined) {
    const dialect = await openPostgres(options.databaseUrl)
    const db = new Kysely<Database>({ dialect })
    return {
      db,
      engine: 'postgres',
      folder: null,
      failed: new Promise(() => {}),
      countSyncs: () => Promise.resolve(null),
      listen: databaseDirectUrl === undefined ? null : (...args) => listenTo(databaseDirectUrl, ...args),
      [Symbol.asyncDispose]: () => db.destroy(),
    }
  }
  await mkdir(options.dataDir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new FototecaError(
      'config',
      `cannot make the data folder ${options.dataDir}: ${error.message}. Choose another with FOTOTECA_DATA`,
      {
        cause: error,
      },
    )
  })
  const folder = join(options.dataDir, 'pg')
  const thread = new PgliteThread({ folder })
  await thread.ready
  return openSession(thread, thread, folder, options)
}

/** The database of this thread through a session, which ends with it. */
export function openSession(
  thread: PgliteThread,
  session: PgliteSession,
  folder: string,
  options: Pick<DatabaseOptions, 'acquireTimeoutMs'>,
): OpenDatabase {
  const db = new Kysely<Database>({ dialect: new PgliteDialect(session, { acquireTimeoutMs: options.acquireTimeoutMs }) })
  return {
    db,
    engine: 'pglite',
    folder,
    failed: thread.failed,
    countSyncs: () => thread.countSyncs(),
    listen: null,
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      await session.close() // Kysely ends only a driver that was used
    },
  }
}
