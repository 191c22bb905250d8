/** @file System D, field for field: what its four calls take and answer. Extra fields stand beside its own, never instead of them. */
import { z } from 'zod'
import { Fidelity } from './fidelity.ts'
import { WORD_SOURCES } from './product-words.ts'

/** What an `image_type` of system D makes. */
export const IMAGE_TYPE_NAMES = {
  1: 'White Background',
  2: 'Hand Holding',
  3: 'Dimension Image',
  4: 'Lifestyle Nature',
  5: 'Model Wearing',
} as const satisfies Record<number, string>
export const DEFAULT_IMAGE_TYPES = [1, 2, 4, 5] as const

/** How an upload is like a picture of its store. `similar`: only the embedding says so; it may be a variant. */
export const PRODUCT_DUPLICATE_KINDS = ['same-file', 'same-picture', 'similar'] as const

const Website = z
  .string()
  .trim()
  .min(1)
  .max(63)
  .describe('name of a store (FOTOTECA_STORES); default `alya`, or the first store if there is no `alya`')
const YesNo = z.preprocess((value) => (typeof value === 'string' ? value.trim().toLowerCase() : value), z.enum(['yes', 'no']))
const Shown = z.string().trim().min(1).max(60).describe('what the picture shows, such as earring')
const TopK = z.coerce.number().int().min(1).max(200)

/** In the query; the same names are taken as fields of the form, which win. Defaults are filled in once both are known. */
export const CaptionQueryD = z.object({
  type: Shown.optional().describe('required, here or in the form'),
  website: Website.optional(),
  check_duplicate: YesNo.optional().describe('yes (default) or no'),
})
export const CaptionOptionsD = z.object({
  type: Shown,
  website: Website.optional(),
  check_duplicate: YesNo.default('yes'),
})
export const SimilarityQueryD = z.object({
  top_k: TopK.optional().describe('default 1'),
  website: Website.optional(),
  check_duplicate: YesNo.optional().describe('yes (default) or no'),
})
export const SimilarityOptionsD = z.object({
  top_k: TopK.default(1),
  website: Website.optional(),
  check_duplicate: YesNo.default('yes'),
})

/** Of an address in the answer. */
const Ends = z.string().nullable().optional().describe('until when the address works; null: as long as the picture exists')

const Space = z.string().nullable().describe('embedding space used; null: none')

/** Null: nothing was measured or said that it could be; `notice` tells what it needs. Nothing is invented. */
const Said = z.string().nullable()
const Source = z.enum(WORD_SOURCES).nullable()
export const NewCaptionD = z.object({
  display_name: z.string(),
  generated_name: Said,
  quality: z.string().nullable().describe('A, B, or C: the worse of the measured grade and the model’s'),
  quality_reasons: z.array(z.string()).describe('reasons for a lower grade'),
  quality_is_final: z.boolean().describe('false: the picture was not searched for text in time, which may still lower the grade'),
  description: Said,
  attributes: Said,
  prompt: Said,
  color: Said,
  s3_url: z.string(),
  s3_url_expires_at: Ends,
  id: z.number().int().describe('id of the product picture'),
  held: z.boolean().describe('true: held for review, because only the embedding says that it is near a picture of the store'),
  space: Space,
  sources: z
    .object({ generated_name: Source, description: Source, attributes: Source, prompt: Source, color: Source })
    .describe(
      '`model`: from a model asked about the product; `template`: put together from the type, the colour, and what is known about the photo',
    ),
  models: z.array(z.string()).describe('models that answered, as their servers name them; empty: none'),
  notice: z.string().nullable().describe('what is missing, and what to do'),
})
export const DuplicateCaptionD = z.object({
  display_name: z.string(),
  s3_url: z.string(),
  s3_url_expires_at: Ends,
  duplicate: z.literal('duplicate found'),
  id: z.number().int(),
  duplicate_kind: z.enum(PRODUCT_DUPLICATE_KINDS),
  distance: z.number().describe('1 − inner product, 0–2'),
  space: Space,
})
export const CaptionD = z.union([DuplicateCaptionD, NewCaptionD])

export const SimilarityD = z.union([
  z.object({
    duplicate_found: z.literal(true),
    results: z.array(
      z.object({
        id: z.number().int(),
        distance: z.number().describe('1 − inner product of unit vectors, 0–2'),
        path: z.string().describe('URL in the store'),
        path_expires_at: Ends,
        kind: z.enum(PRODUCT_DUPLICATE_KINDS).nullable().describe('null: near, but no duplicate'),
      }),
    ),
    space: Space,
  }),
  z.object({
    duplicate_found: z.literal(false),
    image_name: z.string(),
    s3_url: z.string(),
    s3_url_expires_at: Ends,
    id: z.number().int(),
    held: z.boolean(),
    space: Space,
  }),
])

/** Which there are is in `src/generate/types` and `src/generate/products`, a file each: no list here must grow with them. */
export const ImageType = z
  .number()
  .int()
  .min(1)
  .max(99)
  .describe('number from GET /api/products/generations/options; 1 to 5 are those of system D')
export const ProductType = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .describe('a product from GET /api/products/generations/options, such as earring')
const Size = z.string().trim().max(60).nullable().default(null)

export const GenerateImagesD = z.object({
  s3_urls: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .describe('URL of one picture, in a configured store or at an address allowed by FOTOTECA_FETCH_FROM'),
  product_type: ProductType,
  num_images: z.number().int().min(1).max(20).default(4),
  image_types: z
    .array(ImageType)
    .min(1)
    .max(20)
    .nullable()
    .default(null)
    .describe(
      'null: the first `num_images` of 1, 2, 4, 5. Overrides `num_images`. Not for bracelets and necklaces, which have prompts instead',
    ),
  height: Size.describe('height with unit, such as 2.5 cm, drawn into type 3'),
  width: Size,
})
export type GenerateImagesD = z.infer<typeof GenerateImagesD>

export const GeneratedImagesD = z.object({
  original_image_url: z.string(),
  gen_images: z.array(
    z.object({
      prompt_index: z.number().int(),
      image_url: z.string(),
      image_url_expires_at: Ends,
      image_type: z.number().int(),
      image_type_name: z.string(),
      needs_review: z.boolean().describe('true: left out of ZIP and store until a person approves it'),
      reason: z.string().nullable().describe('why it needs review; null: it does not'),
      fidelity: Fidelity.nullable().describe('how the product’s pixels compare with the photo, and how a model had drawn them'),
    }),
  ),
  zip_url: z.string().nullable().describe('null: no picture could be made, or all need review'),
  zip_url_expires_at: Ends,
  notice: z.string().nullable().optional(),
  failed: z
    .array(z.object({ prompt_index: z.number().int(), image_type: z.number().int(), image_type_name: z.string(), reason: z.string() }))
    .optional()
    .describe('pictures that were requested and not made, and why'),
})
export type GeneratedImagesD = z.infer<typeof GeneratedImagesD>

/** `/delete_image`, POST or DELETE; by query, JSON, or multipart. One of the two is needed. */
export const DeleteImageD = z.object({
  id: z.coerce.number().int().positive().max(2_147_483_647).optional(),
  s3_url: z.string().trim().min(1).max(2000).optional(),
})
export const DeletedImageD = z.object({
  id: z.number().int(),
  s3_url: z.string(),
  deleted: z.literal(true),
  message: z.string(),
})
