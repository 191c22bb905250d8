/** @file Running steps again over chosen photos: which, and what it came to. */
import { z } from 'zod'
import { Id } from './photo.ts'
import { FacetsQuery } from './search.ts'
import { MAX_IDS, STEP_NAMES } from './words.ts'

export const ReprocessRequest = z.object({
  steps: z.array(z.enum(STEP_NAMES)).min(1).describe('which steps'),
  photos: z
    .union([
      z.object({ ids: z.array(Id).min(1).max(MAX_IDS) }),
      z.object({ search: FacetsQuery.describe('all photos this search finds, not one page') }),
    ])
    .optional()
    .describe('which photos; all without it'),
  model: z.string().min(1).max(300).optional().describe('only what this model said: an id, or its name in any version'),
  state: z.enum(['done', 'failed', 'skipped']).optional().describe('only steps that ended so'),
  reason: z.string().min(1).max(5000).optional().describe('only failed or skipped steps whose reason holds these words'),
  dry_run: z.boolean().default(false).describe('only count'),
})
export type ReprocessRequest = z.infer<typeof ReprocessRequest>

export const ReprocessReport = z.object({
  photos: z.number().int(),
  steps: z.number().int().describe('steps that are (or would be) due again'),
  seconds: z.number().nullable().describe('about how long, by what these steps took so far; null: none of them was ever done'),
  dry_run: z.boolean(),
})
export type ReprocessReport = z.infer<typeof ReprocessReport>
