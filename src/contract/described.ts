/** @file The answers of the described systems A and B, field for field. */
import { z } from 'zod'
import { PHOTO_STATES } from './words.ts'

export const UploadA = z.object({
  id: z.number().int(),
  filename: z.string(),
  tags: z.array(z.string()),
  caption: z.string().nullable(),
  message: z.string(),
  state: z.enum(PHOTO_STATES).describe('where the analysis stands; what is not known yet comes by `GET /photo/{id}`'),
})

/** A wait this long passes every proxy’s default. */
const MAX_WAIT_S = 60
export const UploadQueryA = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .max(MAX_WAIT_S)
    .default(0)
    .describe('seconds to wait for tags, and for a caption where descriptions are on; 0 answers at once'),
})

export const PhotoA = z.object({
  id: z.number().int(),
  filename: z.string(),
  tags: z.array(z.string()),
  caption: z.string().nullable(),
  embedding: z.array(z.number()).nullable(),
  created_at: z.string(),
})

export const SearchA = z.object({
  query: z.string(),
  results: z.array(
    z.object({
      photo_id: z.number().int(),
      filename: z.string(),
      tags: z.array(z.string()),
      caption: z.string().nullable(),
      distance: z.number().nullable().describe('L2 of unit vectors; null for a keyword hit'),
    }),
  ),
  total_results: z.number().int(),
  notice: z.string().nullable().optional(),
})
