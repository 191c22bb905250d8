/**
 * @file The one way to a describer: every call of it, by the lane or a comparison, passes here. It is reserved and settled (`paid-calls`),
 * and of every failure it is said whether it is the photo's or the provider's.
 */
import type { Circuit } from '../background/breaker.ts'
import { type DayBudget, dayOf, endOfDay, findSpent } from '../background/budget.ts'
import type { PaidCalls, CallEnd as PaidEnd } from '../background/paid-calls.ts'
import type { Means, PaidModel } from '../background/store-paid-calls.ts'
import { type Message, message, textMessage } from '../contract/messages/message.ts'
import type { Purpose } from '../contract/words.ts'
import type { DbOrTrx, Trx } from '../db/client.ts'
import { describeError, FototecaError } from '../domain/errors.ts'
import type { DescribablePicture, DescribeOptions, DescribeResult, Describer, LabelResult } from '../models/ports/describer.ts'
import type { Usage } from '../models/ports/usage.ts'
import { ProviderFailure } from '../models/providers/provider-failure.ts'
import type { Hold } from '../pipeline/lane.ts'
import { addUsage, type DayUsage, readDayUsage } from './store-usage.ts'

export interface CallLimits extends DayBudget {
  /** calls open at the same time */
  readonly concurrency: number
  /** calls begun in a minute; null: any number */
  readonly perMinute: number | null
}

/** What was spent today for a purpose, by all processes, as last seen. */
export interface Today {
  current(): DayUsage & { readonly day: string }
  refresh(db: DbOrTrx): Promise<DayUsage>
}

export interface GateDeps {
  readonly purpose: Purpose
  readonly describer: Describer
  readonly limits: () => CallLimits
  readonly paid: PaidCalls
  readonly today: Today
  readonly language: string
  readonly now: () => number
  /** last resort above the describer’s own limits */
  readonly timeoutMs?: number | undefined
}

export interface CallSubject {
  /** null: it is about several */
  readonly photoId: number | null
  /** what is asked for, as `paid_calls` names it */
  readonly subject: string
  readonly product?: DescribeOptions['product']
  /** a person asks each time, so nothing is repeated by itself */
  readonly isByPerson?: boolean
}

/** `postponed`: nothing was said about this photo; it costs no attempt. */
export type CallEnd<T = DescribeResult> =
  | { readonly end: 'done'; readonly result: T }
  | { readonly end: 'failed'; readonly reason: Message; readonly isRetryable: boolean }
  | { readonly end: 'postponed'; readonly reason: string }

/** A photo on which a working provider fails this often is given up. */
const MAX_PASSING_FAILURES = 3
const DEFAULT_TIMEOUT_MS = 900_000
/** What another process does may be in the way without this one seeing it: it is asked again after so long, not for the next photo at once. */
const REFUSED_MS = 2_000
/** Of one call, before the first was answered: the longest answer, and a picture with its prompt. */
const LIKELY_TOKENS = { input: 1500, output: 1500 } as const

export interface Trouble {
  /** for a person */
  readonly reason: string
  readonly atMs: number
}

export class CallGate {
  readonly #deps: GateDeps
  /** failures for a passing reason per photo: `new` ones may be the provider’s, those followed by a success elsewhere were not */
  readonly #suspects = new Map<number, { fresh: number; confirmed: number }>()
  /** answers that are not saved yet: an outage that keeps them from it must not have them asked for again */
  readonly #unsaved = new Map<string, DescribeResult>()
  #open = 0
  #trouble: Trouble | null = null
  #refused: { readonly reason: string; readonly untilMs: number } | null = null
  #answeredMs: number | null = null

  constructor(deps: GateDeps) {
    this.#deps = deps
  }

  get describer(): Describer {
    return this.#deps.describer
  }

