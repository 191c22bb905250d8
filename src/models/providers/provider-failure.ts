/** @file Why a provider outside this process gave no usable answer, in terms of what the caller should do next. */
import { type ErrorCode, FototecaError } from '../../domain/errors.ts'
import type { Usage } from '../ports/usage.ts'

/**
 * Kind → whose fault it is, and the code a person meets.
 * - `configuration`: no photo will succeed until a person changes a setting: pause, say so, spend no attempt.
 * - `provider`: nothing is wrong with the photo: pause or open the breaker, spend no attempt.
 *   Except `bad-answer`, which is about this photo and this model together: spend an attempt, go on with the next photo.
 *   A `timeout` can be either (a picture on which the model never ends): when other photos succeed, count it against the photo.
 * - `photo`: this photo will fail again: record it, go on.
 */
const KINDS = {
  /** no or wrong key, or the key may not use this model */
  unauthorised: { fault: 'configuration', code: 'model_failed' },
  /** unknown model or path, a request the server does not understand, missing settings or files */
  misconfigured: { fault: 'configuration', code: 'model_failed' },
  /** credit or quota used up: waiting a minute will not help */
  'out-of-credit': { fault: 'configuration', code: 'model_failed' },
  /** too many requests; `retryAfterMs` where the server says */
  'rate-limited': { fault: 'provider', code: 'unavailable' },
  /** refused connections, 5xx, a loading model, a cut answer */
  unavailable: { fault: 'provider', code: 'unavailable' },
  timeout: { fault: 'provider', code: 'timed_out' },
  /** it answered, but with nothing that can be used, after repair and retry */
  'bad-answer': { fault: 'provider', code: 'model_failed' },
  /** the provider will not describe this picture */
  refused: { fault: 'photo', code: 'model_failed' },
  /** the request is larger than the server takes */
  'too-large': { fault: 'photo', code: 'too_large' },
  /** what should be sent is no picture a model takes */
  'bad-picture': { fault: 'photo', code: 'unreadable_picture' },
} as const satisfies Record<string, { fault: Fault; code: ErrorCode }>

export type Fault = 'provider' | 'photo' | 'configuration'
export type FailureKind = keyof typeof KINDS

export class ProviderFailure extends FototecaError {
  readonly kind: FailureKind
  readonly fault: Fault
  /** how long the server asks to be left alone; null where it does not say */
  readonly retryAfterMs: number | null
  /** what the failed calls cost, where the server told; budgets count it */
  readonly usage: Usage | null

  constructor(
    kind: FailureKind,
    message: string,
    options: { readonly cause?: unknown; readonly retryAfterMs?: number | null; readonly usage?: Usage | null } = {},
  ) {
    super(KINDS[kind].code, message, { cause: options.cause })
    this.name = 'ProviderFailure'
    this.kind = kind
    this.fault = KINDS[kind].fault
    this.retryAfterMs = options.retryAfterMs ?? null
    this.usage = options.usage ?? null
  }

  override get retryable(): boolean {
    return this.fault !== 'photo'
  }

  /** The same failure, with what was spent in all. */
  withSpent(usage: Usage | null): ProviderFailure {
    return new ProviderFailure(this.kind, this.message, { cause: this.cause, retryAfterMs: this.retryAfterMs, usage })
  }
}
