/**
 * @file What processes of one library tell each other: that something happened, never what. A notification of the database carries it at
 * once where one can be had; a look every few seconds finds what was told where none came. (ADR 79)
 */
import type { OpenDatabase } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'
import { CHANNEL, raiseTopics, readTopics } from './store-relayed.ts'
import { Task } from './task.ts'

/**
 * `photos due`: steps of photos are to be run; `photos done`: photos came or their facts were saved; `models`: another model may do a task;
 * `describer`: the choice of it; `queues`: a queue was paused or goes on; `task …`: there may be something for it to do.
 */
export type Topic = 'photos due' | 'photos done' | 'models' | 'describer' | 'queues' | `task ${string}`

/** What is told within so long is one statement and one notification. */
const TOGETHER_MS = 100
/** One read of a few rows. */
const LOOK_MS = 5_000

export interface RelayOptions {
  readonly log: Log
  readonly outages?: Outages
  readonly lookMs?: number
}

export class Relay implements AsyncDisposable {
  readonly #open: Pick<OpenDatabase, 'db' | 'engine' | 'listen'>
  readonly #listeners = new Map<Topic, (() => void)[]>()
  readonly #watchers: ((topic: Topic) => void)[] = []
  readonly #pending = new Set<Topic>()
  readonly task: Task
  readonly #log: Log
  #counts: Map<string, number> | undefined
  #listening: AsyncDisposable | undefined

  constructor(open: Pick<OpenDatabase, 'db' | 'engine' | 'listen'>, { log, outages, lookMs = LOOK_MS }: RelayOptions) {
    this.#open = open
    this.#log = log
    this.task = new Task({
      name: 'news of other processes',
      work: () => this.#exchange(),
      log,
      failureMessage: 'other processes could not be told, nor heard; it is tried again',
      failureLevel: 'warn',
      settleMs: TOGETHER_MS,
      everyMs: lookMs,
      retryMs: lookMs,
      outages,
    })
  }

  /** Nobody else can open the embedded database. */
  get #isAlone(): boolean {
    return this.#open.engine === 'pglite'
  }

  /** What was told before is not heard. */
  async start(): Promise<void> {
    if (this.#isAlone) return
    this.#counts = await readTopics(this.#open.db)
    this.#listening = this.#open.listen?.(CHANNEL, this.task.wake, (error) =>
      this.#log.warn(
        { err: describeError(error) },
        'notifications of the database cannot be had; what other processes do is looked for every few seconds',
      ),
    )
    this.task.start()
  }

  /** Other processes are told soon; in this one only those who watch everything. */
  tell(topic: Topic): void {
    this.tellHere(topic)
    if (this.#isAlone) return
    this.#pending.add(topic)
    this.task.wake()
  }

  /** Nothing that another process could do something about. */
  tellHere(topic: Topic): void {
    for (const watcher of this.#watchers) watcher(topic)
  }

  /** All that happens, here and in other processes. `watcher` must neither throw nor wait. */
  watch(watcher: (topic: Topic) => void): void {
    this.#watchers.push(watcher)
  }

  /** `listener` is called after another process told of it, perhaps once for several times; it must neither throw nor wait. */
  on(topic: Topic, listener: () => void): void {
    this.#listeners.set(topic, [...(this.#listeners.get(topic) ?? []), listener])
  }

  async #exchange(): Promise<void> {
    const { db } = this.#open
    const known = this.#counts ?? new Map<string, number>()
    const own = [...this.#pending]
    this.#pending.clear()
    try {
      for (const [topic, count] of own.length > 0 ? await raiseTopics(db, own) : []) {
        // raised by this process alone
        if (count === (known.get(topic) ?? 0) + 1) known.set(topic, count)
      }
    } catch (error) {
      for (const topic of own) this.#pending.add(topic)
      throw error
    }
    const now = await readTopics(db)
    this.#counts = now
    for (const [topic, count] of now)
      if (count !== (known.get(topic) ?? 0)) {
        for (const listener of this.#listeners.get(topic as Topic) ?? []) listener()
        this.tellHere(topic as Topic)
      }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.task[Symbol.asyncDispose]()
    await this.#listening?.[Symbol.asyncDispose]()
    if (this.#pending.size > 0) await raiseTopics(this.#open.db, [...this.#pending]).catch(() => {}) // they look by themselves too
  }
}
