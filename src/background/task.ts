/**
 * @file A task: work in the background, done piece by piece. How one piece is done and what wakes it is the task’s own; running, pacing,
 * trying again, holding, repeating by the clock, and stopping are the same for all and written here once. (ADR 74)
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Fence, LeaseLost, withFence } from '../db/fence.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Outages } from '../domain/outage.ts'

export const HOUR_MS = 60 * 60 * 1000
/** why a task is held */
export const ELSEWHERE = 'another process does this'
/** The time that is left is told from what was done in so long, at least half of it. */
const RATE_OVER_MS = 300_000
/** The longest wait a timer can be set to. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * How a piece of work ended. `true`: there may be more at once. `held`: nothing can be done for this reason until the task is woken, or for
 * so long. `failed`: it is tried again as after an error, which the piece logged itself. Anything else: there is nothing left to do.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: most work has nothing to say when it ends
export type PieceEnd = boolean | void | { readonly held: string; readonly forMs?: number } | { readonly failed: string }

export interface TaskSpec {
  readonly name: string
  /** One piece, short enough to wait for when the program stops. What it may do is asked anew before each, so a lease can be taken there. */
  readonly work: (signal: AbortSignal) => Promise<PieceEnd>
  readonly log: Log
  /** logged when a piece throws, with the error */
  readonly failureMessage: string
  readonly failureLevel?: 'warn' | 'error'
  /** from the first wake-up to the piece: what comes meanwhile is done together */
  readonly settleMs?: number
  /** from the last wake-up to the piece: the task waits until nothing comes any more */
  readonly quietMs?: number
  /** pause after work that took so long */
  readonly restMs?: (tookMs: number) => number
  /** runs again by itself this often; such a task does nothing before `start` */
  readonly everyMs?: number
  /** after a failure; without it the next wake-up tries again */
  readonly retryMs?: number
  /** what is left, as rows tell it, in whatever unit */
  readonly due?: () => Promise<number>
  /** work that a piece began goes on after it */
  readonly isBusy?: () => boolean
  /** during one no piece is begun */
  readonly outages?: Outages | undefined
}

/** The right to do what only one process of the library may do. */
export interface TaskLease {
  /** Takes it where nobody alive has it. @returns null while another process does the work */
  claim(): Promise<Fence | null>
  /** There may be something to do, for whoever does it. */
  pass(): void
}

export interface TaskReport {
  readonly name: string
  readonly state: 'idle' | 'running' | 'waiting to retry' | 'held' | 'stopped'
  /** why it is held */
  readonly reason: string | null
  readonly lastRunAt: Date | null
  readonly pieces: number
  /** while it last worked; null before */
  readonly piecesPerSecond: number | null
  readonly failuresInARow: number
  /** null after a piece that succeeded */
  readonly lastError: string | null
}

export class Task implements AsyncDisposable {
  readonly #spec: TaskSpec
  readonly #closing = new AbortController()
  #isStarted: boolean
  #isRunning = false
  #running: Promise<void> | undefined
  /** called while a piece was open */
  #woken: 'wake' | 'now' | null = null
  #timer: NodeJS.Timeout | undefined
  #dueAt = Number.POSITIVE_INFINITY
  /** a rest or the wait after a failure, which no wake-up shortens */
  #notBefore = 0
  #turn: Promise<unknown> = Promise.resolve()
  #excluding = 0
  #held: string | null = null
  #lease: TaskLease | undefined
  #passOn: (() => void) | undefined
  #lastRunAt: Date | null = null
  #startedAt = 0
  #pieces = 0
  #last = { pieces: 0, ms: 0 }
  #failures = 0
  #lastError: string | null = null
  /** what was left, lately: the older of two counts tells the rate */
  #counts: { readonly at: number; readonly due: number }[] = []

  constructor(spec: TaskSpec) {
    this.#spec = spec
    this.#isStarted = spec.everyMs === undefined
  }

  /** Aborts when the task is disposed of. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  /** Only the process that has the lease does the work; what it writes is refused once another has it. */
  shareBy(lease: TaskLease): void {
    this.#lease = lease
  }

  /** This process does none of it: what would wake it is passed on. */
  leaveToOthers(passOn: () => void): void {
    this.#passOn = passOn
  }

