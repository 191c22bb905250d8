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
    .describe('number of newest backups to keep; older ones are deleted once this one is finished and checked'),
  with_folders: z.boolean().default(false).describe('also copy photos of indexed folders; otherwise they are only listed'),
})
export type BackupRequest = z.infer<typeof BackupRequest>

export const LastBackup = z.object({ finished_at: z.string(), target: z.string(), snapshot: z.string() })

export const BackupReport = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']).describe('idle: no backup since the program started'),
  target: z.string().nullable(),
  phase: z.enum(['database', 'files', 'check', 'retention']).nullable().describe('step of the running backup; null: none is running'),
  files: Count,
  files_total: Count,
  bytes: Count.describe('size in bytes'),
  bytes_total: Count,
  result: z
    .object({
      snapshot: z.string(),
      photos: Count,
      files: Count.describe('files in this backup'),
      written: Count.describe('files that no earlier backup had'),
      written_bytes: Count,
      named_only: Count.describe('photos in folders, listed but not copied'),
      removed: z.array(z.string()).describe('older backups that were deleted'),
      gone: z.array(z.string()).describe('files deleted while the backup was made'),
      damaged: z.array(z.string()).describe('files whose bytes differ from those added to the library; not in the backup'),
    })
    .nullable()
    .describe('result of the finished backup'),
  error: z.string().nullable().describe('why it failed; the same request resumes it'),
  last: LastBackup.nullable().describe('last finished backup, also from before the program started'),
})
export type BackupReport = z.infer<typeof BackupReport>
