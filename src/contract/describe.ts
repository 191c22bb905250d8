/** @file Descriptions by models: what runs, what leaves this machine, what it costs; runs and comparisons. */
import { z } from 'zod'
import { PhotoCard } from './photo.ts'
import { SearchFilters } from './search-filters.ts'
import { COMPARISON_STATES, DESCRIBE_WHICH, DESCRIBER_STATES, PRIMARY_CATEGORIES, RUN_STATES } from './words.ts'

const Count = z.number().int()
const Name = z.string().trim().min(1).max(300)

export const DescribeLimits = z.object({
  preview_px: Count.min(256).max(1440).describe('longest side of the picture that is sent; the describer may take less'),
  concurrency: Count.min(1).max(64).describe('calls open at the same time'),
  per_minute: z.number().min(0.1).max(6000).nullable().describe('calls begun in a minute; null: any number'),
  tokens_per_day: Count.min(0).nullable().describe('null: no limit; days are UTC'),
  cost_per_day: z.number().min(0).nullable().describe('in the currency the provider tells, or estimated in US dollars; null: no limit'),
})

/** A model that could describe. */
export const DescriberReport = z.object({
  name: z.string().describe('what `use` takes; `preset=model` takes another model'),
  model: z.string().nullable().describe('null: must be named, as `preset=model`'),
  licence: z.string(),
  remote: z.boolean().nullable().describe('true when pictures would leave this machine; null while it is not set up'),
  sends_to: z.array(z.string()).describe('hosts that would get the picture or its caption'),
  missing: z.string().nullable().describe('what has to be set or brought before it can be used; null when nothing is'),
  state: z.enum(DESCRIBER_STATES).describe('nobody is asked by reading this: see `ask`'),
  said: z
    .string()
    .nullable()
    .describe('what was found when it was last asked, or by its last call; null when nobody has asked since the start'),
  asked_at: z.string().nullable(),
})
export type DescriberReport = z.infer<typeof DescriberReport>

