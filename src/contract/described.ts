/** @file The answers of the described systems A and B, field for field. */
import { z } from 'zod'
import { PHOTO_STATES } from './words.ts'

export const UploadA = z.object({
  id: z.number().int(),
  filename: z.string().describe('original file name'),
  tags: z.array(z.string()),
  caption: z.string().nullable(),
  message: z.string(),
  state: z.enum(PHOTO_STATES).describe('progress of the analysis; later results come from `GET /photo/{id}`'),
})

/** A wait this long passes every proxy’s default. */
const MAX_WAIT_S = 60
export const UploadQueryA = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .max(MAX_WAIT_S)
    .default(0)
    .describe('seconds to wait for tags, and for a caption if descriptions are on; 0: answer at once'),
})

export const PhotoA = z.object({
  id: z.number().int(),
  filename: z.string().describe('original file name'),
  tags: z.array(z.string()),
  caption: z.string().nullable(),
  embedding: z.array(z.number()).nullable(),
  created_at: z.string().describe('when it was added to the library (ISO 8601)'),
})

export const SearchA = z.object({
  query: z.string(),
  results: z.array(
    z.object({
      photo_id: z.number().int(),
      filename: z.string().describe('original file name'),
      tags: z.array(z.string()),
      caption: z.string().nullable(),
      distance: z.number().nullable().describe('L2 distance between unit vectors, 0–2; null: a keyword match'),
    }),
  ),
  total_results: z.number().int(),
  notice: z.string().nullable().optional(),
})
