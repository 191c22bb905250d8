/** @file Running steps again over chosen photos: which, and what it came to. */
import { z } from 'zod'
import { Id } from './photo.ts'
import { FacetsQuery } from './search.ts'
import { MAX_IDS, STEP_NAMES } from './words.ts'

export const ReprocessRequest = z.object({
  steps: z.array(z.enum(STEP_NAMES)).min(1).describe('steps to run again'),
  photos: z
    .union([
      z.object({ ids: z.array(Id).min(1).max(MAX_IDS) }),
      z.object({ search: FacetsQuery.describe('all photos this search finds, not just one page') }),
    ])
    .optional()
    .describe('photos to choose; default: all'),
  model: z.string().min(1).max(300).optional().describe('only results of this model: its id, or its name for any version'),
  state: z.enum(['done', 'failed', 'skipped']).optional().describe('only steps that ended in this state'),
  reason: z.string().min(1).max(5000).optional().describe('only failed or skipped steps whose reason contains these words'),
  dry_run: z.boolean().default(false).describe('true: only count'),
})
export type ReprocessRequest = z.infer<typeof ReprocessRequest>

export const ReprocessReport = z.object({
  photos: z.number().int(),
  steps: z.number().int().describe('steps that will, or would, run again'),
  seconds: z.number().nullable().describe('estimated duration in seconds, from earlier runs; null: never run before'),
  dry_run: z.boolean().describe('true: nothing was changed'),
})
export type ReprocessReport = z.infer<typeof ReprocessReport>
