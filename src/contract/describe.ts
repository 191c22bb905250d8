/** @file Descriptions by models: what runs, what leaves this machine, what it costs; runs and comparisons. */
import { z } from 'zod'
import { PhotoCard } from './photo.ts'
import { SearchFilters } from './search-filters.ts'
import { COMPARISON_STATES, DESCRIBE_WHICH, DESCRIBER_STATES, PRIMARY_CATEGORIES, PURPOSE_NAMES, RUN_STATES } from './words.ts'

const Count = z.number().int()
const Name = z.string().trim().min(1).max(300)

export const DescribePurpose = z.object({
  purpose: z
    .enum(PURPOSE_NAMES)
    .default('facts')
    .describe(
      'each has a describer, a queue, and a budget of its own. inspiration: prompts for other pictures; while it is off, the describer of the facts writes them too',
    ),
})

export const DescribeLimits = z.object({
  preview_px: Count.min(256).max(1440).describe('longest side of the picture sent, in pixels; the describer may use less'),
  concurrency: Count.min(1).max(64).describe('parallel calls'),
  per_minute: z.number().min(0.1).max(6000).nullable().describe('calls started per minute; null: no limit'),
  tokens_per_day: Count.min(0).nullable().describe('tokens per day (UTC); null: no limit'),
  cost_per_day: z
    .number()
    .min(0)
    .nullable()
    .describe('cost per day (UTC), in the provider’s currency, or estimated in US dollars; null: no limit'),
})

/** A model that could describe. */
export const DescriberReport = z.object({
  name: z.string().describe('name to switch it on by; `preset=model` selects another model'),
  model: z.string().nullable().describe('null: has to be given, as `preset=model`'),
  licence: z.string(),
  remote: z.boolean().nullable().describe('true: pictures would leave this machine; null: not set up yet'),
  sends_to: z.array(z.string()).describe('hosts that would receive the picture or its caption'),
  missing: z.string().nullable().describe('what is missing before it can be used; null: nothing'),
  state: z.enum(DESCRIBER_STATES).describe('as of the last check; reading this contacts no server (see `ask`)'),
  said: z.string().nullable().describe('result of its last check or call; null: none since the start'),
  asked_at: z.string().nullable(),
})
export type DescriberReport = z.infer<typeof DescriberReport>

export const DescribeRun = z.object({
  id: Count,
  describer: z.string(),
  state: z.enum(RUN_STATES).describe('`budget`: its budget is spent and the remaining photos were dropped'),
  photos: Count,
  done: Count,
  failed: Count,
  tokens: Count.describe('number of tokens'),
  cost: z.number().describe('cost in `currency`'),
  cost_estimated: z.boolean().describe('true: estimated from tokens and a price'),
  max_tokens: Count.nullable().describe('maximum tokens; null: no limit'),
  max_cost: z.number().nullable().describe('maximum cost; null: no limit'),
  started_at: z.string().describe('when it started (ISO 8601)'),
  ended_at: z.string().nullable().describe('when it ended (ISO 8601)'),
})
export type DescribeRun = z.infer<typeof DescribeRun>

/** What the descriptions of a describer took. */
export const DescriberSums = z.object({
  describer: z.string(),
  photos: Count.describe('photos it described, whether its words are in use or kept beside them'),
  fallbacks: Count.describe('number of incomplete answers'),
  mean_ms: z.number().nullable().describe('mean duration in milliseconds'),
  tokens: Count.describe('number of tokens'),
  cost: z.number().describe('cost in `currency`'),
  currency: z.string().nullable().describe('currency of the cost'),
})

