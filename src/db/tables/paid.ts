/** @file Calls to models outside that are under way or were lost, and what is known of each model. */
import type { ColumnType, Generated } from 'kysely'
import type { DescribeLane } from '../../contract/words.ts'
import type { Timestamp } from './columns.ts'

export interface PaidTables {
  paid_models: {
    model: string
    /** a `BreakerState`; missing fields are as in a new one */
    breaker: ColumnType<Record<string, unknown>, string | undefined, string>
    /** of one call, lately; null while nothing is known */
    tokens: number | null
    cost: number | null
    answered: Generated<boolean>
    next_start: Timestamp | null
    resets: Generated<number>
  }
  paid_calls: {
    /** the idempotency key */
    id: string
    kind: DescribeLane | 'generate'
    subject: string
    model: string
    /** id of the process that sent it */
    process: string
    is_paid: boolean
    state: Generated<'sent' | 'answered' | 'unknown'>
    tokens: number | null
    cost: number | null
    sent_at: Timestamp
  }
}
