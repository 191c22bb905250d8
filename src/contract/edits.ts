/** @file What a person changes: operations over chosen photos, each change one row of a history that can be undone; and categories. */
import { z } from 'zod'
import { MessageReport } from './messages/report.ts'
import { Id } from './photo.ts'
import { FacetsQuery } from './search.ts'

/** Stored in lower case, as models say them. */
export const Tag = z.string().trim().toLowerCase().min(1).max(100)
const Tags = z.array(Tag).min(1).max(50)
const CategoryName = z.string().trim().min(1).max(100)

/** What “reset to what the machine says” may name. */
export const RESETTABLE = ['tags', 'categories', 'title', 'caption', 'alt_text', 'rating', 'favourite'] as const
export type Resettable = (typeof RESETTABLE)[number]

/** A decision stands over what models and files say, now and after every re-run, until it is reset. */
export const Operation = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add_tags'), tags: Tags }),
  z.object({ do: z.literal('remove_tags'), tags: Tags }).describe('removes these tags'),
  z.object({ do: z.literal('add_category'), category: CategoryName }),
  z.object({ do: z.literal('remove_category'), category: CategoryName }).describe('removes the category'),
  z.object({ do: z.literal('set_rating'), rating: z.number().int().min(0).max(5).nullable() }),
  z.object({ do: z.literal('set_favourite'), favourite: z.boolean() }),
  z
    .object({ do: z.literal('set_text'), field: z.enum(['title', 'caption', 'alt_text']), text: z.string().trim().max(5000).nullable() })
    .describe('for one photo only; null or empty: it has none'),
  z.object({ do: z.literal('trash') }).describe('move to the trash, which is emptied by request or after 30 days'),
  z.object({ do: z.literal('restore') }).describe('restore from the trash'),
  z.object({ do: z.literal('reset'), fields: z.array(z.enum(RESETTABLE)).min(1) }).describe('back to the values from models and files'),
])
export type Operation = z.infer<typeof Operation>

const MAX_IDS = 100_000

export const EditRequest = z.object({
  photos: z
    .union([
      z.object({ ids: z.array(Id).min(1).max(MAX_IDS) }),
      z.object({ search: FacetsQuery.describe('all photos this search finds, not just one page') }),
    ])
    .describe('which photos'),
  operations: z.array(Operation).min(1).max(20).describe('applied in order; a later operation on the same tag or field wins'),
  dry_run: z.boolean().default(false).describe('true: only count'),
  version: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('version of the one photo you last read; 409 if it changed since. Equals its `ETag`; sent as `If-Match`, a mismatch is 412'),
})
export type EditRequest = z.infer<typeof EditRequest>

export const EditReport = z.object({
  id: z.number().int().nullable().describe('null: a dry run'),
  by: z
    .string()
    .describe(
      'who made it: the name of an account; `owner` for the token, the command line, or if nobody signs in; `system` for background work',
    ),
  summary: z.string().describe('the edit as a sentence'),
  message: MessageReport.describe('the same as a message'),
  state: z.enum(['counted', 'running', 'done']),
  photos: z.number().int().describe('photos chosen'),
  looked_at: z.number().int().describe('photos processed so far'),
  changed: z.number().int().describe('photos changed; in a dry run, that would be'),
  conflicts: z.number().int().describe('for an undo: values left alone, because they were changed again since'),
  area: z.enum(['photos', 'people', 'products', 'clusters', 'vocabulary', 'albums']).describe('what was changed'),
  undo_of: z.number().int().nullable(),
  undone_by: z.number().int().nullable(),
  made_at: z.string().nullable().describe('when it was made (ISO 8601)'),
})
export type EditReport = z.infer<typeof EditReport>

export const CategoryInput = z.object({
  name: CategoryName,
  description: z.string().trim().max(1000).default(''),
  tags: z.array(Tag).max(1000).default([]),
})
export const CategoryPatch = z.object({
  name: CategoryName.optional(),
  description: z.string().trim().max(1000).optional(),
  tags: z.array(Tag).max(1000).optional().describe('the complete list of tags; tags left out are removed'),
})
export type CategoryPatch = z.infer<typeof CategoryPatch>
