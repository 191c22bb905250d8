/** @file Products and their pictures in the library’s own words: lists, readiness for marketplaces, mends, import and export. */
import { z } from 'zod'
import { PRODUCT_DUPLICATE_KINDS } from './described-products.ts'
import { PhotoCard } from './photo.ts'
import { MENDS, PICTURE_STATES, PROFILE_NAMES, SLOTS, WORD_FIELDS, WORD_SOURCES } from './product-words.ts'

const Count = z.number().int()
const StoreName = z.string().trim().min(1).max(63)
const InStore = StoreName.optional().describe('by default the first that the product profile names, or the first there is')
const Sku = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}/\\]+$/u, 'must not hold slashes or control characters')

const SpaceFilling = z
  .object({ space: z.string(), owed: Count.describe('pictures that are not in it yet') })
  .nullable()
  .describe('the space of a model for products that is being filled; it is compared in once it holds every picture')

export const StoreReport = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'bucket']),
  duplicate_distance: z.number(),
  hold: z.enum(['similar', 'never']),
  stored: Count,
  held: Count,
  trashed: Count,
  space: z.string().describe('the embedding space in which uploads are compared now'),
  filling: SpaceFilling,
})
export const VerifyRequest = z
  .object({
    deep: z.boolean().default(false).describe('read every picture and compare its sum'),
    rows_of: StoreName.optional().describe('hold it against the rows of another store, of which it is a copy'),
  })
  .default({ deep: false })
export const StoreCheck = z.object({
  store: z.string(),
  pictures: Count,
  missing: z.array(z.string()).describe('rows without their picture in the store'),
  wrong: z.array(z.string()).describe('pictures of another length or content than the row says'),
  unknown: z.array(z.string()).describe('pictures in the store that no row names'),
})

export const Check = z.object({
  rule: z.string(),
  status: z
    .enum(['pass', 'warn', 'fail', 'unknown', 'look'])
    .describe('unknown: not measured yet; look: no measure tells it, a person looks'),
  measured: z.string(),
  wants: z.string(),
  mend: z.enum(MENDS).nullable().describe('what would mend it without making anything up'),
})
export type Check = z.infer<typeof Check>
export const Readiness = z.object({
  profile: z.enum(PROFILE_NAMES),
  title: z.string(),
  status: Check.shape.status.exclude(['look']).describe('the worst of its checks; those to look at are not among them'),
  is_confirmed: z.boolean().describe('false: the rules were read at a third party, not at the marketplace'),
  checks: z.array(Check),
})

const Word = z.object({
  value: z.string().nullable(),
  said_by: z
    .enum(WORD_SOURCES)
    .nullable()
    .describe('template: put together from the kind, the colour, and what was said of the photo; null: nobody said anything yet'),
})

export const ProductPicture = z.object({
  id: Count,
  photo: PhotoCard,
  store: z.string(),
  key: z.string(),
  url: z.string(),
  url_expires_at: z.string().nullable().describe('null: it lasts'),
  display_name: z.string(),
  kind: z.string().nullable(),
  state: z.enum(PICTURE_STATES),
  sku: z.string().nullable(),
  slot: z.enum(SLOTS).nullable(),
  grade: z.enum(['A', 'B', 'C']).nullable(),
  grade_reasons: z.array(z.object({ what: z.string(), measured: z.string(), weight: z.enum(['weak', 'poor']) })),
  colour: z.string().nullable().describe('of the product, measured'),
  described_by: z.array(z.string()).describe('models that said the words of it as a product, as their servers name them; empty: none'),
  words: z.object({ name: Word, description: Word, attributes: Word, colour: Word, prompt: Word }).describe('a person’s word stands'),
  like: z
    .object({ id: Count, kind: z.enum(PRODUCT_DUPLICATE_KINDS), distance: z.number() })
    .nullable()
    .describe('the picture it is near or was held for'),
  origin: z.object({ id: Count, made_by: z.string().nullable() }).nullable().describe('the picture it was made of'),
  readiness: z.array(Readiness),
})
export type ProductPicture = z.infer<typeof ProductPicture>

export const Product = z.object({
  id: Count,
  store: z.string(),
  sku: z.string(),
  name: z.string().nullable(),
  kind: z.string().nullable(),
  pictures: z.array(ProductPicture),
  missing: z.array(z.enum(SLOTS)).describe('slots without a picture'),
})
export type Product = z.infer<typeof Product>

export const ProductsQuery = z.object({
  store: InStore,
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const ProductsAnswer = z.object({ products: z.array(Product), total: Count })
export const PicturesQuery = ProductsQuery.extend({
  state: z.enum(PICTURE_STATES).default('stored'),
  loose: z.stringbool().default(false).describe('only pictures of no product'),
})
export const PicturesAnswer = z.object({ pictures: z.array(ProductPicture), total: Count })

export const TakeQuery = z.object({
  store: InStore,
  kind: z.string().trim().min(1).max(60).optional(),
  check_duplicate: z.stringbool().optional().describe('default true'),
})
export const CheckQuery = z.object({
  store: InStore,
  top_k: z.coerce.number().int().min(1).max(50).default(5).describe('pictures to tell of'),
})
export const CheckAnswer = z.object({
  verdict: z.enum(['new', 'duplicate', 'held']).describe('what taking it would do; held: it would wait for a person'),
  space: z.string().describe('the embedding space in which it was compared'),
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
  kind: z.enum(PRODUCT_DUPLICATE_KINDS).nullable().describe('how the duplicate is known'),
  space: z.string().nullable().describe('the embedding space in which it was compared; null when it was not'),
  filling: SpaceFilling,
})

const PersonsWord = (most: number) => z.string().trim().min(1).max(most).nullable()
export const PicturePatch = z.object({
  sku: Sku.nullable().optional().describe('the product it shows; null takes it out of its product'),
  slot: z.enum(SLOTS).nullable().optional(),
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
    .describe('your word, over what a model says or will say; null says that there is none'),
  reset: z.array(z.enum(WORD_FIELDS)).max(5).optional().describe('take your word back: the model’s stands again'),
})
export const ChangedPicture = ProductPicture.extend({ edit: Count.nullable().describe('of the words, for undo; null when none changed') })
export const GroupRequest = z.object({
  store: InStore,
  by: z
    .enum(['file-name', 'folder', 'look'])
    .default('file-name')
    .describe('folder: the one a picture lies in, in a folder of the library; look: near each other by their embedding, only suggested'),
  dry_run: z.boolean().default(true),
})
export const GroupAnswer = z.object({
  groups: z.array(z.object({ sku: z.string(), pictures: z.array(z.object({ id: Count, slot: z.enum(SLOTS).nullable() })) })),
  applied: z.boolean(),
})

export const MendRequest = z.object({
  mends: z.array(z.enum(MENDS)).min(1).max(6),
  fill: z.number().min(0.3).max(1).default(0.85).describe('of the frame, by the longer side of the product'),
  side: z.number().int().min(500).max(2400).default(2000).describe('pixels of the longest side, for `resize`'),
})

export const ImportRequest = z.object({
  store: InStore,
  csv: z.string().min(1).max(900_000).describe('with a heading: sku, and any of name, kind, file, slot'),
  dry_run: z.boolean().default(true),
})
export const ImportAnswer = z.object({
  rows: Count,
  products: Count,
  pictures: Count,
  errors: z.array(z.object({ row: Count.describe('1 is the heading'), detail: z.string() })),
  applied: z.boolean(),
})
export const ExportQuery = z.object({
  store: InStore,
  names: z.enum(['amazon', 'shopify']).default('amazon'),
})
