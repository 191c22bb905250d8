/** @file A photo as the outside sees it: the card in a grid, and the whole of it. */
import { z } from 'zod'
import { DescriptionReport, InspirationReport, OtherDescription } from './description.ts'
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
  filename: z.string().describe('original file name'),
  state: z.enum(PHOTO_STATES),
  reason: z.string().nullable().describe('why the photo failed, as a sentence'),
  message: MessageReport.nullable(),
  width: z.number().int().nullable().describe('width in pixels'),
  height: z.number().int().nullable().describe('height in pixels'),
  thumbhash: z.string().nullable().describe('ThumbHash in base64'),
  day: Day,
  taken_at: z.string().nullable().describe('when it was taken, as an instant (ISO 8601); null: no time zone known'),
  missing: z.boolean().describe('true: its file is missing'),
})
export type PhotoCard = z.infer<typeof PhotoCard>

export const StepReport = z.object({
  step: z.enum(STEP_NAMES),
  state: z.enum(STEP_STATES),
  reason: z.string().nullable(),
  message: MessageReport.nullable(),
  version: z.number().int(),
  model: z.string().nullable(),
  attempts: z.number().int().describe('number of attempts'),
  duration_ms: z.number().nullable().describe('duration in milliseconds'),
  finished_at: z.string().nullable().describe('when it finished (ISO 8601)'),
})

export const OcrLine = z.object({
  text: z.string(),
  confidence: z.number().describe('confidence, 0–1'),
  polygon: z.array(PointSchema),
  words: z.array(z.object({ text: z.string(), polygon: z.array(PointSchema) })),
})

/** A value with who said it. `machine` is what stands there without the person, for “reset to what the machine says”. */
const Said = <T extends z.ZodType>(value: T) =>
  z.object({
    value: value.nullable(),
    said_by: z.string().nullable().describe('source: `person`, `file`, or a model with its version; null: no value'),
    said_at: z.string().nullable().describe('when the value was set (ISO 8601)'),
    machine: z
      .object({ value: value.nullable(), said_by: z.string().nullable() })
      .nullable()
      .describe('set if a person decided: the value it replaced'),
  })

/** Who said something of a photo; facts name it by `said_by`. */
export const Sayer = z.object({
  said_by: z.string().describe('source, as named by the facts: `person`, `file`, or a model’s id'),
  name: z.string(),
  version: z.string().nullable().describe('version of the model; of a model on a server, the one its answer named'),
  prompt_version: z.string().nullable().describe('version of the describer’s prompt'),
  said_at: z.string().nullable().describe('when it last ran; for a person, the last decision'),
})
export type Sayer = z.infer<typeof Sayer>

