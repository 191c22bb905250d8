/** @file Asks two describers about the same photos, one comparison after another; stops and goes on where it was, also after a restart. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Task } from '../background/task.ts'
import { render } from '../contract/messages/message.ts'
import type { ComparisonSide } from '../contract/words.ts'
import { COMPARISON_SIDES } from '../contract/words.ts'
import type { Db } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { encodeJpeg } from '../media/encode-jpeg.ts'
import type { CallGate } from './call-gate.ts'
import {
  type ComparisonRow,
  type DueAnswer,
  endComparison,
  listDueAnswers,
  readRunning,
  saveAnswer,
  subjectOf,
} from './store-comparisons.ts'

/** After a call that said nothing about the photo: the gate says how long nothing may be begun, and this is the least. */
const MIN_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
const TROUBLE_PAUSE_MS = 5_000

export interface ComparisonRunnerDeps {
  readonly db: Db
  readonly gateOf: (describer: string) => CallGate
  /** a comparison is over: its describers may be closed */
  readonly onEnded: () => void
  readonly readPreview: (sha256: string) => Promise<Uint8Array>
  readonly previewPx: () => number
  readonly log: Log
  readonly leastWaitMs?: number | undefined
}

interface Current {
  readonly id: number
  readonly describers: readonly string[]
  readonly stop: AbortController
  /** why a side waits */
  readonly waits: Map<ComparisonSide, string>
}

export class ComparisonRunner implements AsyncDisposable {
  readonly #deps: ComparisonRunnerDeps
  readonly task: Task
  #current: Current | undefined

  constructor(deps: ComparisonRunnerDeps) {
    this.#deps = deps
    this.task = new Task({
      name: 'comparisons',
      work: (signal) => this.#runNext(signal),
      log: deps.log,
      failureMessage: 'a comparison could not go on; it will be tried again',
      retryMs: TROUBLE_PAUSE_MS,
    })
  }

  /** Something may be to do: after the start, a new comparison, a person’s wish to go on. */
  wake(): void {
    this.task.wake()
  }

  /** Describers of the comparison that runs. */
  inUse(): readonly string[] {
    return this.#current?.describers ?? []
  }

  /** Why the comparison waits just now; null when it does not, or does not run. */
  waitsBecause(id: number): string | null {
    return this.#current?.id === id ? [...this.#current.waits].map(([side, reason]) => `${side}: ${reason}`).join('; ') || null : null
  }

  /** What was said so far stays. */
  async cancel(id: number): Promise<void> {
    await endComparison(this.#deps.db, id, 'cancelled')
    if (this.#current?.id === id) this.#current.stop.abort()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.task[Symbol.asyncDispose]()
  }

  /** The comparison that runs. @returns false when none does */
  async #runNext(closing: AbortSignal): Promise<boolean> {
    const comparison = await readRunning(this.#deps.db)
    if (!comparison || closing.aborted) return false
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, closing])
    this.#current = { id: comparison.id, describers: [comparison.left_describer, comparison.right_describer], stop, waits: new Map() }
    try {
      const ends = await Promise.allSettled(COMPARISON_SIDES.map((side) => this.#askSide(comparison, side, signal)))
      const failed = ends.find((end) => end.status === 'rejected')
      if (failed && !signal.aborted) throw failed.reason
      if (!signal.aborted) await endComparison(this.#deps.db, comparison.id, 'done')
      return true
    } finally {
      this.#current = undefined
      this.#deps.onEnded()
    }
  }

  async #askSide(comparison: ComparisonRow, side: ComparisonSide, signal: AbortSignal): Promise<void> {
    const gate = await this.#openGate(comparison, side, signal)
    const queue = [...(await listDueAnswers(this.#deps.db, comparison.id, side))]
    const work = async () => {
      for (let answer = queue.shift(); answer; answer = queue.shift()) await this.#ask(gate, comparison, side, answer, signal)
    }
    await Promise.all(Array.from({ length: gate.concurrency() }, work))
  }

  /** A describer that cannot be opened (a key was taken away since) makes the comparison wait, not fail. */
  async #openGate(comparison: ComparisonRow, side: ComparisonSide, signal: AbortSignal): Promise<CallGate> {
    for (;;) {
      try {
        return this.#deps.gateOf(side === 'left' ? comparison.left_describer : comparison.right_describer)
      } catch (error) {
        await this.#wait(side, describeError(error), LONGEST_WAIT_MS, signal)
      }
    }
  }

  async #ask(gate: CallGate, comparison: ComparisonRow, side: ComparisonSide, answer: DueAnswer, signal: AbortSignal): Promise<void> {
    const { db, readPreview, previewPx } = this.#deps
    const key = { comparisonId: comparison.id, photoId: answer.photo_id, side, saidBy: gate.describer.info.id }
    const picture = await encodeJpeg(() => readPreview(answer.sha256), Math.min(previewPx(), gate.describer.maxSide)).catch(
      (error: unknown) => {
        if (error instanceof FototecaError && error.code === 'unreadable_picture') return describeError(error)
        throw error
      },
    )
    if (typeof picture === 'string') return await saveAnswer(db, key, { reason: picture })
    const subject = { photoId: answer.photo_id, subject: subjectOf(key) }
    for (;;) {
      signal.throwIfAborted()
      const said = await gate.call(subject, picture, signal)
      if (said.end === 'done') {
        await saveAnswer(db, key, said.result)
        return gate.forget(subject)
      }
      // one try is what is compared; a second would hide how often the first fails
      if (said.end === 'failed') return await saveAnswer(db, key, { reason: render(said.reason) })
      const now = Date.now()
      await this.#wait(side, said.reason, (gate.hold(now)?.untilMs ?? now) - now, signal)
    }
  }

  async #wait(side: ComparisonSide, reason: string, ms: number, signal: AbortSignal): Promise<void> {
    this.#current?.waits.set(side, reason)
    try {
      await sleep(Math.min(LONGEST_WAIT_MS, Math.max(this.#deps.leastWaitMs ?? MIN_WAIT_MS, ms)), undefined, { signal })
    } finally {
      this.#current?.waits.delete(side)
    }
  }
}
