/**
 * @file Calls that cost something. Each is reserved in the database before it is sent and settled after it: rate, budget, and breaker hold
 * for all processes together, and a call that is lost with its process is charged and not made again by itself. (ADR 85)
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, Trx } from '../db/client.ts'
import { transact } from '../db/transact.ts'
import type { Log } from '../domain/log.ts'
import { Breaker, type BreakerPace, type Circuit } from './breaker.ts'
import {
  concludeCalls,
  countSent,
  deletePaidCall,
  insertPaidCall,
  isAskedFor,
  lockPaidCalls,
  type Means,
  NEW_MODEL,
  type PaidCall,
  type PaidKind,
  type PaidModel,
  readPaidModel,
  savePaidModel,
  setAnswered,
  takeLost,
  takeTurn,
} from './store-paid-calls.ts'

/** Means over about the last twenty calls. */
const MEAN_WEIGHT = 0.05

/** Why no call is sent just now. */
export interface Wait {
  readonly reason: string
  /** null: when another one has ended */
  readonly untilMs: number | null
}

export interface PaidCallsDeps {
  readonly db: Db
  readonly kind: PaidKind
  readonly processId: string
  /** counts what a lost call is likely to have cost */
  readonly charge: (trx: Trx, call: PaidCall) => Promise<void>
  readonly log: Log
  readonly now?: (() => number) | undefined
  readonly breakerPace?: BreakerPace | undefined
}

export interface CallRequest {
  readonly model: string
  /** what is asked for */
  readonly subject: string
  /** someone bills it: it is never sent twice for the same subject by itself */
  readonly isPaid: boolean
  /** null: any number */
  readonly perMinute: number | null
  readonly concurrency: number
  /** of one call, while none was answered */
  readonly likely: Means
  /** In the transaction that reserves: why it does not fit, else counts it. @param open calls under way */
  readonly budget: (trx: Trx, known: PaidModel, open: number) => Promise<Wait | null>
  readonly signal: AbortSignal
}

export type Reserved = { readonly id: string } | { readonly wait: Wait } | { readonly isLost: true }

export type CallEnd =
  /** `isTaken`: nothing of the answer can be lost any more */
  | ({ readonly end: 'answered'; readonly isTaken: boolean } & Means)
  /** nobody will know; `isTaken`: a person ended it, and may have it sent again */
  | { readonly end: 'unknown'; readonly isTaken: boolean }
  /** an answer that is no use: `refused` for what was sent, `unusable` for the model’s sake */
  | { readonly end: 'refused' }
  | { readonly end: 'unusable' | 'misconfigured'; readonly reason: string }
  | { readonly end: 'failed' | 'limited'; readonly reason: string; readonly retryAfterMs: number | null }

export class PaidCalls {
  readonly #deps: PaidCallsDeps
  readonly #now: () => number
  /** this process waits for them */
  readonly #open = new Set<string>()
  /** as last seen in the database */
  readonly #seen = new Map<string, { readonly row: PaidModel; readonly breaker: Breaker }>()

  constructor(deps: PaidCallsDeps) {
    this.#deps = deps
    this.#now = deps.now ?? Date.now
  }

  /** As last seen. */
  circuit(model: string): Circuit {
    return this.#breaker(model).circuit(this.#now())
  }

  /** As last seen: calls that may be begun, any number, one, or none. */
  room(model: string): number {
    return this.#breaker(model).room(this.#now())
  }

  /** As last seen. */
  known(model: string): PaidModel {
    return this.#seen.get(model)?.row ?? NEW_MODEL
  }

  /** Sees what other processes met. */
  async refresh(model: string): Promise<PaidModel> {
    const row = await readPaidModel(this.#deps.db, model)
    this.#see(model, row)
    return row
  }

  /** A person wants it tried now. */
  async reset(model: string): Promise<void> {
    await this.#change(model, async (row) => ({ ...row, breaker: {}, resets: row.resets + 1 }))
  }

  /** Charges calls that were lost with their process. */
  async settleLost(): Promise<void> {
    await transact(this.#deps.db, async (trx) => {
      await lockPaidCalls(trx)
      await this.#settleLost(trx)
    })
  }

