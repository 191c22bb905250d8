/** @file A photo as the outside sees it: the card in a grid, and the whole of it. */
import { z } from 'zod'
import { DescriptionReport } from './description.ts'
import { MessageReport } from './messages/report.ts'
import { DUPLICATE_KINDS, PHOTO_FORMATS, PHOTO_STATES, STEP_NAMES, STEP_STATES } from './words.ts'

export const Id = z.coerce.number().int().positive().max(2_147_483_647)
export const Day = z.iso.date().describe('a day, YYYY-MM-DD')

const Fraction = z.number()
export const BoxSchema = z
  .object({ x: Fraction, y: Fraction, width: Fraction, height: Fraction })
  .describe('fractions (0–1) of the upright picture, origin top left')
export const PointSchema = z.object({ x: Fraction, y: Fraction })

/** What a grid needs to draw one photo. */
export const PhotoCard = z.object({
  id: z.number().int(),
  filename: z.string(),
  state: z.enum(PHOTO_STATES),
  reason: z.string().nullable().describe('why a photo failed, in words'),
  message: MessageReport.nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  thumbhash: z.string().nullable().describe('base64'),
  day: Day,
  taken_at: z.string().nullable().describe('instant, ISO 8601'),
  missing: z.boolean().describe('true when its file is not where it was'),
})
export type PhotoCard = z.infer<typeof PhotoCard>

export const StepReport = z.object({
  step: z.enum(STEP_NAMES),
  state: z.enum(STEP_STATES),
  reason: z.string().nullable(),
  message: MessageReport.nullable(),
  version: z.number().int(),
  model: z.string().nullable(),
  attempts: z.number().int(),
  duration_ms: z.number().nullable(),
  finished_at: z.string().nullable(),
})

export const OcrLine = z.object({
  text: z.string(),
  confidence: z.number(),
  polygon: z.array(PointSchema),
  words: z.array(z.object({ text: z.string(), polygon: z.array(PointSchema) })),
})

/** A value with who said it. `machine` is what stands there without the person, for “reset to what the machine says”. */
const Said = <T extends z.ZodType>(value: T) =>
  z.object({
    value: value.nullable(),
    said_by: z.string().nullable().describe('`person`, `file`, or a model with its version; null where nobody said anything'),
    said_at: z.string().nullable(),
    machine: z
      .object({ value: value.nullable(), said_by: z.string().nullable() })
      .nullable()
      .describe('set where a person decided: what stood there otherwise'),
  })

/** Who said something of a photo; facts name it by `said_by`. */
export const Sayer = z.object({
  said_by: z.string().describe('as the facts name it: `person`, `file`, or a model’s id'),
  name: z.string(),
  version: z.string().nullable().describe('of the model; of one on a server, what its answer was signed with'),
  prompt_version: z.string().nullable().describe('of the words a describer was asked with'),
  said_at: z.string().nullable().describe('when it was asked last; of a person, the last decision'),
})
export type Sayer = z.infer<typeof Sayer>

