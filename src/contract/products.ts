/** @file Products and their pictures in the library’s own words: lists, readiness for marketplaces, mends, import and export. */
import { z } from 'zod'
import { PRODUCT_DUPLICATE_KINDS } from './described-products.ts'
import { PhotoCard } from './photo.ts'
import { MENDS, PICTURE_STATES, PROFILE_NAMES, SLOTS, WORD_FIELDS, WORD_SOURCES } from './product-words.ts'

const Count = z.number().int()
const StoreName = z.string().trim().min(1).max(63)
const InStore = StoreName.optional().describe('default: the first store of the product profile, or the first there is')
const Sku = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}/\\]+$/u, 'must not hold slashes or control characters')

const SpaceFilling = z
  .object({ space: z.string(), owed: Count.describe('pictures still missing from it') })
  .nullable()
  .describe('space of a product model that is being filled; used once it is complete. null: none')

export const StoreReport = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'bucket']),
  duplicate_distance: z.number(),
  hold: z.enum(['similar', 'never']),
  stored: Count,
  held: Count,
  trashed: Count,
  space: z.string().describe('embedding space used to compare uploads'),
  filling: SpaceFilling,
})
export const VerifyRequest = z
  .object({
    deep: z.boolean().default(false).describe('true: read every picture and compare its checksum'),
    rows_of: StoreName.optional().describe('compare with the rows of another store, of which it is a copy'),
  })
  .default({ deep: false })
export const StoreCheck = z.object({
  store: z.string(),
  pictures: Count,
  missing: z.array(z.string()).describe('recorded pictures missing from the store'),
  wrong: z.array(z.string()).describe('pictures whose size or content differs from the record'),
  unknown: z.array(z.string()).describe('pictures in the store without a record'),
})

export const Check = z.object({
  rule: z.string(),
  status: z
    .enum(['pass', 'warn', 'fail', 'unknown', 'look'])
    .describe('`unknown`: not measured yet; `look`: cannot be measured, a person has to look'),
  measured: z.string(),
  wants: z.string(),
  mend: z.enum(MENDS).nullable().describe('fix that would correct it without inventing anything; null: none'),
})
export type Check = z.infer<typeof Check>
export const Readiness = z.object({
  profile: z.enum(PROFILE_NAMES),
  title: z.string(),
  status: Check.shape.status.exclude(['look']).describe('the worst of its checks, except those a person has to look at'),
  is_confirmed: z.boolean().describe('false: the rules come from a third party, not from the marketplace'),
  checks: z.array(Check),
})

const Word = z.object({
  value: z.string().nullable(),
  said_by: z
    .enum(WORD_SOURCES)
    .nullable()
    .describe('source; `template`: put together from the kind, the colour, and what is known about the photo; null: no value yet'),
})

export const ProductPicture = z.object({
  id: Count,
  photo: PhotoCard,
  store: z.string(),
  key: z.string(),
  url: z.string(),
  url_expires_at: z.string().nullable().describe('until when the address works; null: no end'),
  display_name: z.string(),
  kind: z.string().nullable(),
  state: z.enum(PICTURE_STATES),
  sku: z.string().nullable().describe('stock keeping unit, the product’s id'),
  slot: z.enum(SLOTS).nullable().describe('what the picture shows of the product'),
  grade: z.enum(['A', 'B', 'C']).nullable(),
  grade_reasons: z.array(z.object({ what: z.string(), measured: z.string(), weight: z.enum(['weak', 'poor']) })),
  colour: z.string().nullable().describe('measured colour of the product'),
  described_by: z.array(z.string()).describe('models that described it as a product, as their servers name them; empty: none'),
  words: z
    .object({ name: Word, description: Word, attributes: Word, colour: Word, prompt: Word })
    .describe('a person’s value overrides the model’s'),
  like: z
    .object({ id: Count, kind: z.enum(PRODUCT_DUPLICATE_KINDS), distance: z.number() })
    .nullable()
    .describe('the picture it is similar to, or was held because of; null: none'),
  origin: z.object({ id: Count, made_by: z.string().nullable() }).nullable().describe('the picture it was made from; null: an upload'),
  readiness: z.array(Readiness),
})
export type ProductPicture = z.infer<typeof ProductPicture>

export const Product = z.object({
  id: Count,
  store: z.string(),
  sku: z.string().describe('stock keeping unit, the product’s id'),
  name: z.string().nullable(),
  kind: z.string().nullable(),
  pictures: z.array(ProductPicture),
  missing: z.array(z.enum(SLOTS)).describe('slots without a picture'),
})
export type Product = z.infer<typeof Product>