  circuit(): Circuit {
    return this.#deps.paid.circuit(this.#model)
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
  async reset(): Promise<void> {
    await this.#deps.paid.reset(this.#model)
    this.#trouble = null
    this.#refused = null
  }

  /** Sees what other processes met. */
  async refresh(): Promise<void> {
    await this.#deps.paid.refresh(this.#model)
  }

  concurrency(): number {
    return this.#deps.limits().concurrency
  }

  /** Calls that may be open at the same time, now. */
  room(): number {
    const { limits, paid } = this.#deps
    return Math.min(this.#isFirst(paid.known(this.#model)) ? 1 : limits().concurrency, paid.room(this.#model))
  }

  hold(nowMs: number): Hold | null {
    const circuit = this.circuit()
    if (circuit.state === 'open') return { state: 'paused', reason: circuit.reason ?? '', untilMs: circuit.untilMs }
    const reason = this.#findSpent(this.#deps.today.current(), this.#deps.paid.known(this.#model), this.#open)
    // with calls on their way it may only look spent; when they end it is looked at again
    if (reason !== null) return { state: 'paused', reason, untilMs: endOfDay(nowMs) }
    return this.#refused && nowMs < this.#refused.untilMs ? { state: 'paused', ...this.#refused } : null
  }

  /** What came of it is saved. */
  forget({ subject }: CallSubject): void {
    this.#unsaved.delete(subject)
  }

  /** @throws the signal’s reason when aborted */
  async call(asked: CallSubject, picture: DescribablePicture, signal: AbortSignal): Promise<CallEnd> {
    const known = this.#unsaved.get(asked.subject)
    if (known) return { end: 'done', result: known }
    const said = await this.#ask(asked, (options) => this.describer.describe(picture, { ...options, product: asked.product }), signal)
    if (said.end === 'done' && this.#isPaid(asked)) this.#unsaved.set(asked.subject, said.result)
    return said
  }

  /** What pictures have in common, by their captions. @returns null where the describer has no language model. @throws as `call` */
  async label(asked: CallSubject, captions: readonly string[], signal: AbortSignal): Promise<CallEnd<LabelResult> | null> {
    const { label } = this.describer
    return label === null ? null : this.#ask(asked, (options) => label(captions, options), signal)
  }

  #isPaid({ isByPerson = false }: CallSubject): boolean {
    return this.describer.isPaid && !isByPerson
  }

  async #ask<T extends { readonly usage: Usage }>(
    asked: CallSubject,
    ask: (options: DescribeOptions) => Promise<T>,
    signal: AbortSignal,
  ): Promise<CallEnd<T>> {
    const { photoId, subject } = asked
    const { language, limits, paid } = this.#deps
    const { perMinute, concurrency } = limits()
    const model = this.#model
    const isPaid = this.#isPaid(asked)
    const reserved = await paid.reserve({
      ...{ model, subject, perMinute, concurrency, signal, isPaid, likely: this.#likely() },
      budget: async (trx, known, open) => {
        const spent = await this.#deps.today.refresh(trx)
        if (open > 0 && this.#isFirst(known))
          return { reason: 'the first call tells what one takes; the others wait for it', untilMs: null }
        const reason = this.#findSpent(spent, known, open)
        return reason === null ? null : { reason, untilMs: endOfDay(this.#deps.now()) }
      },
    })
    if ('isLost' in reserved) return { end: 'failed', reason: message('call.unknown'), isRetryable: false }
    if ('wait' in reserved) {
      const { reason } = reserved.wait
      this.#refused = { reason, untilMs: Date.now() + REFUSED_MS } // what holds a lane is measured by that clock
      return { end: 'postponed', reason }
    }
    const { id } = reserved
    const settle = (end: PaidEnd, usage: Usage | null) =>
      paid.settle(id, model, end, (trx) => this.#spend(trx, usage, end.end !== 'answered'))
    this.#open++
    const limit = AbortSignal.timeout(this.#deps.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    try {
      let result: T
      try {
        result = await ask({ signal: AbortSignal.any([signal, limit]), language, callId: id })
      } catch (error) {
        if (signal.aborted) await settle({ end: 'unknown', isTaken: false }, null)
        signal.throwIfAborted()
        const failure = limit.aborted ? new ProviderFailure('timeout', 'the describer did not end in time', { cause: error }) : error
        const said = this.#failed(photoId, failure)
        this.#trouble = said.end === 'postponed' ? { reason: said.reason, atMs: this.#deps.now() } : null
        await settle(endOf(failure), failure instanceof ProviderFailure ? failure.usage : null)
        return said
      }
      this.#succeeded(photoId)
      const { usage } = result
      const hasTokens = usage.inputTokens !== null || usage.outputTokens !== null
      const tokens = hasTokens ? (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) : null
      await settle({ end: 'answered', isTaken: !isPaid, tokens, cost: usage.cost?.amount ?? null }, usage)
      return { end: 'done', result }
    } finally {
      this.#open--
    }
  }

  /** A describer that serves two purposes has a rate and a breaker for each. */
  get #model(): string {
    const { describer, purpose } = this.#deps
    return purpose === 'facts' ? describer.info.id : `${describer.info.id} (${purpose})`
  }

  /** There is a budget, and nothing tells yet what a call takes: it goes alone. */
  #isFirst({ answered }: PaidModel): boolean {
    const { tokensPerDay, costPerDay } = this.#deps.limits()
    return !answered && (tokensPerDay !== null || costPerDay !== null)
  }

  #findSpent(today: DayUsage, means: Means, open: number): string | null {
    const spent = { calls: today.calls, tokens: today.input_tokens + today.output_tokens, cost: today.cost }
    return findSpent(this.#deps.limits(), spent, means, open)
  }

  #likely(): Means {
    const { price } = this.#deps.describer
    const { input, output } = LIKELY_TOKENS
    return { tokens: input + output, cost: price && (input * price.input + output * price.output) / 1_000_000 }
  }

  async #spend(trx: Trx, usage: Usage | null, hasFailed: boolean): Promise<void> {
    await addUsage(trx, dayOf(this.#deps.now()), this.#model, this.#deps.purpose, {
      calls: usage?.calls ?? 1,
      failures: hasFailed ? 1 : 0,
      input_tokens: usage?.inputTokens ?? 0,
      output_tokens: usage?.outputTokens ?? 0,
      cost: usage?.cost?.amount ?? 0,
      estimated_cost: usage?.cost?.isEstimated ? usage.cost.amount : 0,
      currency: usage?.cost?.currency ?? null,
    })
    await this.#deps.today.refresh(trx)
  }

  #succeeded(photoId: number | null): void {
    this.#trouble = null
    this.#answeredMs = this.#deps.now()
    if (photoId !== null) this.#suspects.delete(photoId)
    for (const suspect of this.#suspects.values()) {
      suspect.confirmed += suspect.fresh
      suspect.fresh = 0
    }
  }

  #failed(photoId: number | null, error: unknown): Exclude<CallEnd, { end: 'done' }> {
    const reason = describeError(error)
    const failed = (isRetryable: boolean, text = reason): Exclude<CallEnd, { end: 'done' }> => ({
      end: 'failed',
      reason: textMessage(text),
      isRetryable,
    })
    // a local model’s thread, or a mistake of ours: this photo’s, until it is everybody’s
    if (!(error instanceof ProviderFailure)) return failed(error instanceof FototecaError && error.retryable)
    if (error.fault === 'configuration' || error.kind === 'rate-limited') return { end: 'postponed', reason }
    if (error.fault === 'photo') {
      if (photoId !== null) this.#suspects.delete(photoId)
      return failed(false)
    }
    if (error.kind === 'bad-answer') return failed(true)
    if (photoId === null) return { end: 'postponed', reason }
    const suspect = this.#suspects.get(photoId) ?? { fresh: 0, confirmed: 0 }
    suspect.fresh++
    this.#suspects.set(photoId, suspect)
    if (suspect.confirmed < MAX_PASSING_FAILURES - 1) return { end: 'postponed', reason }
    this.#suspects.delete(photoId)
    return failed(false, `${reason} (${MAX_PASSING_FAILURES} times, while other photos were described)`)
  }
}

const NOTHING_SPENT: DayUsage = {
  calls: 0,
  failures: 0,
  input_tokens: 0,
  output_tokens: 0,
  cost: 0,
  estimated_cost: 0,
  currency: null,
}

export function createToday(purpose: Purpose, now: () => number): Today {
  let seen = { ...NOTHING_SPENT, day: '' }
  return {
    current: () => (seen.day === dayOf(now()) ? seen : { ...NOTHING_SPENT, day: dayOf(now()) }),
    async refresh(db) {
      const day = dayOf(now())
      seen = { ...(await readDayUsage(db, day, purpose)), day }
      return seen
    },
  }
}

/** What a failure tells of the provider. */
export function endOf(error: unknown): PaidEnd {
  const reason = describeError(error)
  if (!(error instanceof ProviderFailure) || error.kind === 'bad-answer') return { end: 'unusable', reason }
  if (error.fault === 'configuration') return { end: 'misconfigured', reason }
  if (error.fault === 'photo') return { end: 'refused' }
  return { end: error.kind === 'rate-limited' ? 'limited' : 'failed', reason, retryAfterMs: error.retryAfterMs }
}
