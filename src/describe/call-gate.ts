/**
 * @file The one way to a describer: every call of it, by the lane or a comparison, passes here. Keeps the rate, the budget and the
 * circuit breaker, counts what was spent, and says of every failure whether it is the photo's or the provider's.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Breaker, type BreakerPace, type Circuit } from '../background/breaker.ts'
import { type DayBudget, endOfDay, findSpent } from '../background/budget.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { DescribablePicture, DescribeResult, Describer } from '../models/ports/describer.ts'
import { ProviderFailure } from '../models/providers/provider-failure.ts'
import type { Hold } from '../pipeline/lane.ts'
import type { UsageBook } from './usage-book.ts'

export interface CallLimits extends DayBudget {
  /** calls open at the same time */
  readonly concurrency: number
  /** calls begun in a minute; null: any number */
  readonly perMinute: number | null
}

export interface GateDeps {
  readonly describer: Describer
  readonly limits: () => CallLimits
  readonly usage: UsageBook
  readonly language: string
  readonly now: () => number
  readonly breakerPace?: BreakerPace | undefined
  /** last resort above the describer’s own limits */
  readonly timeoutMs?: number | undefined
}

/** `postponed`: nothing was said about this photo; it costs no attempt. */
export type CallEnd =
  | { readonly end: 'done'; readonly result: DescribeResult }
  | { readonly end: 'failed'; readonly reason: string; readonly isRetryable: boolean }
  | { readonly end: 'postponed'; readonly reason: string }

/** A photo on which a working provider fails this often is given up. */
const MAX_PASSING_FAILURES = 3
/** So many unusable answers in a row are the model’s fault, not that of so many photos. */
const MAX_BAD_ANSWERS = 10
const DEFAULT_TIMEOUT_MS = 900_000
/** Means over about the last twenty calls. */
const MEAN_WEIGHT = 0.05

export interface Trouble {
  /** for a person */
  readonly reason: string
  readonly atMs: number
}

export class CallGate {
  readonly #deps: GateDeps
  readonly #breaker: Breaker
  /** failures for a passing reason per photo: `new` ones may be the provider’s, those followed by a success elsewhere were not */
  readonly #suspects = new Map<number, { fresh: number; confirmed: number }>()
  #open = 0
  #nextStartMs = 0
  #badAnswers = 0
  #trouble: Trouble | null = null
  #answeredMs: number | null = null
  #means: { tokens: number | null; cost: number | null } = { tokens: null, cost: null }

  constructor(deps: GateDeps) {
    this.#deps = deps
    this.#breaker = new Breaker(deps.breakerPace)
  }

  get describer(): Describer {
    return this.#deps.describer
  }

  circuit(): Circuit {
    return this.#breaker.circuit(this.#deps.now())
  }

  /** Why the last call said nothing of its photo; null once one was answered. */
  trouble(): Trouble | null {
    return this.#trouble
  }

  /** When it last described a picture; null: not since the start. */
  answeredMs(): number | null {
    return this.#answeredMs
  }

  /** A person wants it tried now. */
  reset(): void {
    this.#breaker.reset()
    this.#trouble = null
    this.#badAnswers = 0
  }

  concurrency(): number {
    return this.#deps.limits().concurrency
  }