  start(): void {
    if (this.#passOn) return
    this.#isStarted = true
    this.runNow()
  }

  /** There may be something to do. Returns at once. */
  readonly wake = (): void => {
    const { settleMs = 0, quietMs } = this.#spec
    if (this.#passOn) this.#passOn()
    else if (this.#isRunning) this.#woken ??= 'wake'
    else {
      const at = Math.max(performance.now() + (quietMs ?? settleMs), this.#notBefore)
      this.#plan(quietMs === undefined ? Math.min(at, this.#dueAt) : at)
    }
  }

  /** The same, and it waits for nothing but the piece in hand. */
  runNow(): void {
    if (this.#passOn) this.#passOn()
    else if (this.#isRunning) this.#woken = 'now'
    else this.#plan(0)
  }

  /** Runs `act` while no piece is open. */
  exclusive<T>(act: () => Promise<T>): Promise<T> {
    this.#excluding++
    return this.#take(act).finally(() => this.#excluding--)
  }

  /** The piece in hand should end early: the task is stopped, or someone waits to exclude it. */
  get mustYield(): boolean {
    return this.signal.aborted || this.#excluding > 0
  }

  report(): TaskReport {
    const reason = this.#passOn ? ELSEWHERE : (this.#held ?? (this.#excluding > 0 ? 'lets another action go first' : null))
    const isRetrying = this.#failures > 0 && Number.isFinite(this.#dueAt)
    const { pieces, ms } = this.#isRunning ? { ...this.#last, ms: performance.now() - this.#startedAt } : this.#last
    return {
      name: this.#spec.name,
      state: this.signal.aborted
        ? 'stopped'
        : reason
          ? 'held'
          : this.#isRunning || this.#spec.isBusy?.()
            ? 'running'
            : isRetrying
              ? 'waiting to retry'
              : 'idle',
      reason,
      lastRunAt: this.#lastRunAt,
      pieces: this.#pieces,
      piecesPerSecond: pieces > 0 && ms > 0 ? (pieces * 1000) / ms : null,
      failuresInARow: this.#failures,
      lastError: this.#lastError,
    }
  }

  /** What is left, and how long it takes by how fast that became less since it was asked before. */
  async left(): Promise<{ readonly due: number | null; readonly perSecond: number | null; readonly secondsLeft: number | null }> {
    if (!this.#spec.due) return { due: null, perSecond: null, secondsLeft: null }
    const due = await this.#spec.due()
    const at = performance.now()
    // more became due: what was counted before tells nothing
    if ((this.#counts.at(-1)?.due ?? 0) < due) this.#counts = []
    this.#counts.push({ at, due })
    const [first, second] = this.#counts
    if (first && second && at - first.at > RATE_OVER_MS && at - second.at > RATE_OVER_MS / 2) this.#counts.shift()
    const since = this.#counts[0]
    const perSecond = since && since.due > due ? ((since.due - due) * 1000) / (at - since.at) : null
    return { due, perSecond, secondsLeft: due === 0 ? 0 : perSecond && due / perSecond }
  }

  /** Waits for the piece in hand. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new FototecaError('unavailable', 'fototeca is stopping'))
    clearTimeout(this.#timer)
    await this.#running
  }

  #plan(at: number): void {
    clearTimeout(this.#timer)
    this.#dueAt = at
    if (!this.#isStarted || this.signal.aborted || !Number.isFinite(at)) return
    const ms = at - performance.now()
    if (ms <= 0) this.#running = this.#run()
    else
      this.#timer = setTimeout(
        () => {
          this.#running = this.#run()
        },
        Math.min(ms, MAX_TIMER_MS),
      ).unref()
  }

  /** Piece after piece while there may be more; then the next run is planned. */
  async #run(): Promise<void> {
    const { restMs, everyMs = Number.POSITIVE_INFINITY, retryMs = 0 } = this.#spec
    this.#isRunning = true
    this.#dueAt = Number.POSITIVE_INFINITY
    this.#startedAt = performance.now()
    this.#last = { pieces: 0, ms: 0 }
    let end = await this.#runPiece()
    while (end === true && !this.signal.aborted) {
      await nextTurn() // others act between two pieces
      end = await this.#runPiece()
    }
    const now = performance.now()
    this.#last.ms = now - this.#startedAt
    this.#isRunning = false
    if (this.signal.aborted) return
    const [heldMs, failedMs] = typeof end !== 'object' ? [undefined, 0] : 'held' in end ? [end.forMs, 0] : [undefined, retryMs]
    this.#notBefore = now + Math.max(restMs?.(this.#last.ms) ?? 0, failedMs)
    if (this.#woken === 'now') return this.#plan(0)
    this.#plan(failedMs > 0 ? this.#notBefore : now + (heldMs ?? everyMs))
    if (this.#woken) this.wake()
  }

  async #runPiece(): Promise<PieceEnd> {
    const { work, outages, log, failureMessage, failureLevel = 'error' } = this.#spec
    const { signal } = this
    let end: PieceEnd
    try {
      this.#held = outages?.current()?.reason ?? null
      await outages?.over(signal)
      this.#held = null
      end = await this.#take(async () => {
        signal.throwIfAborted()
        this.#woken = null // what woke it before is seen by this piece
        const fence = await this.#lease?.claim()
        if (fence === null) {
          this.#lease?.pass()
          return { held: ELSEWHERE }
        }
        this.#lastRunAt = new Date()
        // not that of the work that woke it
        return await withFence(fence ?? null, () => work(signal))
      })
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof LeaseLost) this.#woken = 'wake' // it asks who does it now
      end = { failed: describeError(error) }
      log[failureLevel]({ err: end.failed }, failureMessage)
    }
    if (typeof end === 'object' && 'failed' in end) {
      this.#failures++
      this.#lastError = end.failed
      return end
    }
    this.#failures = 0
    this.#lastError = null
    this.#held = typeof end === 'object' ? end.held : null
    this.#pieces++
    this.#last.pieces++
    return end
  }

  #take<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act)
    this.#turn = mine.then(
      () => {},
      () => {},
    )
    return mine
  }
}
