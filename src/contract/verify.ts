/** @file Checks of files: the pass over all of them, and what it found wrong. */
import { z } from 'zod'
import { Id, PhotoCard } from './photo.ts'
import { FILE_PROBLEM_KINDS, MAX_IDS } from './words.ts'

const Count = z.number().int()

const PassCounts = z.object({
  photos: Count.describe('photos checked'),
  files: Count.describe('originals read'),
  renditions: Count.describe('thumbnails and previews read'),
  bytes: z.number().describe('bytes read'),
  found: Count.describe('originals found damaged, missing, or unreadable'),
  renewed: Count.describe('damaged or missing thumbnails and previews, which are made again'),
  changed: Count.describe('files in folders that their owner changed; the next scan reads them'),
  skipped: Count.describe('files in unreachable folders, such as on an unmounted disk'),
})
export type PassCounts = z.infer<typeof PassCounts>

export const VerifyReport = z.object({
  state: z
    .enum(['idle', 'working', 'waiting', 'paused'])
    .describe('`waiting`: photos are being analysed, or disk or database have a problem; it resumes by itself'),
  reason: z.string().nullable().describe('why it is waiting; null: it is not'),
  pass: PassCounts.extend({
    started_at: z.string().describe('when it started (ISO 8601)'),
    asked: z.boolean().describe('true: requested by a person; false: it was due'),
    left: Count.describe('photos not yet checked'),
    bytes_per_second: z.number().nullable().describe('recent speed; null: not reading'),
  })
    .nullable()
    .describe('the check in progress; null: none'),
  last: PassCounts.extend({ started_at: z.string(), finished_at: z.string() }).nullable().describe('last complete check; null: none'),
  next_at: z.string().nullable().describe('when the next check is due; null: never by itself (FOTOTECA_VERIFY_DAYS=0), or in progress'),
  problems: Count.describe('originals currently damaged, missing, or unreadable'),
})
export type VerifyReport = z.infer<typeof VerifyReport>

export const VerifyRequest = z
  .object({
    mb_per_second: z
      .number()
      .min(0)
      .max(100_000)
      .optional()
      .describe('reading speed in megabytes per second; 0: no limit; default: FOTOTECA_VERIFY_MB_PER_SECOND'),
  })
  .default({})

export const FileProblem = z.object({
  photo: PhotoCard,
  kind: z.enum(FILE_PROBLEM_KINDS),
  source: z.string().describe('the folder, or `upload`'),
  path: z.string().describe('path relative to the folder or to the store of uploads'),
  reason: z.string().describe('reason as a sentence'),
  expected_sha256: z.string(),
  found_sha256: z.string().nullable().describe('SHA-256 of the current bytes; null: they could not be read completely'),
  found_at: z.string(),
  checked_at: z.string().describe('when the problem was last seen'),
})
export type FileProblem = z.infer<typeof FileProblem>

export const CheckRequest = z
  .object({ ids: z.array(Id).max(MAX_IDS).optional().describe('photos to check; default: all with a problem') })
  .default({})

export const CheckReport = z.object({
  photos: Count.describe('photos checked'),
  right: Count.describe('of those, without a problem'),
  problems: Count.describe('originals of the library that still have a problem'),
})
export type CheckReport = z.infer<typeof CheckReport>
