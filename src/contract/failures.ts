/** @file What failed, grouped by why; and which of it to try again. */
import { z } from 'zod'
import { MessageReport } from './messages/report.ts'
import { Id, PhotoCard } from './photo.ts'
import { MAX_IDS, STEP_NAMES } from './words.ts'

const Count = z.number().int()

export const FailureGroup = z.object({
  step: z.enum(STEP_NAMES).nullable().describe('null: the file was refused before any step'),
  model: z.string().nullable(),
  reason: z.string().describe('why, in words; numbers that differ within the group are “…”'),
  message: MessageReport.nullable(),
  count: Count,
  of: z.enum(['photos', 'files']).describe('files: they could not be read, and are no photos of the library'),
  can_retry: z.boolean().describe('false for refused files: they are read again when the file changes'),
  examples: z.array(PhotoCard).describe('the newest, at most six'),
})
export type FailureGroup = z.infer<typeof FailureGroup>

export const FailureReport = z.object({
  photos: Count.describe('photos with any failure'),
  files: Count.describe('files that could not be read'),
  groups: z.array(FailureGroup),
})
export type FailureReport = z.infer<typeof FailureReport>

/** What is left out keeps everything; all given parts must hold. */
export const FailureChoice = z.object({
  step: z.enum(STEP_NAMES).optional(),
  model: z.string().max(300).nullable().optional().describe('null: failures of steps without a model'),
  message: MessageReport.nullable().optional().describe('as a group tells it'),
  ids: z.array(Id).max(MAX_IDS).optional().describe('only these photos'),
})
export type FailureChoice = z.infer<typeof FailureChoice>

export const RetryReport = z.object({ photos: Count, steps: Count.describe('failed steps that are due again'), dry_run: z.boolean() })
export type RetryReport = z.infer<typeof RetryReport>
