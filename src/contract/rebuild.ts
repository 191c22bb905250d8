/** @file A library made anew from what lies beside its database. */
import { z } from 'zod'

const Count = z.number().int()

export const RebuildRequest = z
  .object({
    folders: z
      .array(z.string().min(1).max(4096))
      .max(100)
      .optional()
      .describe('folders that were in the library, to be indexed in place again'),
    add: z.boolean().default(false).describe('true: also in a library that has photos; uploaded files without a photo are added'),
  })
  .default({ add: false })

export const RebuildReport = z.object({
  state: z.enum(['none', 'working', 'stopped', 'done']).describe('`stopped`: something prevented it; starting it again resumes'),
  reason: z.string().nullable().describe('why it stopped; null: it did not'),
  uploads: Count.describe('uploaded files restored as photos'),
  named: Count.describe('of those, restored with name and edits from their records'),
  from_sidecars: Count.describe('of those without a record, restored from an XMP sidecar in the data folder'),
  records: Count.describe('records applied to photos in folders'),
  albums: Count,
  problems: z.array(z.object({ file: z.string(), reason: z.string() })).describe('files that were left alone, at most 1,000'),
})
export type RebuildReport = z.infer<typeof RebuildReport>
