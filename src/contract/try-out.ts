/** @file What one model says of one photo, to look at before it is chosen. */
import { z } from 'zod'
import { BoxSchema, Id, PhotoCard } from './photo.ts'
import { MODEL_TASKS } from './words.ts'

export const TryRequest = z.object({ photo: Id })

export const TryAnswer = z.object({
  model: z.string(),
  task: z.enum(MODEL_TASKS),
  ms: z.number().int().describe('milliseconds for this photo, including loading the model'),
  tags: z.array(z.object({ tag: z.string(), confidence: z.number() })),
  things: z
    .array(z.object({ label: z.string(), confidence: z.number(), box: BoxSchema }))
    .describe('objects or faces; boxes as fractions of the picture'),
  nearest: z
    .array(z.object({ photo: PhotoCard, cosine_distance: z.number() }))
    .describe('embedding: the photos nearest to this one in the model’s space, nearest first'),
  notice: z.string().nullable(),
})
export type TryAnswer = z.infer<typeof TryAnswer>
