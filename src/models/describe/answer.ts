/** @file What a model is asked to answer: one zod schema, from which the JSON schema sent to servers is made. */
import { z } from 'zod'
import { PRIMARY_CATEGORIES, SCENE_TYPES } from '../../contract/words.ts'
import type { AnswerSchema } from '../ports/chat.ts'

const INSPIRATION =
  'a prompt for another picture of the same feel: mood, composition, style, colours; no names, no exact details of this picture'

/**
 * System C's shape, with alt text and system A's inspiration prompt. Bounds are told in words only: servers differ in which
 * length keywords their schema mode takes, and what comes is cut to our own bounds anyway.
 */
export const DescriptionAnswer = z.object({
  primary_category: z.enum(PRIMARY_CATEGORIES).describe('what the picture is mainly of'),
  tags: z.array(z.string()).min(1).describe('5 to 15 short lower-case words for what is visible, most important first, no doubles'),
  description: z.string().min(1).describe('two or three plain sentences: what is visible, where, doing what'),
  alt_text: z
    .string()
    .min(1)
    .describe('one sentence of at most 150 characters for someone who cannot see the picture; does not begin with “image of”'),
  detected_objects: z
    .array(z.object({ name: z.string().min(1), confidence: z.number().describe('0 to 1') }))
    .describe('every kind of object that is clearly visible, each once'),
  scene_type: z.enum(SCENE_TYPES).nullable().describe('how the picture is built; null when none fits'),
  suggested_cluster_name: z.string().min(1).describe('2 to 4 words naming an album this picture could be in'),
  inspiration_prompt: z.string().nullable().describe(INSPIRATION),
})
export type DescriptionAnswer = z.infer<typeof DescriptionAnswer>

/** System D’s words of a product, beside those of the picture. A model that only reads a caption cannot grade the photo. */
export const CaptionedProductAnswer = DescriptionAnswer.extend({
  description: z
    .string()
    .min(1)
    .describe('two or three plain sentences about the product for a shop: what it is, design, material, colours'),
  name: z
    .string()
    .min(1)
    .describe('2 to 8 words a shop would list the product by: material or colour, design, kind; no brand that cannot be read on it'),
  attributes: z.array(z.string()).describe('3 to 12 short facts of the product: material, stones, shape, finish, style, closure'),
  color: z
    .string()
    .min(1)
    .nullable()
    .describe('the chief colour or colours of the product itself, one to three words; not of the background'),
  prompt: z
    .string()
    .min(1)
    .nullable()
    .describe('a prompt by which an image model would draw this very product: kind, material, shape, parts, colours'),
})
export type CaptionedProductAnswer = z.infer<typeof CaptionedProductAnswer>
export const ProductAnswer = CaptionedProductAnswer.extend({
  quality: z
    .enum(['A', 'B', 'C'])
    .describe('of the photo: A sharp, well lit, the whole product on a clean background; B usable with small faults; C not fit for a shop'),
})
export type ProductAnswer = z.infer<typeof ProductAnswer>
/** System A’s inspiration prompt by itself. */
export const InspirationAnswer = z.object({ inspiration_prompt: z.string().min(1).describe(INSPIRATION) })
export type InspirationAnswer = z.infer<typeof InspirationAnswer>

/** System C’s `label_cluster`: what pictures of one group have in common. */
export const ClusterAnswer = z.object({
  cluster_name: z.string().min(1).describe('2 to 4 words naming what the pictures have in common'),
  description: z.string().min(1).describe('one or two plain sentences: what the pictures have in common'),
  tags: z
    .array(z.string())
    .min(1)
    .describe('5 to 10 short lower-case words that fit most of the pictures, most important first, no doubles'),
  primary_category: z.enum(PRIMARY_CATEGORIES).describe('what the pictures are mainly of'),
})
export type ClusterAnswer = z.infer<typeof ClusterAnswer>

/** For `response_format: json_schema`: closed objects, everything required, no length keywords. */
export const ANSWER_SCHEMA: AnswerSchema = { name: 'picture_description', schema: dropBounds(z.toJSONSchema(DescriptionAnswer)) }
export const PRODUCT_SCHEMA: AnswerSchema = { name: 'product_description', schema: dropBounds(z.toJSONSchema(ProductAnswer)) }
export const CAPTIONED_PRODUCT_SCHEMA: AnswerSchema = {
  name: 'product_description',
  schema: dropBounds(z.toJSONSchema(CaptionedProductAnswer)),
}
export const INSPIRATION_SCHEMA: AnswerSchema = { name: 'inspiration_prompt', schema: dropBounds(z.toJSONSchema(InspirationAnswer)) }
export const CLUSTER_SCHEMA: AnswerSchema = { name: 'cluster_label', schema: dropBounds(z.toJSONSchema(ClusterAnswer)) }

function dropBounds(schema: unknown): Record<string, unknown> {
  const text = JSON.stringify(schema, (key, value: unknown) => (['$schema', 'minLength', 'minItems'].includes(key) ? undefined : value))
  return JSON.parse(text) as Record<string, unknown>
}
