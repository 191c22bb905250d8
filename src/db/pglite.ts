/**
 * @file PGlite as a Kysely dialect: one connection, in its own thread, reached over a message port.
 * Whoever holds the connection (a query, a transaction) has it alone; the others wait in line.
 */
import { Worker } from 'node:worker_threads'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import { FototecaError } from '../domain/errors.ts'

export interface PgliteThreadData {
  readonly folder: string
}
export type PgliteCall =
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly kind: 'syncs' | 'close' }
/** id 0 speaks of the thread itself: `ready` once, or `fatal` just before it ends. */
export interface PgliteAnswer {
  readonly id: number
  readonly ready?: boolean
  readonly fatal?: string
  readonly rows?: unknown[]
  readonly command?: string | undefined
  readonly affected?: number | undefined
  readonly error?: { readonly message: string; readonly [field: string]: string | undefined } | undefined
}

/** An error Postgres answered with; the same fields as those of `pg`, so callers test `code` alike. */
export class PgliteError extends Error {
  readonly code: string | undefined
  readonly constraint: string | undefined
  constructor(fields: NonNullable<PgliteAnswer['error']>) {
    super(fields.message)
    this.name = 'PgliteError'
    Object.assign(this, fields)
    this.code = fields.code
    this.constraint = fields.constraint
  }
}

type CallBody = { kind: 'query'; sql: string; parameters: readonly unknown[] } | { kind: 'syncs' | 'close' }

/** The thread’s other end. After a fatal error every open and later call fails with the same clear error; none hangs. */
export class PgliteThread {
  readonly #worker: Worker
  readonly #open = new Map<number, { resolve: (answer: PgliteAnswer) => void; reject: (error: unknown) => void }>()
  #nextId = 1
  #end: FototecaError | undefined
  readonly ready: Promise<void>
  /** Settles only when the thread dies without being asked to. */
  readonly failed: Promise<FototecaError>