export const DescribeRun = z.object({
  id: Count,
  describer: z.string(),
  state: z.enum(RUN_STATES).describe('budget: it spent what it was allowed, and took the rest back'),
  photos: Count,
  done: Count,
  failed: Count,
  tokens: Count,
  cost: z.number(),
  cost_estimated: z.boolean(),
  max_tokens: Count.nullable(),
  max_cost: z.number().nullable(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
})
export type DescribeRun = z.infer<typeof DescribeRun>

export const DescribeReport = z.object({
  on: z.boolean(),
  describer: z.string().nullable().describe('the preset in use'),
  model: z
    .object({
      id: z.string(),
      prompt_version: z.string(),
      form: z.enum(['one-call', 'two-calls']),
      licence: z.string(),
      remote: z.boolean(),
      sends_to: z.array(z.string()),
      price: z
        .object({ input: z.number(), output: z.number(), source: z.string() })
        .nullable()
        .describe('US dollars per million tokens, by which costs are estimated where the server tells none'),
    })
    .nullable()
    .describe('null when off, or when it cannot be opened'),
  leaves: z.string().describe('what leaves this machine, in words'),
  photos: z.enum(['new', 'all']).describe('which photos a changed describer or prompt makes due: those that arrive from now on, or all'),
  paused: z.boolean().describe('by a person'),
  fixed: z.array(z.string()).describe('what the configuration fixes and no command changes'),
  limits: DescribeLimits,
  lane: z.object({
    state: z.enum(['idle', 'working', 'paused', 'off']),
    reason: z.string().nullable(),
    until: z.string().nullable().describe('when it goes on by itself'),
    trouble: z
      .object({ reason: z.string(), at: z.string() })
      .nullable()
      .describe('why the last call said nothing of its photo, which waits for another try; null once one was answered'),
    due: Count,
    working_on: z.array(z.object({ id: Count, filename: z.string() })),
    per_minute: z.number().nullable().describe('photos described in a minute, lately'),
    seconds_left: z.number().nullable(),
  }),
  cost_notice: z.string().nullable().describe('why a budget of money cannot be kept, and what to do; null when it can, or none is set'),
  circuit: z.enum(['closed', 'open', 'half-open']).nullable(),
  described: z.object({ any: Count, current: Count.describe('by the describer and prompt in use') }),
  today: z.object({
    day: z.string(),
    calls: Count,
    failures: Count,
    input_tokens: Count,
    output_tokens: Count,
    cost: z.number(),
    estimated_cost: z.number().describe('the part of it that was estimated from tokens and a price'),
    currency: z.string().nullable(),
  }),
  run: DescribeRun.nullable().describe('the last one'),
  available: z.array(DescriberReport),
})
export type DescribeReport = z.infer<typeof DescribeReport>

/** Descriptions as vectors of their own: one more way of searching by meaning. */
export const TextEmbeddingReport = z.object({
  on: z.boolean(),
  state: z.enum(['off', 'idle', 'working', 'paused']),
  reason: z.string().nullable().describe('why it is paused'),
  until: z.string().nullable().describe('when it goes on by itself'),
  model: z.string().nullable(),
  sends_to: z.string().nullable(),
  remote: z.boolean().nullable().describe('true when texts leave this machine'),
  leaves: z.string().nullable().describe('what leaves this machine, in words; null when off'),
  space: z.object({ id: Count, width: Count }).nullable().describe('null before the server first answered'),
  embedded: Count.describe('photos whose description is searchable by meaning'),
  due: Count.describe('photos still to be looked at'),
  failed: Count.describe('photos given up until their text changes; “resume” of the space tries them again'),
  cut_off: z.number().describe('1 − cosine beyond which a photo is no hit by its description alone'),
})
export type TextEmbeddingReport = z.infer<typeof TextEmbeddingReport>

export const DescribeUse = z.object({
  describer: Name.nullable().optional().describe('a preset, or preset=model; null switches describing off'),
  photos: z.enum(['new', 'all']).optional(),
  limits: DescribeLimits.partial().optional(),
})

export const DescriberAsk = z.object({ describer: Name.describe('a preset, or preset=model') })

export const DescribeRunRequest = z.object({
  which: z.enum(DESCRIBE_WHICH).default('undescribed'),
  filters: SearchFilters.default({}),
  limit: Count.min(1).max(10_000_000).nullable().default(null).describe('at most so many, newest first'),
  max_tokens: Count.min(1).nullable().default(null),
  max_cost: z.number().min(0).nullable().default(null),
  dry_run: z.boolean().default(false).describe('only count and estimate'),
})

export const DescribeEstimate = z.object({
  photos: Count,
  seconds: z.number().nullable().describe('null until this describer has described something'),
  tokens: z.number().nullable(),
  cost: z.number().nullable(),
  currency: z.string().nullable(),
  cost_estimated: z.boolean().describe('from tokens and a price, because the server tells no cost'),
  run: DescribeRun.nullable().describe('null for a dry run, or where nothing matched'),
})
export type DescribeEstimate = z.infer<typeof DescribeEstimate>

export const ComparisonRequest = z.object({
  left: Name.describe('a preset, or preset=model'),
  right: Name,
  photos: Count.min(1).max(500).default(20).describe('size of the sample'),
  filters: SearchFilters.default({}),
})

const SideReport = z.object({
  describer: z.string(),
  done: Count,
  failed: Count,
  fallbacks: Count,
  mean_ms: z.number().nullable(),
  tokens: Count,
  cost: z.number(),
  currency: z.string().nullable(),
  cost_estimated: z.boolean(),
})

export const ComparisonReport = z.object({
  id: Count,
  state: z.enum(COMPARISON_STATES),
  reason: z.string().nullable().describe('why it waits just now'),
  photos: Count,
  left: SideReport,
  right: SideReport,
  compared: Count.describe('photos both described'),
  same_category: z.number().nullable().describe('share of compared photos with the same primary category'),
  tag_agreement: z.number().nullable().describe('mean Jaccard index of their tags'),
  verdict: z
    .object({
      fields: z
        .array(z.object({ field: z.string(), percent: z.number() }))
        .describe('how much of what left, the baseline, says right says as well; a photo that right failed on counts as 0'),
      percent: z.number().describe('the mean of the fields'),
      passed: z.boolean().describe('90 per cent or more'),
    })
    .nullable()
    .describe('null while it runs, and where left described nothing'),
  started_at: z.string(),
  ended_at: z.string().nullable(),
})
export type ComparisonReport = z.infer<typeof ComparisonReport>

const AnswerReport = z.object({
  state: z.enum(['due', 'done', 'failed']),
  reason: z.string().nullable(),
  description: z.string().nullable(),
  alt_text: z.string().nullable(),
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable(),
  tags: z.array(z.string()),
  fallback_used: z.boolean(),
  tokens: Count.nullable(),
  cost: z.number().nullable(),
  ms: z.number().nullable(),
})

export const ComparisonDetail = ComparisonReport.extend({
  pairs: z.array(
    z.object({
      photo: PhotoCard,
      left: AnswerReport,
      right: AnswerReport,
      same_category: z.boolean().nullable(),
      tag_agreement: z.number().nullable(),
    }),
  ),
})
export type ComparisonDetail = z.infer<typeof ComparisonDetail>