export const DescribeReport = z.object({
  purpose: z.enum(PURPOSE_NAMES),
  on: z.boolean(),
  describer: z.string().nullable().describe('the preset in use'),
  model: z
    .object({
      id: z.string(),
      prompt_version: z.string().describe('version of the prompt'),
      form: z.enum(['one-call', 'two-calls']),
      licence: z.string(),
      remote: z.boolean(),
      sends_to: z.array(z.string()),
      price: z
        .object({ input: z.number(), output: z.number(), source: z.string() })
        .nullable()
        .describe('US dollars per million tokens, to estimate the cost where the server reports none'),
    })
    .nullable()
    .describe('null: off, or it cannot be opened'),
  leaves: z.string().describe('what leaves this machine, as a sentence'),
  photos: z.enum(['new', 'all']).describe('photos a changed describer or prompt makes due: new ones, or all'),
  paused: z.boolean().describe('paused by a person'),
  fixed: z.array(z.string()).describe('limits set by the configuration, which requests cannot change'),
  limits: DescribeLimits,
  lane: z.object({
    state: z.enum(['idle', 'working', 'paused', 'off']),
    reason: z.string().nullable(),
    until: z.string().nullable().describe('when it resumes by itself'),
    trouble: z
      .object({ reason: z.string(), at: z.string() })
      .nullable()
      .describe('why the last call failed; its photo will be retried. null: the last call succeeded'),
    due: Count,
    working_on: z.array(z.object({ id: Count, filename: z.string() })),
    per_minute: z.number().nullable().describe('photos described per minute, recently'),
    seconds_left: z.number().nullable().describe('estimated seconds left; null: not known yet'),
  }),
  cost_notice: z.string().nullable().describe('why a cost budget cannot be enforced, and what to do; null: it can, or none is set'),
  circuit: z.enum(['closed', 'open', 'half-open']).nullable(),
  split: z
    .object({
      describer: z.string().describe('the second describer'),
      share: z.number().describe('of the photos, in per cent, that it describes instead of the first'),
      problem: z.string().nullable().describe('why it cannot be used, so that its photos wait; null: it can'),
      waits: z.string().nullable().describe('why its photos wait just now; null: they do not'),
      sides: z.array(DescriberSums).describe('what all descriptions by each of the two took, the first one first'),
    })
    .nullable()
    .describe('null: one describer for all photos'),
  described: z.object({ any: Count, current: Count.describe('described by the current describer and prompt') }),
  today: z.object({
    day: z.string(),
    calls: Count,
    failures: Count,
    input_tokens: Count.describe('tokens sent'),
    output_tokens: Count.describe('tokens received'),
    cost: z.number().describe('cost in `currency`'),
    estimated_cost: z.number().describe('part of the cost that is estimated from tokens and a price'),
    currency: z.string().nullable().describe('currency of the cost'),
  }),
  run: DescribeRun.nullable().describe('last run; null: none'),
  available: z.array(DescriberReport),
})
export type DescribeReport = z.infer<typeof DescribeReport>

/** Descriptions as vectors of their own: one more way of searching by meaning. */
export const TextEmbeddingReport = z.object({
  on: z.boolean(),
  state: z.enum(['off', 'idle', 'working', 'paused']),
  reason: z.string().nullable().describe('why it is paused'),
  until: z.string().nullable().describe('when it resumes by itself'),
  model: z.string().nullable(),
  sends_to: z.string().nullable(),
  remote: z.boolean().nullable().describe('true: texts leave this machine'),
  leaves: z.string().nullable().describe('what leaves this machine, as a sentence; null: off'),
  space: z.object({ id: Count, width: Count }).nullable().describe('null: the server has not answered yet'),
  embedded: Count.describe('photos whose description is searchable by meaning'),
  due: Count.describe('photos still to be embedded'),
  failed: Count.describe('photos that failed until their text changes; resuming the space retries them'),
  cut_off: z.number().describe('cosine distance (0–2) beyond which a description alone is no match'),
})
export type TextEmbeddingReport = z.infer<typeof TextEmbeddingReport>

