/** @file A library made anew from what lies beside its database. */
import { z } from 'zod'

const Count = z.number().int()

export const RebuildRequest = z
  .object({
    folders: z
      .array(z.string().min(1).max(4096))
      .max(100)
      .optional()
      .describe('folders of pictures that were in the library; they are indexed in place'),
    add: z.boolean().default(false).describe('also into a library that has photos: uploaded files that belong to no photo are taken in'),
  })
  .default({ add: false })

export const RebuildReport = z.object({
  state: z.enum(['none', 'working', 'stopped', 'done']).describe('stopped: something was in the way; starting it again goes on'),
  reason: z.string().nullable().describe('why it stopped'),
  uploads: Count.describe('uploaded files that are photos again'),
  named: Count.describe('of those, with their names and what was said of them, from their records'),
  from_sidecars: Count.describe('of those without a record, with what an XMP sidecar in the data folder says'),
  records: Count.describe('records put to photos in folders'),
  albums: Count,
  problems: z.array(z.object({ file: z.string(), reason: z.string() })).describe('files that were left as they are, at most a thousand'),
})
export type RebuildReport = z.infer<typeof RebuildReport>