/** Everything known about one photo. */
export const PhotoDetail = PhotoCard.extend({
  sha256: z.string(),
  bytes: z.number().describe('size in bytes'),
  format: z.enum(PHOTO_FORMATS).nullable(),
  created_at: z.string().describe('when it was added to the library (ISO 8601)'),
  processed_at: z.string().nullable(),
  trashed_at: z.string().nullable().describe('when it was moved to the trash; null: not in the trash'),
  taken_local: z.string().nullable().describe('local time where it was taken'),
  taken_zone: z.string().nullable(),
  files: z.array(
    z.object({
      source: z.string(),
      path: z.string(),
      missing_since: z.string().nullable(),
      problem: z.string().nullable().describe('what the last file check found wrong; null: nothing'),
    }),
  ),
  metadata: z
    .object({
      camera_make: z.string().nullable(),
      camera_model: z.string().nullable(),
      lens: z.string().nullable(),
      iso: z.number().nullable().describe('ISO sensitivity'),
      aperture: z.number().nullable().describe('f-number'),
      exposure_s: z.number().nullable().describe('exposure time in seconds'),
      focal_mm: z.number().nullable(),
      latitude: z.number().nullable().describe('degrees north'),
      longitude: z.number().nullable().describe('degrees east'),
      altitude_m: z.number().nullable(),
      country: z.string().nullable(),
      city: z.string().nullable().describe('city of the position, looked up offline'),
      city_source: z.string().nullable().describe('name and version of the list of cities'),
      rating: z.number().nullable().describe('stars, 0–5'),
      title: z.string().nullable(),
      description: z.string().nullable(),
      keywords: z.array(z.string()),
      orientation: z.number().nullable(),
      colour_profile: z.string().nullable(),
      software: z.string().nullable(),
      sidecar: z
        .object({ files: z.array(z.string()), problem: z.string().nullable().describe('why one of them was not read; null: all were') })
        .nullable()
        .describe('XMP files beside the original; their values count as the file’s'),
    })
    .nullable(),
  colours: z.array(z.object({ name: z.string(), hex: z.string(), share: z.number() })),
  version: z.number().int().describe('increases with every edit of this photo; send it with an edit to detect changes made since'),
  sayers: z.array(Sayer).describe('sources of what is known about the photo: model, version, prompt version, time'),
  title: Said(z.string()),
  caption: Said(z.string()),
  alt_text: Said(z.string()),
  rating: Said(z.number().int()),
  favourite: Said(z.boolean()),
  tags: z
    .array(
      z.object({
        tag: z.string(),
        confidence: z.number().describe('confidence, 0–1'),
        said_by: z.string().describe('source: a model with its version, `file`, or `person`'),
        because: z.string().nullable().describe('the measurement a tag is based on; null: none'),
        said_at: z.string().nullable().describe('when the value was set (ISO 8601)'),
        categories: z.array(z.string()),
        broader: z.array(z.string()).describe('broader terms, derived from the tag'),
      }),
    )
    .describe('one entry for each source of a tag'),
  removed_tags: z
    .array(z.object({ tag: z.string(), said_by: z.array(z.string()), removed_at: z.string() }))
    .describe('removed by a person'),
  categories: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      because: z.array(z.string()).describe('the photo’s tags that put it there'),
      said_by: z.enum(['person', 'tags']),
    }),
  ),
  removed_categories: z.array(z.object({ id: z.number().int(), name: z.string(), removed_at: z.string() })).describe('removed by a person'),
  albums: z.array(z.object({ id: z.number().int(), name: z.string() })).describe('albums and smart albums it is in'),
  objects: z.array(z.object({ label: z.string(), confidence: z.number(), box: BoxSchema, said_by: z.string() })),
  text: z
    .object({
      text: z.string(),
      script: z.string().nullable().describe('latin or chinese'),
      language: z.string().nullable().describe('ISO 639-1; null: too short or too mixed to tell'),
      language_score: z
        .number()
        .nullable()
        .describe('how well the text fits the language, 0–1, in the detector’s own measure; not a probability'),
      language_said_by: z.string().nullable(),
      rotation: z.number().nullable(),
      lines: z.array(OcrLine),
      coverage: z.number().describe('share of the picture covered by words, 0–1'),
      words: z.number().int().describe('number of legible words'),
      said_by: z.string(),
    })
    .nullable(),
  faces: z.array(
    z.object({
      id: z.number().int(),
      box: BoxSchema,
      landmarks: z.array(PointSchema),
      confidence: z.number().describe('confidence, 0–1'),
      quality: z.number(),
      person: z.object({ id: z.number().int(), name: z.string().nullable().describe('null: unnamed') }).nullable(),
      named_by: z.enum(['file', 'person', 'cluster']).nullable().describe('who assigned the face; `cluster`: by similarity'),
      animal: z.string().nullable().describe('the animal whose face it is; null: a person’s. Animals are never assigned by similarity'),
      said_by: z.string(),
    }),
  ),
  description: DescriptionReport.nullable().describe('the describer’s answer, whatever a person decided since'),
  other_descriptions: z
    .array(OtherDescription)
    .describe('what other describers said, newest first; `POST /api/photos/:id/description` uses one of them instead'),
  inspiration: InspirationReport.nullable().describe('a prompt for another picture of the same feel, with its source'),
  hash: z.object({ pdq: z.string(), quality: z.number() }).nullable(),
  duplicates: z.array(
    z.object({
      photo: PhotoCard,
      kind: z.enum(DUPLICATE_KINDS),
      hamming_distance: z.number().nullable().describe('differing bits of the PDQ hash, 0–256; null: found by embedding'),
      cosine_distance: z.number().nullable().describe('cosine distance, 0–2; smaller is more similar'),
      transform: z.string(),
    }),
  ),
  made_from: z
    .object({
      photo: PhotoCard.nullable().describe('null: deleted or in the trash'),
      how: z.string().describe('kind of picture; `Inspired`: a new picture inspired by it'),
      run: z.number().int(),
      model: z.string().nullable().describe('model that made pixels; null: all pixels are the photo’s own'),
      prompt: z.string().nullable(),
    })
    .nullable()
    .describe('for a generated picture: the photo it was made from or inspired by; null: not generated'),
  made_of_it: z
    .array(z.object({ photo: PhotoCard, how: z.string(), run: z.number().int() }))
    .describe('pictures generated from it or inspired by it, latest first'),
  steps: z.array(StepReport),
})
export type PhotoDetail = z.infer<typeof PhotoDetail>
