/** @file Sets of duplicates: what is in them, which photo would be kept and why, and what a person decides. */
import { z } from 'zod'
import { MessageReport } from './messages/report.ts'
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
    .describe('the first rule that tells two photos apart decides; rules left out are not used'),
})

const Count = z.number().int()

export const SetMember = z.object({
  photo: PhotoCard,
  bytes: z.number().describe('size in bytes'),
  format: z.enum(PHOTO_FORMATS).nullable(),
  created_at: z.string().describe('when it was added to the library (ISO 8601)'),
  camera: z.string().nullable(),
  metadata: Count.describe('number of metadata fields its file fills'),
  albums: Count,
  favourite: z.boolean().describe('true: a favourite'),
  rating: Count.describe('stars, 0–5'),
  in_place: z.boolean().describe('true: its file is in an indexed folder and stays on the disk'),
  paths: z.array(z.string()),
  hamming_distance: Count.nullable().describe(
    'PDQ distance in bits (0–256) to the photo the set is built around; null: not matched by hash',
  ),
  cosine_distance: z.number().nullable().describe('cosine distance, 0–2; smaller is more similar'),
  transform: z.string(),
  kept: z.boolean().describe('true: kept if the suggestion is accepted'),
})
export type SetMember = z.infer<typeof SetMember>

export const DuplicateSetReport = z.object({
  id: Count,
  kind: z.enum(SET_KINDS),
  keeper: Count.describe('id of the photo the rules would keep'),
  rule: z.enum(KEEP_RULES).nullable(),
  reason: z.string(),
  frees: z.number().describe('bytes of the photos that would be moved to the trash'),
  members: z.array(SetMember),
})
export type DuplicateSetReport = z.infer<typeof DuplicateSetReport>

export const DuplicatesQuery = z.object({
  kind: z.enum(SET_KINDS).optional(),
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0).describe('`next` of the previous page'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('maximum number of entries'),
})

export const DuplicatesAnswer = z.object({
  sets: z.array(DuplicateSetReport),
  next: Count.nullable().describe('where the next page starts; null: this is the last'),
})

export const KindReport = z.object({
  kind: z.enum(SET_KINDS),
  label: z.string(),
  told_by: z.string(),
  sets: Count,
  photos: Count.describe('photos besides the one each set is built around'),
  bytes: z.number().describe('bytes of these photos'),
})

export const DuplicatesOverview = z.object({
  kinds: z.array(KindReport),
  compared: z.object({
    space: z.string().nullable().describe('embedding space used to find similar photos; null: none was measured'),
    due: Count.describe('photos still to be compared'),
    running: z.boolean().describe('true: all photos are being compared again'),
  }),
})
export type DuplicatesOverview = z.infer<typeof DuplicatesOverview>

const merge = z
  .boolean()
  .default(true)
  .describe('true: tags, categories, favourite, and rating of the deleted photos are added to the one that is kept')

export const Decision = z.discriminatedUnion('do', [
  z.object({ do: z.literal('keep'), photos: z.array(Id).min(1).max(1000), merge }).describe('keep these, move the others to the trash'),
  z.object({ do: z.literal('accept'), merge }).describe('accept the suggestion'),
  z.object({ do: z.literal('keep-all') }).describe('they are duplicates and all are kept; not suggested again'),
  z.object({ do: z.literal('different') }).describe('they are not duplicates; never suggested again'),
])
export type Decision = z.infer<typeof Decision>

export const ApplyRequest = z.object({
  sets: z.union([
    z.object({ ids: z.array(Id).min(1).max(50_000) }),
    z.object({ kinds: z.array(z.enum(DUPLICATE_KINDS)).min(1).describe('all sets of these kinds') }),
  ]),
  merge,
  rules: KeepRules.shape.rules.min(1).optional().describe('for this request only; default: the saved order'),
  dry_run: z.boolean().default(false).describe('true: only show what would happen'),
})
export type ApplyRequest = z.infer<typeof ApplyRequest>

export const DecisionReport = z.object({
  edit: Count.nullable().describe('id of the edit, to undo it with `/api/edits/:id/undo`; null: a dry run, or nothing to do'),
  summary: z.string(),
  message: MessageReport.describe('the summary as a message'),
  sets: Count,
  trashed: Count.describe('photos moved to the trash'),
  kept: Count,
  bytes: z.number().describe('bytes of those photos, freed when the trash is emptied'),
  in_place: Count.describe('of those photos, the ones whose files are in indexed folders and stay there'),
})
export type DecisionReport = z.infer<typeof DecisionReport>
