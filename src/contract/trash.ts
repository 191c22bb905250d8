/** @file The trash: what is in it, bringing back, emptying. Files in folders are deleted only when a person asked for exactly that, twice. */
import { z } from 'zod'
import { Id, PhotoCard } from './photo.ts'

/** Photos stay in the trash so long. */
export const TRASH_DAYS = 30

const Count = z.number().int()
const MOST = 100_000

export const TrashQuery = z.object({
  removed: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: photos already deleted from the trash, remembered because their files are still in a folder'),
  after: z.coerce.number().int().min(0).max(2_147_483_647).optional().describe('`next` of the previous page'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('maximum number of entries'),
})

export const TrashedPhoto = z.object({
  photo: PhotoCard,
  bytes: z.number().describe('size in bytes'),
  trashed_at: z.string(),
  deleted_on: z.string().nullable().describe('when it will be deleted; null: already deleted'),
  in_place: z.boolean().describe('true: its file is in an indexed folder and stays there when the trash is emptied'),
})

export const TrashReport = z.object({
  photos: z.array(TrashedPhoto).describe('last deleted first'),
  total: Count.describe('total number, over all pages'),
  bytes: z.number().describe('bytes freed by emptying the trash'),
  next: Count.nullable().describe('where the next page starts; null: this is the last'),
})
export type TrashReport = z.infer<typeof TrashReport>

export const RestoreRequest = z.object({ ids: z.array(Id).min(1).max(MOST).optional().describe('default: all') })
export const RestoreReport = z.object({ restored: Count, edit: Count.nullable() })

export const EmptyRequest = z.object({
  ids: z.array(Id).min(1).max(MOST).optional().describe('default: all'),
  files: z.enum(['keep', 'delete']).default('keep').describe('`delete`: also delete files in indexed folders; requires `confirm`'),
  confirm: z
    .object({ token: z.uuid(), files: Count })
    .optional()
    .describe('`token` from the answer to the same request, and the number of files to delete'),
})
export type EmptyRequest = z.infer<typeof EmptyRequest>

export const EmptyReport = z.object({
  deleted: Count.describe('number of photos'),
  bytes: z.number().describe('bytes freed'),
  files_deleted: Count.describe('files deleted in folders'),
  files_kept: Count.describe('files kept in folders; their photos stay hidden, also after the next scan'),
  problems: z.array(z.string()),
  confirm: z
    .object({ token: z.string(), files: Count, folders: z.array(z.string()) })
    .nullable()
    .describe('set if nothing was deleted yet: repeat the request with this token and number of files within five minutes'),
})
export type EmptyReport = z.infer<typeof EmptyReport>
