/** @file Product pictures made from a photo: types, runs and their images, review. */
import { z } from 'zod'
import { ImageType, ProductType } from './described-products.ts'
import { Fidelity } from './fidelity.ts'
import { Id } from './photo.ts'
import { GENERATED_STATES, GENERATION_STATES, REVIEWS, SHADOWS } from './words.ts'

const Count = z.number().int()
const Size = z.string().trim().max(60).nullable().default(null)

export const GenerationBudget = z.object({
  scenes: Count.min(0).max(100_000).nullable().default(null).describe('maximum number of scenes, repeats included; null: no limit'),
  tokens: Count.min(0).max(2_000_000_000).nullable().default(null).describe('tokens, as the image generator reports; null: no limit'),
  cost: z
    .number()
    .min(0)
    .max(1_000_000)
    .nullable()
    .default(null)
    .describe('cost, as the image generator reports, else by FOTOTECA_GENERATE_PRICE; null: no limit'),
})
export type GenerationBudget = z.infer<typeof GenerationBudget>
const NO_BUDGET = { scenes: null, tokens: null, cost: null }

export const GenerationRequest = z.object({
  photos: z.array(Id).min(1).max(200),
  product_type: ProductType.default('earring'),
  image_types: z.array(ImageType).min(1).max(20).nullable().default(null).describe('null: the first `num_images` the product has'),
  num_images: Count.min(1).max(20).default(4),
  height: Size.describe('with unit, such as 38 mm or 1 1/2 in; drawn into type 3'),
  width: Size,
  shadow: z.enum(SHADOWS).default('natural').describe('on white: natural (the photo’s own, else drawn), always drawn, or none'),
  budget: GenerationBudget.default(NO_BUDGET).describe('budget of this run'),
  store: z
    .string()
    .trim()
    .min(1)
    .max(63)
    .nullable()
    .default(null)
    .describe('configured store to put the pictures into, below gen_images/; null: none'),
})
export type GenerationRequest = z.infer<typeof GenerationRequest>

export const InspirationRequest = z
  .object({
    photo: Id.nullable().default(null).describe('photo that inspires the picture; null: made from `prompt` alone'),
    prompt: z.string().trim().min(1).max(4000).nullable().default(null).describe('null: the photo’s inspiration prompt, from a describer'),
  })
  .refine(({ photo, prompt }) => photo !== null || prompt !== null, 'name a photo, or give a prompt')
export type InspirationRequest = z.infer<typeof InspirationRequest>

export const GeneratedCheck = z.object({
  name: z.string(),
  verdict: z.enum(['pass', 'warn', 'fail']),
  says: z.string().describe('the measured value, as a sentence'),
})
export type GeneratedCheck = z.infer<typeof GeneratedCheck>

export const GeneratedImage = z.object({
  id: Count,
  source: Count.nullable().describe('id of the photo it was made from; null: deleted'),
  source_state: z
    .enum(['there', 'trashed', 'deleted', 'none'])
    .describe('state of the photo it was made from; `none`: made from words alone'),
  prompt_index: Count,
  image_type: z.number().int().describe('1 and up: a product picture; 0: inspired by a photo; -1: from words alone'),
  image_type_name: z.string(),
  state: z.enum(GENERATED_STATES),
  reason: z.string().nullable().describe('why it failed or waits; null: neither'),
  review: z.enum(REVIEWS).describe('`held`: left out of library and ZIP until a person approves it'),
  photo: Count.nullable().describe('the photo of the library it became'),
  store_picture: Count.nullable().describe('the product picture it became, where the run has a store'),
  picture: z.string().nullable().describe('address of the picture; works without the token'),
  picture_expires_at: z.string().nullable().describe('until when the address works; null: as long as the picture exists'),
  prompt: z.string().nullable(),
  model: z.string().nullable().describe('model that made pixels; null: all pixels are the product’s own'),
  cutter: z.string().nullable(),
  seed: Count.nullable(),
  width: Count.nullable().describe('width in pixels'),
  height: Count.nullable().describe('height in pixels'),
  fidelity: Fidelity.nullable(),
  checks: z.array(GeneratedCheck),
  ms: z.number().nullable().describe('duration in milliseconds'),
})
export type GeneratedImage = z.infer<typeof GeneratedImage>

export const Generation = z.object({
  id: Count,
  state: z.enum(GENERATION_STATES),
  product_type: z.string(),
  store: z.string().nullable(),
  budget: GenerationBudget,
  spent: z.object({ scenes: Count, tokens: Count, cost: z.number() }),
  images: z.array(GeneratedImage),
  done: Count,
  failed: Count,
  waits: z.string().nullable().describe('why no scene is being made, or why the run stopped; null: neither'),
  started_at: z.string().describe('when it started (ISO 8601)'),
  ended_at: z.string().nullable().describe('when it ended (ISO 8601)'),
  zip: z.string().nullable().describe('address of a ZIP with the pictures that are done and neither held nor rejected; null: none yet'),
  zip_expires_at: z.string().nullable().describe('until when the address works; null: as long as the run exists'),
})
export type Generation = z.infer<typeof Generation>

export const GenerationOptions = z.object({
  types: z.array(
    z.object({
      number: Count,
      name: z.string(),
      needs_maker: z.boolean(),
      needs_length: z.boolean().describe('true: height or width is required'),
      about: z.string(),
      is_ready: z.boolean(),
      missing: z.string().nullable(),
    }),
  ),
  products: z.array(z.object({ name: z.string(), label: z.string(), default_types: z.array(Count) })),
  maker: z.string().nullable().describe('image generator for scenes; null: off'),
  leaves: z.string().describe('what leaves this machine, as a sentence'),
  made_today: Count.describe('scenes requested since midnight UTC'),
  per_day: Count.describe('maximum number of scenes per day'),
  per_scene: z
    .object({ tokens: z.number().nullable(), cost: z.number().nullable() })
    .describe('expected tokens and cost of one scene, from earlier ones or FOTOTECA_GENERATE_PRICE; null: not known yet'),
  stores: z.array(z.string()).describe('configured stores that can receive the pictures'),
})
export type GenerationOptions = z.infer<typeof GenerationOptions>
