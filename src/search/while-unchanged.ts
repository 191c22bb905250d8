/**
 * @file Keeps what was read from the database as long as nothing at all was written there (ADR 38): asked again, it is answered from memory,
 * and never older than the question. Bounded in bytes and in time.
 */

/** Popular questions come again within minutes; beyond, memory is better spent on others. */
const KEPT_MS = 300_000

export interface Use {
  readonly asked: number
  /** of those, answered from memory */
  readonly kept: number
}

interface Entry<T> {
  readonly value: T
  readonly bytes: number
  readonly until: number
}

export class WhileUnchanged<T> {
  readonly #maxBytes: number
  readonly #now: () => number
  /** least lately asked first; all of the same state */
  readonly #entries = new Map<string, Entry<T>>()
  #state = ''
  #bytes = 0
  #asked = 0
  #found = 0

  constructor(maxBytes: number, now: () => number = () => performance.now()) {
    this.#maxBytes = maxBytes
    this.#now = now
  }

  /** @param state of the database, read before anything the value rests on (`readDatabaseState`) */
  get(key: string, state: string): T | undefined {
    this.#asked++
    this.#settle(state)
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#drop(key)
    if (entry.until < this.#now()) return undefined
    this.#add(key, entry)
    this.#found++
    return entry.value
  }

  /** What was read while something was written is passed over. */
  put(key: string, state: string, value: T, bytes: number): void {
    if (state !== this.#state || bytes > this.#maxBytes) return
    this.#drop(key)
    this.#add(key, { value, bytes, until: this.#now() + KEPT_MS })
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.#drop(oldest)
    }
  }

  /** As it is kept, or read now. @param sizeOf bytes */
  async readOnce<Own extends T>(key: string, state: string, read: () => Promise<Own>, sizeOf: (value: Own) => number): Promise<Own> {
    const kept = this.get(key, state)
    if (kept !== undefined) return kept as Own
    const value = await read()
    this.put(key, state, value, sizeOf(value))
    return value
  }

  get use(): Use {
    return { asked: this.#asked, kept: this.#found }
  }

  get bytes(): number {
    return this.#bytes
  }

  #settle(state: string): void {
    if (state === this.#state) return
    this.#entries.clear()
    this.#bytes = 0
    this.#state = state
  }

  #add(key: string, entry: Entry<T>): void {
    this.#entries.set(key, entry)
    this.#bytes += entry.bytes
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }
}
