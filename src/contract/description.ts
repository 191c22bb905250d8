/** @file What a model says of a photo in words, as the photo page shows it and as system C tells it. */
import { z } from 'zod'
import { PRIMARY_CATEGORIES, SCENE_TYPES } from './words.ts'

const Count = z.number().int()

/** Who said it and what it took. */
const Provenance = z.object({
  said_by: z.string(),
  models: z.array(z.string()).describe('all models involved, as their servers name them'),
  prompt_version: z.string().nullable().describe('version of the prompt'),
  fallback_used: z.boolean().describe('true: the model gave no complete answer'),
  fallback_reason: z.string().nullable(),
  input_tokens: Count.nullable().describe('tokens sent'),
  output_tokens: Count.nullable().describe('tokens received'),
  cost: z.number().nullable().describe('cost in `currency`'),
  currency: z.string().nullable().describe('currency of the cost'),
  cost_estimated: z.boolean().describe('true: estimated from tokens and a price, because the server reported no cost'),
  duration_ms: z.number().nullable().describe('duration in milliseconds'),
  said_at: z.string().describe('when the value was set (ISO 8601)'),
})

/** A description as the photo page shows it. */
export const DescriptionReport = Provenance.extend({
  description: z.string().nullable(),
  alt_text: z.string().nullable().describe('alternative text'),
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable().describe('main category'),
  scene_type: z.enum(SCENE_TYPES).nullable().describe('kind of scene'),
  tags: z.array(z.string()),
  detected_objects: z.array(z.object({ name: z.string(), confidence: z.number().nullable() })),
  suggested_cluster_name: z.string().nullable(),
  inspiration_prompt: z.string().nullable().describe('what this description says; `inspiration` is the one in use'),
})
export type DescriptionReport = z.infer<typeof DescriptionReport>

/** What another describer said of the photo. */
export const OtherDescription = DescriptionReport.pick({
  said_by: true,
  models: true,
  description: true,
  primary_category: true,
  tags: true,
  fallback_used: true,
  duration_ms: true,
  cost: true,
  currency: true,
  said_at: true,
})
export type OtherDescription = z.infer<typeof OtherDescription>

/** The prompt that a photo inspires: by the describer of that purpose, else by the one of the description. */
export const InspirationReport = Provenance.extend({ prompt: z.string() })
export type InspirationReport = z.infer<typeof InspirationReport>

/** The result of system C, field for field. */
export const AnalysisC = z.object({
  primary_category: z.enum(PRIMARY_CATEGORIES).nullable().describe('main category'),
  tags: z.array(z.string()),
  description: z.string().nullable(),
  detected_objects: z.array(z.object({ name: z.string(), confidence: z.number().nullable() })),
  scene_type: z.enum(SCENE_TYPES).nullable().describe('kind of scene'),
  color_palette: z.array(z.string()).describe('measured from the pixels: hex, largest share first'),
  suggested_cluster_name: z.string().nullable(),
  vlm_model: z.string(),
  fallback_used: z.boolean().describe('true: the model gave no complete answer'),
  processing_time_ms: z.number().nullable(),
})