export const ProductsQuery = z.object({
  store: InStore,
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('number of entries to skip'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('maximum number of entries'),
})
export const ProductsAnswer = z.object({ products: z.array(Product), total: Count })
export const PicturesQuery = ProductsQuery.extend({
  state: z.enum(PICTURE_STATES).default('stored'),
  loose: z.stringbool().default(false).describe('true: only pictures without a product'),
})
export const PicturesAnswer = z.object({ pictures: z.array(ProductPicture), total: Count })

export const TakeQuery = z.object({
  store: InStore,
  kind: z.string().trim().min(1).max(60).optional(),
  check_duplicate: z.stringbool().optional().describe('default true: refuse duplicates'),
})
export const CheckQuery = z.object({
  store: InStore,
  top_k: z.coerce.number().int().min(1).max(50).default(5).describe('maximum number of similar pictures'),
})
export const CheckAnswer = z.object({
  verdict: z.enum(['new', 'duplicate', 'held']).describe('result of adding it; `held`: it would wait for review'),
  space: z.string().describe('embedding space used to compare it'),
  filling: SpaceFilling,
  likes: z.array(
    z.object({
      kind: z.enum(PRODUCT_DUPLICATE_KINDS).nullable().describe('null: near, but no duplicate'),
      cosine_distance: z.number().describe('1 − inner product of unit vectors, 0–2'),
      picture: ProductPicture,
    }),
  ),
})
export const TakeAnswer = z.object({
  duplicate: z.boolean(),
  picture: ProductPicture.describe('the new one, or the one it is a duplicate of'),
  kind: z.enum(PRODUCT_DUPLICATE_KINDS).nullable().describe('how the duplicate was found; null: not a duplicate'),
  space: z.string().nullable().describe('embedding space used to compare it; null: not compared'),
  filling: SpaceFilling,
})

const PersonsWord = (most: number) => z.string().trim().min(1).max(most).nullable()
export const PicturePatch = z.object({
  sku: Sku.nullable().optional().describe('the product it shows; null: remove it from its product'),
  slot: z.enum(SLOTS).nullable().optional().describe('what the picture shows of the product'),
  kind: z.string().trim().min(1).max(60).nullable().optional(),
  words: z
    .object({
      name: PersonsWord(300),
      description: PersonsWord(2000),
      attributes: PersonsWord(2000),
      colour: PersonsWord(60),
      prompt: PersonsWord(4000),
    })
    .partial()
    .optional()
    .describe('your value, which overrides the model’s; null: there is none'),
  reset: z.array(z.enum(WORD_FIELDS)).max(5).optional().describe('drop your value and use the model’s again'),
})
export const ChangedPicture = ProductPicture.extend({
  edit: Count.nullable().describe('id of the edit, to undo it; null: no words changed'),
})
export const GroupRequest = z.object({
  store: InStore,
  by: z
    .enum(['file-name', 'folder', 'look'])
    .default('file-name')
    .describe('`folder`: by the indexed folder a picture is in; `look`: by similar embeddings, only suggested'),
  dry_run: z.boolean().default(true),
})
export const GroupAnswer = z.object({
  groups: z.array(z.object({ sku: z.string(), pictures: z.array(z.object({ id: Count, slot: z.enum(SLOTS).nullable() })) })),
  applied: z.boolean(),
})

export const MendRequest = z.object({
  mends: z.array(z.enum(MENDS)).min(1).max(6),
  fill: z.number().min(0.3).max(1).default(0.85).describe('share of the frame the product’s longer side fills, 0.3–1'),
  side: z.number().int().min(500).max(2400).default(2000).describe('longest side in pixels, for `resize`'),
})

export const ImportRequest = z.object({
  store: InStore,
  csv: z.string().min(1).max(900_000).describe('CSV with a header row: sku, and any of name, kind, file, slot'),
  dry_run: z.boolean().default(true),
})
export const ImportAnswer = z.object({
  rows: Count,
  products: Count,
  pictures: Count,
  errors: z.array(z.object({ row: Count.describe('line number; 1 is the header row'), detail: z.string() })),
  applied: z.boolean(),
})
export const ExportQuery = z.object({
  store: InStore,
  names: z.enum(['amazon', 'shopify']).default('amazon'),
})