  /** Calls that may be open at the same time, now. */
  room(): number {
    return Math.min(this.#deps.limits().concurrency, this.#breaker.room(this.#deps.now()))
  }

  hold(nowMs: number): Hold | null {
    const circuit = this.#breaker.circuit(nowMs)
    if (circuit.state === 'open') return { state: 'paused', reason: circuit.reason ?? '', untilMs: circuit.untilMs }
    const today = this.#deps.usage.today()
    const spent = { calls: today.calls, tokens: today.input_tokens + today.output_tokens, cost: today.cost }
    const reason = findSpent(this.#deps.limits(), spent, this.#means, this.#open)
    // with calls on their way it may only look spent; when they end it is looked at again
    return reason === null ? null : { state: 'paused', reason, untilMs: endOfDay(nowMs) }
  }

  /** @throws the signal’s reason when aborted */
  async call(photoId: number, picture: DescribablePicture, signal: AbortSignal): Promise<CallEnd> {
    await this.#takeTurn(signal)
    const hold = this.hold(this.#deps.now())
    if (hold) return { end: 'postponed', reason: hold.reason }
    if (this.#breaker.room(this.#deps.now()) < 1) return { end: 'postponed', reason: 'one call tries whether the provider answers again' }
    this.#open++
    const end = this.#breaker.begin()
    const limit = AbortSignal.timeout(this.#deps.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    try {
      const { describer, language } = this.#deps
      const result = await describer.describe(picture, { signal: AbortSignal.any([signal, limit]), language })
      this.#succeeded(photoId, result)
      await this.#deps.usage.add(describer.info.id, result.usage, false)
      return { end: 'done', result }
    } catch (error) {
      signal.throwIfAborted()
      const failure = limit.aborted ? new ProviderFailure('timeout', 'the describer did not end in time', { cause: error }) : error
      const said = this.#failed(photoId, failure)
      this.#trouble = said.end === 'postponed' ? { reason: said.reason, atMs: this.#deps.now() } : null
      await this.#deps.usage.add(this.#deps.describer.info.id, failure instanceof ProviderFailure ? failure.usage : null, true)
      return said
    } finally {
      this.#open--
      end()
    }
  }

  /** Calls begin evenly spread over the minute. */
  async #takeTurn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { perMinute, concurrency } = this.#deps.limits()
    if (perMinute === null) return
    const now = this.#deps.now()
    const everyMs = 60_000 / perMinute
    // as many calls as run at once wait for the next free moment: a later one was computed by a clock that was set back since
    const at = Math.max(now, Math.min(this.#nextStartMs, now + concurrency * everyMs))
    this.#nextStartMs = at + everyMs
    if (at > now) await sleep(at - now, undefined, { signal })
  }

  #succeeded(photoId: number, { usage }: DescribeResult): void {
    this.#breaker.answered()
    this.#badAnswers = 0
    this.#trouble = null
    this.#answeredMs = this.#deps.now()
    this.#suspects.delete(photoId)
    for (const suspect of this.#suspects.values()) {
      suspect.confirmed += suspect.fresh
      suspect.fresh = 0
    }
    const mix = (mean: number | null, value: number | null) =>
      value === null ? mean : mean === null ? value : mean + MEAN_WEIGHT * (value - mean)
    const tokens = usage.inputTokens === null && usage.outputTokens === null ? null : (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)
    this.#means = { tokens: mix(this.#means.tokens, tokens), cost: mix(this.#means.cost, usage.cost?.amount ?? null) }
  }

  #failed(photoId: number, error: unknown): CallEnd {
    const now = this.#deps.now()
    const reason = describeError(error)
    if (!(error instanceof ProviderFailure)) {
      // a local model’s thread, or a mistake of ours: this photo’s, until it is everybody’s
      this.#countBadAnswer(now, reason)
      return { end: 'failed', reason, isRetryable: error instanceof FototecaError && error.retryable }
    }
    if (error.fault === 'configuration') {
      this.#breaker.misconfigured(now, reason)
      return { end: 'postponed', reason }
    }
    if (error.kind === 'rate-limited') {
      this.#breaker.limited(now, reason, error.retryAfterMs)
      return { end: 'postponed', reason }
    }
    if (error.fault === 'photo') {
      this.#breaker.answered()
      this.#suspects.delete(photoId)
      return { end: 'failed', reason, isRetryable: false }
    }
    if (error.kind === 'bad-answer') {
      this.#breaker.answered()
      this.#countBadAnswer(now, reason)
      return { end: 'failed', reason, isRetryable: true }
    }
    this.#breaker.failed(now, reason, error.retryAfterMs)
    const suspect = this.#suspects.get(photoId) ?? { fresh: 0, confirmed: 0 }
    suspect.fresh++
    this.#suspects.set(photoId, suspect)
    if (suspect.confirmed < MAX_PASSING_FAILURES - 1) return { end: 'postponed', reason }
    this.#suspects.delete(photoId)
    return { end: 'failed', reason: `${reason} (${MAX_PASSING_FAILURES} times, while other photos were described)`, isRetryable: false }
  }

  #countBadAnswer(nowMs: number, reason: string): void {
    this.#badAnswers++
    if (this.#badAnswers < MAX_BAD_ANSWERS) return
    this.#badAnswers = 0
    this.#breaker.misconfigured(nowMs, `${MAX_BAD_ANSWERS} photos in a row got no usable answer; the last said: ${reason}`)
  }
}
