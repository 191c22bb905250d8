/** @file The day's spending in memory, kept in step with its table, so that every call can be checked against the budget at once. */

import { dayOf } from '../background/budget.ts'
import type { Db } from '../db/client.ts'
import type { Usage } from '../models/ports/usage.ts'
import { addUsage, type DayUsage, readDayUsage } from './store-usage.ts'

const NOTHING: DayUsage = { calls: 0, failures: 0, input_tokens: 0, output_tokens: 0, cost: 0, estimated_cost: 0, currency: null }

export class UsageBook {
  readonly #db: Db
  readonly #now: () => number
  #day = ''
  #spent: DayUsage = NOTHING

  private constructor(db: Db, now: () => number) {
    this.#db = db
    this.#now = now
  }

  /** With what was spent today before the start. */
  static async open(db: Db, now: () => number): Promise<UsageBook> {
    const book = new UsageBook(db, now)
    book.#day = dayOf(now())
    book.#spent = await readDayUsage(db, book.#day)
    return book
  }

  today(): DayUsage & { readonly day: string } {
    const day = dayOf(this.#now())
    if (day !== this.#day) {
      this.#day = day
      this.#spent = NOTHING
    }
    return { ...this.#spent, day }
  }

  /** What a call cost, successful or not. In memory at once, so that the next call is checked against it. */
  async add(describer: string, usage: Usage | null, hasFailed: boolean): Promise<void> {
    const used: DayUsage = {
      calls: usage?.calls ?? 1,
      failures: hasFailed ? 1 : 0,
      input_tokens: usage?.inputTokens ?? 0,
      output_tokens: usage?.outputTokens ?? 0,
      cost: usage?.cost?.amount ?? 0,
      estimated_cost: usage?.cost?.isEstimated ? usage.cost.amount : 0,
      currency: usage?.cost?.currency ?? null,
    }
    const { day, ...spent } = this.today()
    this.#spent = {
      calls: spent.calls + used.calls,
      failures: spent.failures + used.failures,
      input_tokens: spent.input_tokens + used.input_tokens,
      output_tokens: spent.output_tokens + used.output_tokens,
      cost: spent.cost + used.cost,
      estimated_cost: spent.estimated_cost + used.estimated_cost,
      currency: used.currency ?? spent.currency,
    }
    await addUsage(this.#db, day, describer, used)
  }
}
