/** @file What describers were asked and what it cost, per day (table `describe_usage`), and what a call costs on average. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { DescriberSums } from '../contract/describe.ts'
import type { Purpose } from '../contract/words.ts'
import type { DbOrTrx } from '../db/client.ts'

export type DescriberSum = z.infer<typeof DescriberSums>

export interface DayUsage {
  readonly calls: number
  readonly failures: number
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cost: number
  /** the part of it that was estimated from tokens and a price */
  readonly estimated_cost: number
  /** null where no provider told a cost */
  readonly currency: string | null
}

/** @param day `YYYY-MM-DD` @param describer as `paid_models` names it: one for each purpose */
export async function addUsage(db: DbOrTrx, day: string, describer: string, purpose: Purpose, used: DayUsage): Promise<void> {
  await sql`
    insert into describe_usage as u (day, describer, purpose, calls, failures, input_tokens, output_tokens, cost, estimated_cost, currency)
    values (${day}::date, ${describer}, ${purpose}, ${used.calls}::integer, ${used.failures}::integer, ${used.input_tokens}::bigint,
      ${used.output_tokens}::bigint, ${used.cost}::float8, ${used.estimated_cost}::float8, ${used.currency}::text)
    on conflict (day, describer) do update set calls = u.calls + excluded.calls, failures = u.failures + excluded.failures,
      input_tokens = u.input_tokens + excluded.input_tokens, output_tokens = u.output_tokens + excluded.output_tokens,
      cost = u.cost + excluded.cost, estimated_cost = u.estimated_cost + excluded.estimated_cost, currency = coalesce(excluded.currency, u.currency)`.execute(
    db,
  )
}

/** All describers of a purpose together. */
export async function readDayUsage(db: DbOrTrx, day: string, purpose: Purpose): Promise<DayUsage> {
  const { rows } = await sql<{ [K in keyof DayUsage]: string | number | null }>`
    select coalesce(sum(calls), 0) as calls, coalesce(sum(failures), 0) as failures, coalesce(sum(input_tokens), 0) as input_tokens,
      coalesce(sum(output_tokens), 0) as output_tokens, coalesce(sum(cost), 0) as cost, coalesce(sum(estimated_cost), 0) as estimated_cost, max(currency) as currency
    from describe_usage where day = ${day}::date and purpose = ${purpose}`.execute(db)
  const row = rows[0]
  return {
    calls: Number(row?.calls ?? 0),
    failures: Number(row?.failures ?? 0),
    input_tokens: Number(row?.input_tokens ?? 0),
    output_tokens: Number(row?.output_tokens ?? 0),
    cost: Number(row?.cost ?? 0),
    estimated_cost: Number(row?.estimated_cost ?? 0),
    currency: row?.currency == null ? null : String(row.currency),
  }
}

export interface Means {
  readonly tokens: number | null
  readonly cost: number | null
  readonly ms: number | null
  readonly currency: string | null
  /** whether any of the costs was estimated */
  readonly cost_estimated: boolean
}

/** Of what this describer says of a photo, over the last 200 answers in the library and in comparisons; nulls while there is none. */
export async function readMeans(db: DbOrTrx, saidBy: string, purpose: Purpose): Promise<Means> {
  const { rows } = await sql<Means>`
    select avg(tokens)::float8 as tokens, avg(cost)::float8 as cost, avg(duration_ms)::float8 as ms, max(currency) as currency,
      coalesce(bool_or(cost_estimated), false) as cost_estimated from (
      (select input_tokens + output_tokens as tokens, cost, duration_ms, currency, cost_estimated
        from descriptions where said_by = ${saidBy} and ${purpose}::text = 'facts' order by created_at desc limit 200)
      union all
      (select input_tokens + output_tokens, cost, duration_ms, currency, cost_estimated
        from comparison_answers where said_by = ${saidBy} and state = 'done' and ${purpose}::text = 'facts' order by comparison_id desc limit 200)
      union all
      (select input_tokens + output_tokens, cost, duration_ms, currency, cost_estimated
        from purpose_texts where said_by = ${saidBy} and purpose = ${purpose} order by created_at desc limit 200)
    ) recent`.execute(db)
  return rows[0] ?? { tokens: null, cost: null, ms: null, currency: null, cost_estimated: false }
}

/** What the descriptions of each of these took, in their order. */
export async function sumDescriptions(db: DbOrTrx, describers: readonly string[]): Promise<DescriberSum[]> {
  const { rows } = await sql<DescriberSum>`
    select said_by as describer, count(*)::integer as photos, (count(*) filter (where fallback_used))::integer as fallbacks, avg(duration_ms)::float8 as mean_ms,
      coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)), 0)::integer as tokens,
      coalesce(sum(cost), 0)::float8 as cost, max(currency) as currency
    from (select * from descriptions union all select * from other_descriptions) as said
    where said_by in (${sql.join(describers.length === 0 ? [''] : [...describers])}) group by said_by`.execute(db)
  const none = { photos: 0, fallbacks: 0, mean_ms: null, tokens: 0, cost: 0, currency: null }
  return describers.map((describer) => rows.find((row) => row.describer === describer) ?? { describer, ...none })
}