  constructor(data: PgliteThreadData) {
    this.#worker = new Worker(new URL('./pglite-worker.ts', import.meta.url), { workerData: data })
    const ready = Promise.withResolvers<void>()
    const failed = Promise.withResolvers<FototecaError>()
    this.ready = ready.promise
    this.failed = failed.promise
    ready.promise.catch(() => {}) // the one who opens awaits it; a later look must not count as unhandled
    let isReady = false
    const onDeath = (why: string, cause?: unknown) => {
      if (this.#end) {
        // while it closes: what was answered is in its log on the disk, and the next start reads it from there
        for (const call of [...this.#open.values()]) call.resolve({ id: 0 })
        this.#open.clear()
        return
      }
      const message = isReady
        ? `the database in ${data.folder} stopped: ${why}. What was answered is on the disk; start fototeca again`
        : `the database in ${data.folder} cannot be opened: ${why}. If the disk has room and the folder is writable, restore it from a backup, or move it away to begin anew`
      this.#end = new FototecaError('unavailable', message, { cause })
      for (const call of [...this.#open.values()]) call.reject(this.#end)
      this.#open.clear()
      ready.reject(this.#end)
      failed.resolve(this.#end)
    }
    this.#worker.on('message', (answer: PgliteAnswer) => {
      if (answer.fatal !== undefined) return onDeath(answer.fatal)
      if (answer.ready) {
        isReady = true
        return ready.resolve()
      }
      const call = this.#open.get(answer.id)
      this.#open.delete(answer.id)
      if (answer.error) call?.reject(new PgliteError(answer.error))
      else call?.resolve(answer)
    })
    this.#worker.on('error', (error: Error) => onDeath(error.message, error))
    this.#worker.on('exit', (code) => onDeath(`its thread ended (${code})`))
  }

  query(sql: string, parameters: readonly unknown[]): Promise<PgliteAnswer> {
    return this.#call({ kind: 'query', sql, parameters: parameters.map(toOwnBytes) })
  }

  /** How often data was forced to the disk since the start. */
  async countSyncs(): Promise<number> {
    const answer = await this.#call({ kind: 'syncs' })
    const [row] = (answer.rows ?? []) as { syncs: number }[]
    return row?.syncs ?? 0
  }

  async close(): Promise<void> {
    if (this.#end) return
    const closed = this.#call({ kind: 'close' })
    this.#end = new FototecaError('unavailable', 'the database was closed')
    await closed.catch(() => {}) // the last checkpoint found no room; the next start makes it
    await this.#worker.terminate()
  }

  /** Ends the thread as a crash would: without a checkpoint, failing what is open. Committed data stay. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #call(body: CallBody): Promise<PgliteAnswer> {
    if (this.#end) return Promise.reject(this.#end)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject })
      try {
        this.#worker.postMessage({ id, ...body } satisfies PgliteCall)
      } catch (error) {
        this.#open.delete(id)
        reject(error)
      }
    })
  }
}

/** A view into a larger buffer (Node pools small ones) would be cloned with all of it. */
function toOwnBytes(value: unknown): unknown {
  return value instanceof Uint8Array ? new Uint8Array(value) : value
}

/** What the dialect asks of the thread; tests put something between that ends while the thread goes on. */
export type PgliteSession = Pick<PgliteThread, 'ready' | 'query' | 'close'>

export interface PgliteDialectOptions {
  /** Tests set it: waiting longer for the connection is an error that names the likely mistake. */
  readonly acquireTimeoutMs?: number | undefined
}

export class PgliteDialect implements Dialect {
  readonly #thread: PgliteSession
  readonly #options: PgliteDialectOptions
  constructor(thread: PgliteSession, options: PgliteDialectOptions = {}) {
    this.#thread = thread
    this.#options = options
  }
  createDriver(): Driver {
    return new PgliteDriver(this.#thread, this.#options)
  }
  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler()
  }
  createAdapter(): PgliteAdapter {
    return new PgliteAdapter()
  }
  createIntrospector(db: ConstructorParameters<typeof PostgresIntrospector>[0]): PostgresIntrospector {
    return new PostgresIntrospector(db)
  }
}

/** One process holds the folder (data-folder-lock.ts) and one connection the database: migrations need no lock of their own. */
class PgliteAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

class PgliteDriver implements Driver {
  readonly #thread: PgliteSession
  readonly #connection: PgliteConnection
  readonly #acquireTimeoutMs: number | undefined
  #isHeld = false
  readonly #waiting: (() => void)[] = []

  constructor(thread: PgliteSession, options: PgliteDialectOptions) {
    this.#thread = thread
    this.#connection = new PgliteConnection(thread)
    this.#acquireTimeoutMs = options.acquireTimeoutMs
  }
  async init(): Promise<void> {
    await this.#thread.ready
  }
  acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#isHeld) {
      this.#isHeld = true
      return Promise.resolve(this.#connection)
    }
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const take = () => {
        clearTimeout(timer)
        resolve(this.#connection)
      }
      this.#waiting.push(take)
      const limitMs = this.#acquireTimeoutMs
      if (limitMs === undefined) return
      timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1)
        reject(new Error(`waited ${limitMs} ms for the database’s one connection: was \`db\` used inside \`db.transaction()\`?`))
      }, limitMs)
    })
  }
  async releaseConnection(): Promise<void> {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#isHeld = false
  }
  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const level = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : ''
    const access = settings.accessMode ? ` ${settings.accessMode}` : ''
    await connection.executeQuery(CompiledQuery.raw(`start transaction${level}${access}`))
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }
  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint "${name}"`))
  }
  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to "${name}"`))
  }
  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release "${name}"`))
  }
  async destroy(): Promise<void> {
    await this.#thread.close()
  }
}

const CHANGING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

class PgliteConnection implements DatabaseConnection {
  readonly #thread: PgliteSession
  constructor(thread: PgliteSession) {
    this.#thread = thread
  }
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const answer = await this.#thread.query(query.sql, query.parameters)
      const rows = (answer.rows ?? []) as R[]
      if (answer.command === undefined || !CHANGING.has(answer.command)) return { rows }
      return { rows, numAffectedRows: BigInt(answer.affected ?? 0) }
    } catch (error) {
      // the error was made where the answer arrived; say where the query was asked
      if (error instanceof PgliteError)
        error.stack = `${error.name}: ${error.message}\n${new Error().stack?.split('\n').slice(1).join('\n')}`
      throw error
    }
  }
  // biome-ignore lint/correctness/useYield: it only refuses
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('PGlite cannot stream: page by key')
  }
}