export const DescribeUse = z.object({
  describer: Name.nullable().optional().describe('a preset, or preset=model; null switches descriptions off'),
  photos: z.enum(['new', 'all']).optional(),
  split: z
    .object({ describer: Name, share: z.number().int().min(1).max(99).describe('per cent of the photos') })
    .nullable()
    .optional()
    .describe('a second describer for a share of the photos, always the same ones; null: none'),
  limits: DescribeLimits.partial().optional(),
})

export const DescriberAsk = z.object({ describer: Name.describe('a preset, or preset=model') })

export const DescribeRunRequest = z.object({
  which: z.enum(DESCRIBE_WHICH).default('undescribed'),
  filters: SearchFilters.default({}),
  limit: Count.min(1).max(10_000_000).nullable().default(null).describe('maximum number of photos, newest first; null: no limit'),
  max_tokens: Count.min(1).nullable().default(null).describe('maximum tokens; null: no limit'),
  max_cost: z.number().min(0).nullable().default(null).describe('maximum cost; null: no limit'),
  dry_run: z.boolean().default(false).describe('true: only count and estimate'),
})

export const DescribeEstimate = z.object({
  photos: Count,
  seconds: z.number().nullable().describe('estimated duration; null: this describer has described nothing yet'),
  tokens: z.number().nullable().describe('number of tokens'),
  cost: z.number().nullable().describe('cost in `currency`'),
  currency: z.string().nullable().describe('currency of the cost'),
  cost_estimated: z.boolean().describe('true: estimated from tokens and a price, because the server reports no cost'),
  run: DescribeRun.nullable().describe('null: a dry run, or nothing matched'),
})
export type DescribeEstimate = z.infer<typeof DescribeEstimate>

export const ComparisonRequest = z.object({
  left: Name.describe('a preset, or preset=model'),
  right: Name,
  photos: Count.min(1).max(500).default(20).describe('number of photos in the sample'),
  filters: SearchFilters.default({}),
})

const SideReport = z.object({
  describer: z.string(),
  done: Count,
  failed: Count,
  fallbacks: Count.describe('number of incomplete answers'),
  mean_ms: z.number().nullable().describe('mean duration in milliseconds'),
  tokens: Count.describe('number of tokens'),
  cost: z.number().describe('cost in `currency`'),
  currency: z.string().nullable().describe('currency of the cost'),
  cost_estimated: z.boolean().describe('true: estimated from tokens and a price'),
})

export const ComparisonReport = z.object({
  id: Count,
  state: z.enum(COMPARISON_STATES),
  reason: z.string().nullable().describe('why it is waiting; null: it is not'),
  photos: Count,
  left: SideReport,
  right: SideReport,
  compared: Count.describe('photos that both described'),
  same_category: z.number().nullable().describe('share of compared photos with the same primary category, 0–1'),
  tag_agreement: z.number().nullable().describe('mean Jaccard index of their tags, 0–1'),
  verdict: z
    .object({
      fields: z
        .array(z.object({ field: z.string(), percent: z.number() }))
        .describe('per field, how much of what `left` (the baseline) says `right` also says, 0–100; a photo `right` failed on counts as 0'),
      percent: z.number().describe('mean of the fields, 0–100'),
      passed: z.boolean().describe('true: 90 % or more'),
    })
    .nullable()
    .describe('null: still running, or `left` described nothing'),
  started_at: z.string().describe('when it started (ISO 8601)'),
  ended_at: z.string().nullable().describe('when it ended (ISO 8601)'),
})
export type ComparisonReport = z.infer<typeof ComparisonReport>

const AnswerReport = z.object({
  state: z.enum(['due', 'done', 'failed']),
  reason: z.string().nullable(),
  description: z.string().nullable(),
  alt_text: z.string().nullable().describe('alternative text'),
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable().describe('main category'),
  tags: z.array(z.string()),
  fallback_used: z.boolean().describe('true: the model gave no complete answer'),
  tokens: Count.nullable().describe('number of tokens'),
  cost: z.number().nullable().describe('cost in `currency`'),
  ms: z.number().nullable().describe('duration in milliseconds'),
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
