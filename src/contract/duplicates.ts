/** @file Sets of duplicates: what is in them, which photo would be kept and why, and what a person decides. */
import { z } from 'zod'
import { Id, PhotoCard } from './photo.ts'
import { DUPLICATE_KINDS, PHOTO_FORMATS } from './words.ts'

/** What tells which photo of a set is kept, in the order it is asked unless a person set another. */
export const KEEP_RULES = [
  'favourite',
  'rating',
  'in-album',
  'largest',
  'original-format',
  'most-metadata',
  'most-bytes',
  'oldest',
] as const
export type KeepRule = (typeof KEEP_RULES)[number]

export const SET_KINDS = [...DUPLICATE_KINDS, 'same-bytes'] as const
export type SetKind = (typeof SET_KINDS)[number]

export const KeepRules = z.object({
  rules: z
    .array(z.enum(KEEP_RULES))
    .refine((rules) => new Set(rules).size === rules.length, 'each rule once')
    .describe('the first that tells two photos apart decides; a rule left out does not count'),
})

const Count = z.number().int()

export const SetMember = z.object({
  photo: PhotoCard,
  bytes: z.number(),
  format: z.enum(PHOTO_FORMATS).nullable(),
  created_at: z.string(),
  camera: z.string().nullable(),
  metadata: Count.describe('facts of its file that say something'),
  albums: Count,
  favourite: z.boolean(),
  rating: Count,
  in_place: z.boolean().describe('its file lies in a folder that is indexed in place: it stays on the disk'),
  paths: z.array(z.string()),
  hamming_distance: Count.nullable().describe('to the photo the set is built around'),
  cosine_distance: z.number().nullable(),
  transform: z.string(),
  kept: z.boolean().describe('stays when the suggestion is accepted'),
})
export type SetMember = z.infer<typeof SetMember>

export const DuplicateSetReport = z.object({
  id: Count,
  kind: z.enum(SET_KINDS),
  keeper: Count.describe('id of the photo the rules keep'),
  rule: z.enum(KEEP_RULES).nullable(),
  reason: z.string(),
  frees: z.number().describe('bytes of the photos that would go'),
  members: z.array(SetMember),
})
export type DuplicateSetReport = z.infer<typeof DuplicateSetReport>

export const DuplicatesQuery = z.object({
  kind: z.enum(SET_KINDS).optional(),
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0).describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export const DuplicatesAnswer = z.object({
  sets: z.array(DuplicateSetReport),
  next: Count.nullable(),
})

export const KindReport = z.object({
  kind: z.enum(SET_KINDS),
  label: z.string(),
  told_by: z.string(),
  sets: Count,
  photos: Count.describe('photos besides the one each set is built around'),
  bytes: z.number().describe('of these photos'),
})

export const DuplicatesOverview = z.object({
  kinds: z.array(KindReport),
  compared: z.object({
    space: z.string().nullable().describe('the space look-alikes are told by; null: none is measured'),
    due: Count.describe('photos whose look-alikes are still to be found'),
    running: z.boolean().describe('all photos are being compared again'),
  }),
})
export type DuplicatesOverview = z.infer<typeof DuplicatesOverview>

const merge = z
  .boolean()
  .default(true)
  .describe('tags, categories, favourite and rating of the photos that go are given to the one that stays')

export const Decision = z.discriminatedUnion('do', [
  z.object({ do: z.literal('keep'), photos: z.array(Id).min(1).max(1000), merge }).describe('these stay, the others go to the trash'),
  z.object({ do: z.literal('accept'), merge }).describe('what is suggested'),
  z.object({ do: z.literal('keep-all') }).describe('they are duplicates, and all stay; not asked again'),
  z.object({ do: z.literal('different') }).describe('they are no duplicates; not asked again, whatever is analysed'),
])
export type Decision = z.infer<typeof Decision>

export const ApplyRequest = z.object({
  sets: z.union([
    z.object({ ids: z.array(Id).min(1).max(50_000) }),
    z.object({ kinds: z.array(z.enum(DUPLICATE_KINDS)).min(1).describe('all sets of these kinds') }),
  ]),
  merge,
  rules: KeepRules.shape.rules.min(1).optional().describe('for this request only; left out: the order that is set'),
  dry_run: z.boolean().default(false).describe('only say what would happen'),
})
export type ApplyRequest = z.infer<typeof ApplyRequest>

export const DecisionReport = z.object({
  edit: Count.nullable().describe('undo it by `/api/edits/:id/undo`; null for a dry run and where nothing was to do'),
  summary: z.string(),
  sets: Count,
  trashed: Count.describe('photos that go to the trash'),
  kept: Count,
  bytes: z.number().describe('bytes of the photos that go; the disk has them again when the trash is emptied'),
  in_place: Count.describe('of the photos that go: their files lie in folders and stay there'),
})
export type DecisionReport = z.infer<typeof DecisionReport>
