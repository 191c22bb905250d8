/** @file What failed, grouped by why; and which of it to try again. */
import { z } from 'zod'
import { MessageReport } from './messages/report.ts'
import { Id, PhotoCard } from './photo.ts'
import { MAX_IDS, STEP_NAMES } from './words.ts'

const Count = z.number().int()

export const FailureGroup = z.object({
  step: z.enum(STEP_NAMES).nullable().describe('null: the file was refused before any step'),
  model: z.string().nullable(),
  reason: z.string().describe('reason as a sentence; numbers that differ within the group are “…”'),
  message: MessageReport.nullable(),
  count: Count,
  of: z.enum(['photos', 'files']).describe('`files`: unreadable files, which are not photos of the library'),
  can_retry: z.boolean().describe('false: refused files, which are read again when they change'),
  examples: z.array(PhotoCard).describe('newest first, at most six'),
})
export type FailureGroup = z.infer<typeof FailureGroup>

export const FailureReport = z.object({
  photos: Count.describe('photos with any failure'),
  files: Count.describe('unreadable files'),
  groups: z.array(FailureGroup),
})
export type FailureReport = z.infer<typeof FailureReport>

/** What is left out keeps everything; all given parts must hold. */
export const FailureChoice = z.object({
  step: z.enum(STEP_NAMES).optional(),
  model: z.string().max(300).nullable().optional().describe('null: failures of steps without a model'),
  message: MessageReport.nullable().optional().describe('message of a group, from the list of failures'),
  ids: z.array(Id).max(MAX_IDS).optional().describe('only these photos'),
})
export type FailureChoice = z.infer<typeof FailureChoice>

export const RetryReport = z.object({ photos: Count, steps: Count.describe('failed steps that will run again'), dry_run: z.boolean() })
export type RetryReport = z.infer<typeof RetryReport>
