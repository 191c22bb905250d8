/** @file A Postgres dialect that keeps fences: a transaction within one holds its lease until it ends, and does not begin where it is lost. */
import { CompiledQuery, type DatabaseConnection, type Driver, PostgresDialect, type QueryResult, type TransactionSettings } from 'kysely'
import { currentFence, type Fence, LeaseLost } from './fence.ts'

export class FencedPostgresDialect extends PostgresDialect {
  override createDriver(): Driver {
    return new FencedDriver(super.createDriver())
  }
}

/** Nothing that reads alone needs a fence. */
const READS = /^\s*(select|show|explain)\b/i

class FencedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection
  isInTransaction = false

  constructor(inner: DatabaseConnection) {
    this.inner = inner
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const fence = currentFence()
    if (fence === null || this.isInTransaction || READS.test(query.sql)) return await this.inner.executeQuery<R>(query)
    await this.inner.executeQuery(CompiledQuery.raw('begin'))
    try {
      await this.hold(fence)
      const result = await this.inner.executeQuery<R>(query)
      await this.inner.executeQuery(CompiledQuery.raw('commit'))
      return result
    } catch (error) {
      await this.inner.executeQuery(CompiledQuery.raw('rollback')).catch(() => {}) // the connection may be gone; the first error tells
      throw error
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize)
  }

  /** Whoever would take the work over waits for the end of the transaction. @throws LeaseLost */
  async hold({ name, token }: Fence): Promise<void> {
    const held = CompiledQuery.raw('select 1 from task_leases where name = $1 and token = $2 for share', [name, token])
    if ((await this.inner.executeQuery(held)).rows.length === 0) throw new LeaseLost(`“${name}”`)
  }
}

class FencedDriver implements Driver {
  readonly #inner: Driver
  readonly #connections = new WeakMap<DatabaseConnection, FencedConnection>()

  constructor(inner: Driver) {
    this.#inner = inner
  }

  init(): Promise<void> {
    return this.#inner.init()
  }

  async acquireConnection(): Promise<FencedConnection> {
    const inner = await this.#inner.acquireConnection()
    const known = this.#connections.get(inner) ?? new FencedConnection(inner)
    this.#connections.set(inner, known)
    return known
  }

  async beginTransaction(connection: FencedConnection, settings: TransactionSettings): Promise<void> {
    await this.#inner.beginTransaction(connection.inner, settings)
    connection.isInTransaction = true
    const fence = currentFence()
    if (fence === null || settings.accessMode === 'read only') return
    try {
      await connection.hold(fence)
    } catch (error) {
      await this.rollbackTransaction(connection)
      throw error
    }
  }

  async commitTransaction(connection: FencedConnection): Promise<void> {
    connection.isInTransaction = false
    await this.#inner.commitTransaction(connection.inner)
  }

  async rollbackTransaction(connection: FencedConnection): Promise<void> {
    connection.isInTransaction = false
    await this.#inner.rollbackTransaction(connection.inner)
  }

  releaseConnection(connection: FencedConnection): Promise<void> {
    return this.#inner.releaseConnection(connection.inner)
  }

  destroy(): Promise<void> {
    return this.#inner.destroy()
  }
}
