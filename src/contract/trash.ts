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
    .describe('`true`: what the trash was emptied of and is still remembered, because its file lies in a folder'),
  after: z.coerce.number().int().min(0).max(2_147_483_647).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

export const TrashedPhoto = z.object({
  photo: PhotoCard,
  bytes: z.number(),
  trashed_at: z.string(),
  deleted_on: z.string().nullable().describe('when it is deleted unless it is restored; null: it was'),
  in_place: z.boolean().describe('its file lies in a folder that is indexed in place, and stays there when the trash is emptied'),
})

export const TrashReport = z.object({
  photos: z.array(TrashedPhoto).describe('the last deleted first'),
  total: Count,
  bytes: z.number().describe('that emptying frees'),
  next: Count.nullable(),
})
export type TrashReport = z.infer<typeof TrashReport>

export const RestoreRequest = z.object({ ids: z.array(Id).min(1).max(MOST).optional().describe('all, when left out') })
export const RestoreReport = z.object({ restored: Count, edit: Count.nullable() })

export const EmptyRequest = z.object({
  ids: z.array(Id).min(1).max(MOST).optional().describe('all, when left out'),
  files: z
    .enum(['keep', 'delete'])
    .default('keep')
    .describe('`delete`: also files in folders that are indexed in place; has to be confirmed'),
  confirm: z
    .object({ token: z.uuid(), files: Count })
    .optional()
    .describe('the `token` of the answer to the same request, and the number of files that are to be deleted'),
})
export type EmptyRequest = z.infer<typeof EmptyRequest>

export const EmptyReport = z.object({
  deleted: Count.describe('photos'),
  bytes: z.number().describe('freed'),
  files_deleted: Count.describe('in folders'),
  files_kept: Count.describe('in folders; their photos stay hidden, also after the next scan'),
  problems: z.array(z.string()),
  confirm: z
    .object({ token: z.string(), files: Count, folders: z.array(z.string()) })
    .nullable()
    .describe('set: nothing was deleted yet; send the request again with this token and this number of files within five minutes'),
})
export type EmptyReport = z.infer<typeof EmptyReport>
