/** @file Checks of files: the pass over all of them, and what it found wrong. */
import { z } from 'zod'
import { Id, PhotoCard } from './photo.ts'
import { FILE_PROBLEM_KINDS, MAX_IDS } from './words.ts'

const Count = z.number().int()

const PassCounts = z.object({
  photos: Count.describe('photos checked'),
  files: Count.describe('originals read'),
  renditions: Count.describe('thumbnails and previews read'),
  bytes: z.number().describe('read'),
  found: Count.describe('originals found damaged, missing, or unreadable'),
  renewed: Count.describe('thumbnails and previews that were damaged or missing, and are made anew'),
  changed: Count.describe('files in folders that their owner changed: the next scan reads them'),
  skipped: Count.describe('files in folders that could not be reached, such as on a disk that is not mounted'),
})
export type PassCounts = z.infer<typeof PassCounts>

export const VerifyReport = z.object({
  state: z
    .enum(['idle', 'working', 'waiting', 'paused'])
    .describe('waiting: photos are being analysed, or the disk or the database is out of order; it goes on by itself'),
  reason: z.string().nullable().describe('why it waits'),
  pass: PassCounts.extend({
    started_at: z.string(),
    asked: z.boolean().describe('a person asked for it; otherwise it was due'),
    left: Count.describe('photos not yet checked'),
    bytes_per_second: z.number().nullable().describe('lately; null while it does not work'),
  })
    .nullable()
    .describe('the pass that is under way; null: none'),
  last: PassCounts.extend({ started_at: z.string(), finished_at: z.string() })
    .nullable()
    .describe('the last pass that looked at everything'),
  next_at: z.string().nullable().describe('when the next pass is due; null: never by itself (FOTOTECA_VERIFY_DAYS=0), or under way'),
  problems: Count.describe('originals that are damaged, missing, or unreadable now'),
})
export type VerifyReport = z.infer<typeof VerifyReport>

export const VerifyRequest = z
  .object({
    mb_per_second: z
      .number()
      .min(0)
      .max(100_000)
      .optional()
      .describe('how fast to read; 0: as fast as the disk; default: FOTOTECA_VERIFY_MB_PER_SECOND'),
  })
  .default({})

export const FileProblem = z.object({
  photo: PhotoCard,
  kind: z.enum(FILE_PROBLEM_KINDS),
  source: z.string().describe('the folder, or `upload`'),
  path: z.string().describe('below the folder, or in the store of uploads'),
  reason: z.string().describe('in words'),
  expected_sha256: z.string(),
  found_sha256: z.string().nullable().describe('of the bytes that are there now; null where they were not read to the end'),
  found_at: z.string(),
  checked_at: z.string().describe('when it was last seen to be wrong'),
})
export type FileProblem = z.infer<typeof FileProblem>

export const CheckRequest = z
  .object({ ids: z.array(Id).max(MAX_IDS).optional().describe('photos; left out: all with a problem') })
  .default({})

export const CheckReport = z.object({
  photos: Count.describe('checked now'),
  right: Count.describe('of those, with nothing wrong'),
  problems: Count.describe('originals of the library that are still wrong'),
})
export type CheckReport = z.infer<typeof CheckReport>
