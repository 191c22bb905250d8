/**
 * @file A circuit breaker for one server: closed, open after several failures in a row (nobody calls), then half-open:
 * one call tries, and closes it or opens it for longer. Pure; the clock is an argument.
 */

/** Failures in a row that are no accident any more. */
const FAILURES_TO_OPEN = 5
/** So many unusable answers in a row are the model’s fault, not that of so many photos. */
const MAX_UNUSABLE = 10
/** A server that restarts takes about this long; each failed try doubles the wait. */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 600_000
/** A missing key or model is mended by a person, who then switches the describer on anew; this is for those who mend it elsewhere. */
const CONFIGURATION_PAUSE_MS = 600_000
/** Longest wait a server may ask for: a day, after which its word is old. */
const LONGEST_RETRY_AFTER_MS = 86_400_000

export interface BreakerPace {
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  readonly configurationPauseMs: number
}
export const BREAKER_PACE: BreakerPace = {
  firstPauseMs: FIRST_PAUSE_MS,
  longestPauseMs: LONGEST_PAUSE_MS,
  configurationPauseMs: CONFIGURATION_PAUSE_MS,
}

export interface Circuit {
  readonly state: 'closed' | 'open' | 'half-open'
  /** why it is not closed; null when it is */
  readonly reason: string | null
  /** when the next try is allowed; null when closed */
  readonly untilMs: number | null
}

/** What a breaker remembers, as JSON. */
export interface BreakerState {
  readonly failures: number
  readonly opened: number
  /** unusable answers in a row */
  readonly unusable: number
  readonly open: { readonly reason: string; readonly untilMs: number; readonly pauseMs: number } | null
}

export class Breaker {
  readonly #pace: BreakerPace
  #failures: number
  #opened: number
  #unusable: number
  #open: BreakerState['open']
  #trying = false

  constructor(pace: BreakerPace = BREAKER_PACE, { failures = 0, opened = 0, unusable = 0, open = null }: Partial<BreakerState> = {}) {
    this.#pace = pace
    this.#failures = failures
    this.#opened = opened
    this.#unusable = unusable
    this.#open = open
  }

  get state(): BreakerState {
    return { failures: this.#failures, opened: this.#opened, unusable: this.#unusable, open: this.#open }
  }

  circuit(nowMs: number): Circuit {
    if (this.#open === null) return { state: 'closed', reason: null, untilMs: null }
    const { reason, pauseMs } = this.#open
    // a clock that was set back would lengthen the pause by as much
    if (this.#open.untilMs - nowMs > pauseMs) this.#open = { ...this.#open, untilMs: nowMs + pauseMs }
    const { untilMs } = this.#open
    return { state: untilMs > nowMs ? 'open' : 'half-open', reason, untilMs }
  }

  /** Calls that may be begun now: any number, one, or none. */
  room(nowMs: number): number {
    const { state } = this.circuit(nowMs)
    return state === 'closed' ? Number.POSITIVE_INFINITY : state === 'open' || this.#trying ? 0 : 1
  }

  /** A call begins. @returns what to call when it ended in whatever way, after telling how */
  begin(): () => void {
    if (this.#open === null) return () => {}
    this.#trying = true
    return () => {
      this.#trying = false
    }
  }

  /** The provider answered, well or not. */
  answered(): void {
    this.#failures = 0
    this.#opened = 0
    this.#open = null
  }

  /** The provider answered as it should. */
  succeeded(): void {
    this.answered()
    this.#unusable = 0
  }

  /** It answered, and nothing of the answer can be used. */
  unusable(nowMs: number, reason: string): void {
    this.answered()
    this.#unusable++
    if (this.#unusable < MAX_UNUSABLE) return
    this.#unusable = 0
    this.misconfigured(nowMs, `${MAX_UNUSABLE} photos in a row got no usable answer; the last said: ${reason}`)
  }

  /** The provider did not answer. */
  failed(nowMs: number, reason: string, retryAfterMs: number | null): void {
    this.#failures++
    if (retryAfterMs === null && this.#open === null && this.#failures < FAILURES_TO_OPEN) return
    this.#openFor(nowMs, reason, Math.max(retryAfterMs ?? 0, this.#open || this.#failures >= FAILURES_TO_OPEN ? this.#nextPause() : 0))
  }

  /** It asked to be left alone: no failure, but nothing is begun until then. */
  limited(nowMs: number, reason: string, retryAfterMs: number | null): void {
    this.#openFor(nowMs, reason, retryAfterMs ?? this.#nextPause())
  }

  /** Nothing will succeed until a person changes a setting. */
  misconfigured(nowMs: number, reason: string): void {
    this.#openFor(nowMs, reason, this.#pace.configurationPauseMs)
  }

  /** A person wants it tried now. */
  reset(): void {
    this.succeeded()
  }

  #nextPause(): number {
    const pause = Math.min(this.#pace.longestPauseMs, this.#pace.firstPauseMs * 2 ** this.#opened)
    this.#opened++
    return pause
  }

  /** Of several that end at once the longest pause holds. */
  #openFor(nowMs: number, reason: string, ms: number): void {
    const pauseMs = Math.min(ms, LONGEST_RETRY_AFTER_MS)
    const untilMs = nowMs + pauseMs
    if (this.#open === null || this.#open.untilMs < untilMs) this.#open = { reason, untilMs, pauseMs }
  }
}
