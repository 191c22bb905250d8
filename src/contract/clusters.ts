/** @file Clusters: topics found among the photos, their labels and who gave them; trips by time and place. */
import { z } from 'zod'
import { Day, Id, PhotoCard } from './photo.ts'
import { PRIMARY_CATEGORIES } from './words.ts'

export const ClusterReport = z.object({
  id: z.number().int().describe('stays while most of its photos stay together'),
  name: z.string().nullable(),
  said_by: z.string().nullable().describe('who named it: `person`, `facts` (tags, places, text), or a describer; null: unnamed'),
  description: z.string().nullable(),
  tags: z.array(z.string()).describe('most distinctive first'),
  count: z.number().int(),
  hidden: z.boolean(),
  representatives: z.array(PhotoCard).describe('up to five photos, most central first'),
})
export type ClusterReport = z.infer<typeof ClusterReport>

export const ClusterState = z.object({
  running: z.boolean(),
  space: z.string().nullable().describe('embedding space the topics were found in'),
  photos: z.number().int().describe('photos looked at'),
  in_none: z.number().int().describe('photos in no topic'),
  made_at: z.string().nullable().describe('when topics were last found among all photos'),
  took_ms: z.number().nullable().describe('duration in milliseconds'),
  notice: z.string().nullable().describe('a remark, such as that photos are grouped by look alone'),
})
export type ClusterState = z.infer<typeof ClusterState>

export const ClusterList = z.object({ clusters: z.array(ClusterReport), state: ClusterState })
export type ClusterList = z.infer<typeof ClusterList>

export const ClusterPatch = z.object({
  name: z.string().trim().min(1).max(200).nullable().optional().describe('stays until removed with null'),
  hidden: z.boolean().optional(),
  was: z.string().nullable().optional().describe('name you last read; 409 if it changed since'),
})
export type ClusterPatch = z.output<typeof ClusterPatch>

/** The cluster that stays. */
export const ClusterMerged = ClusterReport.extend({
  edit: z.number().int().describe('id of the edit, to undo it with `/api/edits/:id/undo`'),
})
export type ClusterMerged = z.infer<typeof ClusterMerged>

/** What system C’s `label_cluster` returns. */
export const ClusterLabel = z.object({
  cluster_name: z.string().nullable(),
  description: z.string().nullable(),
  tags: z.array(z.string()),
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable().describe('main category'),
  vlm_model: z
    .string()
    .nullable()
    .describe('models that answered, as their servers name them, joined by +, or the describer’s id; null: named from facts alone'),
  fallback_used: z
    .boolean()
    .describe('true: no language model gave a usable answer, so the name comes from counting what the representatives share'),
  images_analyzed: z.number().int(),
  total_images: z.number().int(),
})
export type ClusterLabel = z.infer<typeof ClusterLabel>

export const TripReport = z.object({
  name: z.string().describe('place and time, `Rome, May 2024`, `Norway, May 2024`'),
  kind: z.enum(['trip', 'event']),
  from: Day,
  to: Day,
  city: z.string().nullable().describe('null: several cities'),
  country: z.string().nullable(),
  count: z.number().int(),
  photo_ids: z.array(Id).describe('up to four photos, spread over the trip'),
})
export type TripReport = z.infer<typeof TripReport>
