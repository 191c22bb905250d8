/** @file Backups: what is asked for, how far one is, and the last that was finished. */
import { z } from 'zod'

const Count = z.number().int()

export const BackupRequest = z.object({
  target: z.string().min(1).max(4096).describe('a folder of this machine, or `store:` and the name of a configured store'),
  keep: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(14)
    .describe('newest backups that stay; older ones go when this one is finished and checked'),
  with_folders: z
    .boolean()
    .default(false)
    .describe('also copy the photos of folders that are indexed in place; without it they are only named'),
})
export type BackupRequest = z.infer<typeof BackupRequest>

export const LastBackup = z.object({ finished_at: z.string(), target: z.string(), snapshot: z.string() })

export const BackupReport = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']).describe('idle: none since the program began'),
  target: z.string().nullable(),
  phase: z.enum(['database', 'files', 'check', 'retention']).nullable().describe('of the running one'),
  files: Count,
  files_total: Count,
  bytes: Count,
  bytes_total: Count,
  result: z
    .object({
      snapshot: z.string(),
      photos: Count,
      files: Count.describe('files it holds'),
      written: Count.describe('of those, files that no earlier backup had'),
      written_bytes: Count,
      named_only: Count.describe('photos in folders that are named but not copied'),
      removed: z.array(z.string()).describe('older backups that went'),
      gone: z.array(z.string()).describe('files that were deleted while it was made'),
      damaged: z.array(z.string()).describe('files whose bytes are not those the library took in; not in it'),
    })
    .nullable()
    .describe('of the one that was done'),
  error: z.string().nullable().describe('why it failed; the same request goes on where it was'),
  last: LastBackup.nullable().describe('the last one that was finished, also before the program began'),
})
export type BackupReport = z.infer<typeof BackupReport>