/** Everything known about one photo. */
export const PhotoDetail = PhotoCard.extend({
  sha256: z.string(),
  bytes: z.number(),
  format: z.enum(PHOTO_FORMATS).nullable(),
  created_at: z.string(),
  processed_at: z.string().nullable(),
  trashed_at: z.string().nullable().describe('in the trash since'),
  taken_local: z.string().nullable().describe('wall clock where it was taken'),
  taken_zone: z.string().nullable(),
  files: z.array(
    z.object({
      source: z.string(),
      path: z.string(),
      missing_since: z.string().nullable(),
      problem: z.string().nullable().describe('what the last check of its bytes found wrong; null: nothing'),
    }),
  ),
  metadata: z
    .object({
      camera_make: z.string().nullable(),
      camera_model: z.string().nullable(),
      lens: z.string().nullable(),
      iso: z.number().nullable(),
      aperture: z.number().nullable(),
      exposure_s: z.number().nullable(),
      focal_mm: z.number().nullable(),
      latitude: z.number().nullable(),
      longitude: z.number().nullable(),
      altitude_m: z.number().nullable(),
      country: z.string().nullable(),
      city: z.string().nullable().describe('the city the position lies in, found offline'),
      city_source: z.string().nullable().describe('name and version of what says the city'),
      rating: z.number().nullable(),
      title: z.string().nullable(),
      description: z.string().nullable(),
      keywords: z.array(z.string()),
      orientation: z.number().nullable(),
      colour_profile: z.string().nullable(),
      software: z.string().nullable(),
      sidecar: z
        .object({ files: z.array(z.string()), problem: z.string().nullable().describe('why one of them says nothing') })
        .nullable()
        .describe('XMP files beside the original; what they say stands as said by the file'),
    })
    .nullable(),
  colours: z.array(z.object({ name: z.string(), hex: z.string(), share: z.number() })),
  version: z
    .number()
    .int()
    .describe('grows with every edit of this photo; send it with an edit, so that nobody overwrites what they have not seen'),
  sayers: z.array(Sayer).describe('who said what is known of this photo: model, version, prompt version, when'),
  title: Said(z.string()),
  caption: Said(z.string()),
  alt_text: Said(z.string()),
  rating: Said(z.number().int()),
  favourite: Said(z.boolean()),
  tags: z
    .array(
      z.object({
        tag: z.string(),
        confidence: z.number(),
        said_by: z.string().describe('a model with its version, `file`, or `person`'),
        because: z.string().nullable().describe('what was measured, of a tag that rests on a measure'),
        said_at: z.string().nullable(),
        categories: z.array(z.string()),
        broader: z.array(z.string()).describe('what it is a kind of; derived, said by nobody'),
      }),
    )
    .describe('a tag stands once for each that said it'),
  removed_tags: z.array(z.object({ tag: z.string(), said_by: z.array(z.string()), removed_at: z.string() })).describe('a person said no'),
  categories: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      because: z.array(z.string()).describe('its tags that put it there'),
      said_by: z.enum(['person', 'tags']),
    }),
  ),
  removed_categories: z.array(z.object({ id: z.number().int(), name: z.string(), removed_at: z.string() })).describe('a person said no'),
  albums: z.array(z.object({ id: z.number().int(), name: z.string() })).describe('by hand or by a saved search'),
  objects: z.array(z.object({ label: z.string(), confidence: z.number(), box: BoxSchema, said_by: z.string() })),
  text: z
    .object({
      text: z.string(),
      script: z.string().nullable().describe('latin or chinese'),
      language: z.string().nullable().describe('ISO 639-1; null where the text is too short or too mixed to tell'),
      language_score: z.number().nullable().describe('how well the text fits the language, 0–1, as who said it measures; no probability'),
      language_said_by: z.string().nullable(),
      rotation: z.number().nullable(),
      lines: z.array(OcrLine),
      coverage: z.number().describe('share of the picture that its words cover, 0–1'),
      words: z.number().int().describe('legible ones'),
      said_by: z.string(),
    })
    .nullable(),
  faces: z.array(
    z.object({
      id: z.number().int(),
      box: BoxSchema,
      landmarks: z.array(PointSchema),
      confidence: z.number(),
      quality: z.number(),
      person: z.object({ id: z.number().int(), name: z.string().nullable().describe('null: nobody has named them') }).nullable(),
      named_by: z.enum(['file', 'person', 'cluster']).nullable().describe('who said whose face it is; cluster: by likeness'),
      animal: z.string().nullable().describe('the animal whose face it is; null: a person’s. Animals are put to nobody by likeness'),
      said_by: z.string(),
    }),
  ),
  description: DescriptionReport.nullable().describe('what a describer says, whatever a person decided since'),
  hash: z.object({ pdq: z.string(), quality: z.number() }).nullable(),
  duplicates: z.array(
    z.object({
      photo: PhotoCard,
      kind: z.enum(DUPLICATE_KINDS),
      hamming_distance: z.number().nullable().describe('bits of the PDQ hash; null where a space found them'),
      cosine_distance: z.number().nullable(),
      transform: z.string(),
    }),
  ),
  made_from: z
    .object({
      photo: PhotoCard.nullable().describe('null: it was deleted, or lies in the trash'),
      how: z.string().describe('the kind of picture, `Inspired` for a new one'),
      run: z.number().int(),
      model: z.string().nullable().describe('what made pixels; null: all are the photo’s own'),
      prompt: z.string().nullable(),
    })
    .nullable()
    .describe('of a picture that was generated: the photo it was made from, or that inspired it'),
  made_of_it: z
    .array(z.object({ photo: PhotoCard, how: z.string(), run: z.number().int() }))
    .describe('pictures that were generated from it, or that it inspired, the latest first'),
  steps: z.array(StepReport),
})
export type PhotoDetail = z.infer<typeof PhotoDetail>
