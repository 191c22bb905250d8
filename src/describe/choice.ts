/** @file What the owner chose for describing: by configuration, which wins, or by command, which is remembered. Pure but for its schema. */
import { z } from 'zod'
import type { Config } from '../config/schema.ts'
import type { DescribeLimits } from '../contract/describe.ts'
import type { Purpose } from '../contract/words.ts'
import { PREVIEW_MAX_SIDE } from '../media/renditions.ts'

export type Limits = z.infer<typeof DescribeLimits>

/** As stored; what is missing was never chosen. */
export const StoredChoice = z.object({
  describer: z.string().nullable().default(null),
  photos: z.enum(['new', 'all']).optional(),
  paused: z.boolean().default(false),
  split: z.object({ describer: z.string(), share: z.number() }).nullable().default(null),
  limits: z
    .object({
      preview_px: z.number(),
      concurrency: z.number(),
      per_minute: z.number().nullable(),
      tokens_per_day: z.number().nullable(),
      cost_per_day: z.number().nullable(),
    })
    .partial()
    .default({}),
})
export type StoredChoice = z.infer<typeof StoredChoice>

export interface Choice {
  /** a preset, or `preset=model`; null: describing is off */
  readonly describer: string | null
  readonly photos: 'new' | 'all'
  readonly paused: boolean
  /** another describer, and the share of photos it describes instead, in per cent; null: none */
  readonly split: { readonly describer: string; readonly share: number } | null
  readonly limits: Limits
  /** names of what the configuration fixes: `describer`, `photos`, or a limit */
  readonly fixed: readonly string[]
}

const DEFAULTS: Limits = { preview_px: PREVIEW_MAX_SIDE, concurrency: 2, per_minute: null, tokens_per_day: null, cost_per_day: null }

export type ChoiceSettings = Pick<
  Config,
  | 'describe'
  | 'describePhotos'
  | 'describePreviewPx'
  | 'describeConcurrency'
  | 'describePerMinute'
  | 'describeTokensPerDay'
  | 'describeCostPerDay'
>

/** What the configuration says for each purpose; those of another have the same names after another first word. */
const SETTINGS_OF = {
  facts: (config: Config): ChoiceSettings => config,
  inspiration: (config: Config): ChoiceSettings => ({
    describe: config.inspiration,
    describePhotos: config.inspirationPhotos,
    describePreviewPx: config.inspirationPreviewPx,
    describeConcurrency: config.inspirationConcurrency,
    describePerMinute: config.inspirationPerMinute,
    describeTokensPerDay: config.inspirationTokensPerDay,
    describeCostPerDay: config.inspirationCostPerDay,
  }),
} as const satisfies Record<Purpose, (config: Config) => ChoiceSettings>

export const choiceSettings = (config: Config, purpose: Purpose): ChoiceSettings => SETTINGS_OF[purpose](config)

/** What was named. */
export const withoutUndefined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }

export function mergeChoice(settings: ChoiceSettings, stored: StoredChoice): Choice {
  const set = {
    preview_px: settings.describePreviewPx,
    concurrency: settings.describeConcurrency,
    per_minute: settings.describePerMinute,
    tokens_per_day: settings.describeTokensPerDay,
    cost_per_day: settings.describeCostPerDay,
  }
  const fixedLimits = withoutUndefined(set)
  return {
    describer: settings.describe ?? stored.describer,
    photos: settings.describePhotos ?? stored.photos ?? 'new',
    paused: stored.paused,
    split: stored.split,
    limits: { ...DEFAULTS, ...withoutUndefined(stored.limits), ...fixedLimits },
    fixed: [
      ...(settings.describe === undefined ? [] : ['describer']),
      ...(settings.describePhotos === undefined ? [] : ['photos']),
      ...Object.keys(fixedLimits),
    ],
  }
}

/**
 * Whether the second describer of a split describes the photo: always the same answer for the same photo, whoever asks. Ids times the golden
 * ratio, so that any run of them is divided as evenly as can be (Knuth, The Art of Computer Programming 3, 6.4).
 * @param share per cent
 */
export const isOfSecond = (photoId: number, share: number): boolean => Math.imul(photoId, 2_654_435_769) >>> 0 < (share / 100) * 2 ** 32
