/** @file Product pictures made from a photo: types, runs and their images, review. */
import { z } from 'zod'
import { ImageType, ProductType } from './described-products.ts'
import { Fidelity } from './fidelity.ts'
import { Id } from './photo.ts'
import { GENERATED_STATES, GENERATION_STATES, REVIEWS, SHADOWS } from './words.ts'

const Count = z.number().int()
const Size = z.string().trim().max(60).nullable().default(null)

export const GenerationBudget = z.object({
  scenes: Count.min(0).max(100_000).nullable().default(null).describe('scenes asked for at most, redone ones included; null: any number'),
  tokens: Count.min(0).max(2_000_000_000).nullable().default(null).describe('as the maker tells'),
  cost: z.number().min(0).max(1_000_000).nullable().default(null).describe('as the maker tells, else by FOTOTECA_GENERATE_PRICE'),
})
export type GenerationBudget = z.infer<typeof GenerationBudget>
const NO_BUDGET = { scenes: null, tokens: null, cost: null }

export const GenerationRequest = z.object({
  photos: z.array(Id).min(1).max(200),
  product_type: ProductType.default('earring'),
  image_types: z.array(ImageType).min(1).max(20).nullable().default(null).describe('null: the first `num_images` the product has'),
  num_images: Count.min(1).max(20).default(4),
  height: Size.describe('e.g. 38 mm, 1 1/2 in; drawn into type 3'),
  width: Size,
  shadow: z.enum(SHADOWS).default('natural').describe('on white: the photo’s own or a drawn one, always drawn, or none'),
  budget: GenerationBudget.default(NO_BUDGET).describe('of this run'),
  store: z.string().trim().min(1).max(63).nullable().default(null).describe('a configured store that gets what is made, under gen_images/'),
})
export type GenerationRequest = z.infer<typeof GenerationRequest>

export const InspirationRequest = z
  .object({
    photo: Id.nullable().default(null).describe('the photo that inspires it; null: the picture is made from `prompt` alone'),
    prompt: z
      .string()
      .trim()
      .min(1)
      .max(4000)
      .nullable()
      .default(null)
      .describe('null: the photo’s inspiration prompt by a describe model'),
  })
  .refine(({ photo, prompt }) => photo !== null || prompt !== null, 'name a photo, or give a prompt')
export type InspirationRequest = z.infer<typeof InspirationRequest>

export const GeneratedCheck = z.object({
  name: z.string(),
  verdict: z.enum(['pass', 'warn', 'fail']),
  says: z.string().describe('the measured value, for a person'),
})
export type GeneratedCheck = z.infer<typeof GeneratedCheck>

export const GeneratedImage = z.object({
  id: Count,
  source: Count.nullable().describe('the photo it was made from; null: it was deleted'),
  source_state: z
    .enum(['there', 'trashed', 'deleted', 'none'])
    .describe('where the photo is that it was made from; none: it was made from words alone'),
  prompt_index: Count,
  image_type: z.number().int().describe('1 and up: of products; 0: inspired by a photo; -1: from words alone'),
  image_type_name: z.string(),
  state: z.enum(GENERATED_STATES),
  reason: z.string().nullable().describe('why it failed, or why it waits'),
  review: z.enum(REVIEWS).describe('held: kept out of library and ZIP until a person approves'),
  photo: Count.nullable().describe('the photo of the library it became'),
  store_picture: Count.nullable().describe('the product picture it became, where the run has a store'),
  picture: z.string().nullable().describe('where to get it; with FOTOTECA_TOKEN others can, too, by this address'),
  picture_expires_at: z.string().nullable().describe('until when they can; null: as long as it is there'),
  prompt: z.string().nullable(),
  model: z.string().nullable().describe('what made pixels; null: all are the product’s own'),
  cutter: z.string().nullable(),
  seed: Count.nullable(),
  width: Count.nullable(),
  height: Count.nullable(),
  fidelity: Fidelity.nullable(),
  checks: z.array(GeneratedCheck),
  ms: z.number().nullable(),
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
  waits: z.string().nullable().describe('why no scene is made just now, or why the run stopped'),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  zip: z.string().nullable().describe('its pictures that are done and not held or rejected; null: none yet'),
  zip_expires_at: z.string().nullable().describe('until when others can get it; null: as long as it is there'),
})
export type Generation = z.infer<typeof Generation>

export const GenerationOptions = z.object({
  types: z.array(
    z.object({
      number: Count,
      name: z.string(),
      needs_maker: z.boolean(),
      needs_length: z.boolean().describe('height or width must be given'),
      about: z.string(),
      is_ready: z.boolean(),
      missing: z.string().nullable(),
    }),
  ),
  products: z.array(z.object({ name: z.string(), label: z.string(), default_types: z.array(Count) })),
  maker: z.string().nullable().describe('what makes scenes; null: off'),
  leaves: z.string().describe('what leaves this machine, in words'),
  made_today: Count.describe('scenes asked for since midnight UTC'),
  per_day: Count.describe('how many may be'),
  per_scene: z
    .object({ tokens: z.number().nullable(), cost: z.number().nullable() })
    .describe('what one scene takes, by earlier ones of this maker or FOTOTECA_GENERATE_PRICE; null: not known yet'),
  stores: z.array(z.string()).describe('configured stores that can get what is made'),
})
export type GenerationOptions = z.infer<typeof GenerationOptions>
