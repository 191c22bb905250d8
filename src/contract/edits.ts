/** @file What a person changes: operations over chosen photos, each change one row of a history that can be undone; and categories. */
import { z } from 'zod'
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
  z.object({ do: z.literal('remove_tags'), tags: Tags }).describe('of the photos that have them'),
  z.object({ do: z.literal('add_category'), category: CategoryName }),
  z.object({ do: z.literal('remove_category'), category: CategoryName }).describe('of the photos that are in it'),
  z.object({ do: z.literal('set_rating'), rating: z.number().int().min(0).max(5).nullable() }),
  z.object({ do: z.literal('set_favourite'), favourite: z.boolean() }),
  z
    .object({ do: z.literal('set_text'), field: z.enum(['title', 'caption', 'alt_text']), text: z.string().trim().max(5000).nullable() })
    .describe('of one photo; null or empty says that it has none'),
  z.object({ do: z.literal('trash') }).describe('out of sight; deleted when the trash is emptied, by itself after 30 days'),
  z.object({ do: z.literal('restore') }).describe('out of the trash'),
  z.object({ do: z.literal('reset'), fields: z.array(z.enum(RESETTABLE)).min(1) }).describe('back to what models and files say'),
])
export type Operation = z.infer<typeof Operation>

const MAX_IDS = 100_000

export const EditRequest = z.object({
  photos: z
    .union([
      z.object({ ids: z.array(Id).min(1).max(MAX_IDS) }),
      z.object({ search: FacetsQuery.describe('all photos this search finds, not one page') }),
    ])
    .describe('which photos'),
  operations: z.array(Operation).min(1).max(20).describe('where two say different things of the same tag or field, the later one counts'),
  dry_run: z.boolean().default(false).describe('only count'),
  version: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      'of the one photo as it was seen; another one is refused (409). The same as its `ETag` in the header `If-Match`, which is refused with 412',
    ),
})
export type EditRequest = z.infer<typeof EditRequest>

export const EditReport = z.object({
  id: z.number().int().nullable().describe('null for a dry run'),
  by: z
    .string()
    .describe(
      'who made it: the name of the account; `owner` for the token, the command line, or where nobody signs in; `system` for work in the background',
    ),
  summary: z.string().describe('what was asked, in words'),
  state: z.enum(['counted', 'running', 'done']),
  photos: z.number().int().describe('photos it is about'),
  looked_at: z.number().int().describe('of these, how many are worked through'),
  changed: z.number().int().describe('photos that were changed; for a dry run, that would be'),
  conflicts: z.number().int().describe('undo: values left as they are, because something else was decided since'),
  area: z.enum(['photos', 'people', 'products', 'clusters', 'vocabulary', 'albums']).describe('what was changed'),
  undo_of: z.number().int().nullable(),
  undone_by: z.number().int().nullable(),
  made_at: z.string().nullable(),
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
  tags: z.array(Tag).max(1000).optional().describe('all of its tags; what is not named here leaves it'),
})
export type CategoryPatch = z.infer<typeof CategoryPatch>
