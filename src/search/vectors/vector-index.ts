/**
 * @file The vectors of the spaces that are searched, as int8 in a thread of their own, so that a question is compared with all of them in
 * milliseconds under any filter (ADR 11). Filled from the table in the background, kept in step by its marks, lost at the end of the program.
 */
import type { Db } from '../../db/client.ts'
import { describeError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { IdSet } from '../../domain/search/id-set.ts'
import { WorkerModel } from '../../models/workers/worker-model.ts'
import { countVectors, readChangeMark, readVectorChanges, readVectorPage, readVectorsOf } from '../store-changes.ts'
import { MAX_FINE, type NearestQuestion, type NearRows } from './row-table.ts'

/** Numbers per statement when a space is read: some 20 ms, and other queries get their turn between. */
const PAGE_NUMBERS = 400_000
/** So many changed vectors are read while a question waits; more are read in the background, and the database answers. */
const MAX_CATCH_UP = 1000
const WAKE_MS = 5000

export interface SpaceOfVectors {
  readonly id: number
  readonly width: number
}

export interface IndexQuestion extends Omit<NearestQuestion, 'kept'> {
  readonly space: SpaceOfVectors
  readonly kept: IdSet | null
  /** of the database, read before; changes are not looked for where it is known to be the same */
  readonly state?: string
}

interface Table {
  readonly space: SpaceOfVectors
  state: 'filling' | 'ready' | 'too-large'
  bytes: number
  /** what was written by transactions before this mark is in */
  mark: string
  /** of the database, read before the changes were */
  seen: string | null
  update: Promise<Step> | null
}

/** What a look at the changes found: none, some that are in now, or more than one waits for. */
type Step = 'same' | 'changed' | 'behind'

export class VectorIndex implements AsyncDisposable {
  readonly #db: Db
  readonly #log: Log
  readonly #maxBytes: number
  readonly #thread = new WorkerModel(new URL('./scan-worker.ts', import.meta.url), null)
  /** least lately used first */
  readonly #tables = new Map<number, Table>()
  readonly #closing = new AbortController()
  #filling: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  /** @param maxBytes of all rows; a space beyond it is left to the database, of several the least lately used goes */
  constructor(db: Db, log: Log, maxBytes = Number.POSITIVE_INFINITY) {
    this.#db = db
    this.#log = log
    this.#maxBytes = maxBytes
  }

  /** The nearest; null while this space is not in memory: the database must answer. */
  async nearest({ space, vector, kept, maxPhotoId, exceptId, count, state }: IndexQuestion): Promise<NearRows | null> {
    const table = this.#use(space)
    if (table.state !== 'ready') return null
    try {
      const question: NearestQuestion = { vector, kept: kept?.words ?? null, maxPhotoId, exceptId, count }
      const ask = () => this.#thread.call<NearRows | null>('nearest', [space.id, question])
      // the thread looks while the database says what changed: mostly nothing
      const [step, found] = await Promise.all([this.#follow(table, state), ask()])
      if (step === 'behind') return null
      return step === 'changed' ? await ask() : found
    } catch (error) {
      this.#forget(error)
      return null
    }
  }

  /** Begins to read a space, so that the first search finds it there. */
  warm(space: SpaceOfVectors): void {
    this.#use(space)
  }

  /** Photos are being analysed: what is new is read soon rather than while somebody waits. */
  wake(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      for (const table of this.#tables.values())
        if (table.state === 'ready')
          this.#keepInStep(table).then(
            () => this.#arrangeLater(table),
            (error: unknown) => this.#forget(error),
          )
    }, WAKE_MS).unref()
  }

  /** Settles when what was asked to be filled is filled. */
  async filled(): Promise<void> {
    await this.#filling
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#filling
    await this.#thread[Symbol.asyncDispose]()
  }

  #use(space: SpaceOfVectors): Table {
    const known = this.#tables.get(space.id)
    const table: Table = known ?? { space, state: 'filling', bytes: 0, mark: '', seen: null, update: null }
    this.#tables.delete(space.id)
    this.#tables.set(space.id, table)
    if (!known) this.#filling = this.#filling.then(() => this.#fill(table)).catch((error: unknown) => this.#forget(error))
    return table
  }

  async #fill(table: Table): Promise<void> {
    const { space } = table
    const started = performance.now()
    const count = await countVectors(this.#db, space.id)
    table.bytes = count * space.width
    if (table.bytes <= MAX_FINE) table.bytes *= 2
    if (table.bytes > this.#maxBytes) {
      table.state = 'too-large'
      return
    }
    await this.#makeRoom(table)
    // before the first page: what is written from here on is read again
    table.mark = await readChangeMark(this.#db)
    for (let after = 0; !this.#closing.signal.aborted; ) {
      const { ids, sent } = await readVectorPage(this.#db, space.id, after, Math.ceil(PAGE_NUMBERS / space.width))
      const last = ids.at(-1)
      if (last === undefined) break
      await this.#put(space, ids, sent)
      after = last
    }
    table.state = 'ready'
    this.#log.info({ space: space.id, vectors: count, ms: Math.round(performance.now() - started) }, 'vectors_in_memory')
    await this.#arrange(space)
  }

  /** Very many rows are put into groups, a slice at a time: questions get their turn between, and are compared with all until then. */
  async #arrange(space: SpaceOfVectors): Promise<void> {
    while (!this.#closing.signal.aborted && (await this.#thread.call<boolean>('arrange', [space.id])));
  }

  #arrangeLater({ space }: Table): void {
    this.#filling = this.#filling.then(() => this.#arrange(space)).catch((error: unknown) => this.#forget(error))
  }

  async #follow(table: Table, state: string | undefined): Promise<Step> {
    if (state !== undefined && table.seen === state) return 'same'
    // a look that others began may have begun before this question
    const isOwn = table.update === null
    const step = await this.#keepInStep(table)
    if (isOwn && step !== 'behind') table.seen = state ?? null
    return step
  }

  #keepInStep(table: Table): Promise<Step> {
    table.update ??= this.#readChanges(table).finally(() => {
      table.update = null
    })
    return table.update
  }

  async #readChanges(table: Table): Promise<Step> {
    const { space } = table
    const { gone, changed, mark } = await readVectorChanges(this.#db, space.id, table.mark)
    if (changed.length > MAX_CATCH_UP) {
      // in order with other spaces, and out of the way of the one who asks
      table.state = 'filling'
      this.#filling = this.#filling
        .then(async () => {
          await this.#apply(space, gone, changed)
          table.mark = mark
          table.state = 'ready'
          await this.#arrange(space)
        })
        .catch((error: unknown) => this.#forget(error))
      return 'behind'
    }
    await this.#apply(space, gone, changed)
    table.mark = mark
    return gone.length + changed.length > 0 ? 'changed' : 'same'
  }

  async #apply(space: SpaceOfVectors, gone: Int32Array, changed: Int32Array): Promise<void> {
    if (gone.length > 0) await this.#thread.call('remove', [space.id, gone])
    const page = Math.ceil(PAGE_NUMBERS / space.width)
    for (let start = 0; start < changed.length && !this.#closing.signal.aborted; start += page) {
      const { ids, sent } = await readVectorsOf(this.#db, space.id, changed.subarray(start, start + page))
      if (ids.length > 0) await this.#put(space, ids, sent)
    }
  }

  async #put(space: SpaceOfVectors, ids: Int32Array, sent: Uint8Array): Promise<void> {
    await this.#thread.call('put', [space.id, space.width, ids, sent])
  }

  async #makeRoom(table: Table): Promise<void> {
    for (const other of this.#tables.values()) {
      const used = [...this.#tables.values()].reduce((sum, { bytes, state }) => sum + (state === 'too-large' ? 0 : bytes), 0)
      if (used <= this.#maxBytes || other === table) break
      this.#tables.delete(other.space.id)
      await this.#thread.call('drop', [other.space.id])
    }
  }

  /** After a fault all is read again at the next question. */
  #forget(error: unknown): void {
    if (this.#closing.signal.aborted) return
    this.#log.warn({ err: describeError(error) }, 'the vectors in memory are read again')
    for (const id of this.#tables.keys()) this.#thread.call('drop', [id]).catch(() => {})
    this.#tables.clear()
  }
}