  /** Waits for its turn, and reserves one call. @throws the signal’s reason */
  async reserve({ model, subject, isPaid, perMinute, concurrency, likely, budget, signal }: CallRequest): Promise<Reserved> {
    const { db, kind, processId, log } = this.#deps
    signal.throwIfAborted()
    if (perMinute !== null) await sleep(await takeTurn(db, model, 60_000 / perMinute, concurrency), undefined, { signal })
    const id = randomUUID()
    this.#open.add(id)
    let reserved: Reserved | undefined
    try {
      reserved = await transact<Reserved>(db, async (trx) => {
        await lockPaidCalls(trx)
        await this.#settleLost(trx)
        if (isPaid && (await isAskedFor(trx, subject))) return { isLost: true }
        const row = await readPaidModel(trx, model)
        const breaker = this.#see(model, row)
        const { state, reason, untilMs } = breaker.circuit(this.#now())
        await savePaidModel(trx, model, { ...row, breaker: breaker.state })
        if (state === 'open') return { wait: { reason: reason ?? '', untilMs } }
        if (state === 'half-open' && (await countSent(trx, kind, { model, at: new Date(untilMs ?? 0) })) > 0)
          return { wait: { reason: 'one call tries whether the provider answers again', untilMs: null } }
        const wait = await budget(trx, row, await countSent(trx, kind))
        if (wait) return { wait }
        const [tokens, cost] = [row.tokens ?? likely.tokens, row.cost ?? likely.cost]
        await insertPaidCall(trx, {
          ...{ id, kind, subject, model, process: processId, is_paid: isPaid, tokens, cost },
          sent_at: new Date(this.#now()),
        })
        return { id }
      })
    } finally {
      if (!(reserved && 'id' in reserved)) this.#open.delete(id)
    }
    if ('id' in reserved) log.info({ call: id, kind, subject, model }, 'a call is sent')
    return reserved
  }

  /** @param spend counts what it took; not called where the call was charged as lost meanwhile */
  async settle(id: string, model: string, end: CallEnd, spend: (trx: Trx) => Promise<void>): Promise<void> {
    try {
      await this.#change(model, async (row, trx) => {
        if (end.end === 'unknown') {
          await this.#settleLost(trx, id, end.isTaken)
          return row
        }
        const isOurs = end.end === 'answered' && !end.isTaken ? await setAnswered(trx, id) : await deletePaidCall(trx, id)
        if (isOurs) await spend(trx)
        const breaker = new Breaker(this.#deps.breakerPace, row.breaker)
        this.#tell(breaker, end)
        const means = end.end === 'answered' ? { tokens: mix(row.tokens, end.tokens), cost: mix(row.cost, end.cost), answered: true } : {}
        return { ...row, ...means, breaker: breaker.state }
      })
    } finally {
      this.#open.delete(id) // one that could not be settled is charged by the next reservation
    }
  }

  #tell(breaker: Breaker, end: Exclude<CallEnd, { end: 'unknown' }>): void {
    const now = this.#now()
    if (end.end === 'answered') breaker.succeeded()
    else if (end.end === 'refused') breaker.answered()
    else if ('retryAfterMs' in end) breaker[end.end](now, end.reason, end.retryAfterMs)
    else breaker[end.end](now, end.reason)
  }

  async #change(model: string, next: (row: PaidModel, trx: Trx) => Promise<PaidModel>): Promise<void> {
    const row = await transact(this.#deps.db, async (trx) => {
      await lockPaidCalls(trx)
      const changed = await next(await readPaidModel(trx, model), trx)
      await savePaidModel(trx, model, changed)
      return changed
    })
    this.#see(model, row)
  }

  /** @param given up: this call too. @param isTaken a person ended it */
  async #settleLost(trx: Trx, given?: string, isTaken = false): Promise<void> {
    const { kind, processId, charge, log } = this.#deps
    const open = [...this.#open].filter((id) => id !== given)
    for (const call of await takeLost(trx, kind, processId, open)) {
      await charge(trx, call)
      if (!call.is_paid || (isTaken && call.id === given)) await concludeCalls(trx, call.subject)
      else log.warn({ call: call.id, kind, subject: call.subject, model: call.model }, 'how a call ended is not known; it counts as spent')
    }
  }

  #see(model: string, row: PaidModel): Breaker {
    const breaker = new Breaker(this.#deps.breakerPace, row.breaker)
    this.#seen.set(model, { row, breaker })
    return breaker
  }

  #breaker(model: string): Breaker {
    return this.#seen.get(model)?.breaker ?? new Breaker(this.#deps.breakerPace)
  }
}

const mix = (mean: number | null, value: number | null): number | null =>
  value === null ? mean : mean === null ? value : mean + MEAN_WEIGHT * (value - mean)
