/** @file What a model says of a photo in words, as the photo page shows it and as system C tells it. */
import { z } from 'zod'
import { PRIMARY_CATEGORIES, SCENE_TYPES } from './words.ts'

const Count = z.number().int()

/** A description as the photo page shows it, with who said it and what it took. */
export const DescriptionReport = z.object({
  description: z.string().nullable(),
  alt_text: z.string().nullable(),
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable(),
  scene_type: z.enum(SCENE_TYPES).nullable(),
  tags: z.array(z.string()),
  detected_objects: z.array(z.object({ name: z.string(), confidence: z.number().nullable() })),
  suggested_cluster_name: z.string().nullable(),
  inspiration_prompt: z.string().nullable(),
  said_by: z.string(),
  models: z.array(z.string()).describe('every model that had a part, as the servers name them'),
  prompt_version: z.string().nullable(),
  fallback_used: z.boolean(),
  fallback_reason: z.string().nullable(),
  input_tokens: Count.nullable(),
  output_tokens: Count.nullable(),
  cost: z.number().nullable(),
  currency: z.string().nullable(),
  cost_estimated: z.boolean().describe('from tokens and a price, because the server told no cost'),
  duration_ms: z.number().nullable(),
  said_at: z.string(),
})
export type DescriptionReport = z.infer<typeof DescriptionReport>

/** The result of system C, field for field. */
export const AnalysisC = z.object({
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable(),
  tags: z.array(z.string()),
  description: z.string().nullable(),
  detected_objects: z.array(z.object({ name: z.string(), confidence: z.number().nullable() })),
  scene_type: z.enum(SCENE_TYPES).nullable(),
  color_palette: z.array(z.string()).describe('measured from the pixels: hex, largest share first'),
  suggested_cluster_name: z.string().nullable(),
  vlm_model: z.string(),
  fallback_used: z.boolean(),
  processing_time_ms: z.number().nullable(),
})
