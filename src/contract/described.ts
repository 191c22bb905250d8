/** @file The answers of the described systems A and B, field for field. */
import { z } from 'zod'

export const UploadA = z.object({
  id: z.number().int(),
  filename: z.string(),
  tags: z.array(z.string()),
  caption: z.string().nullable(),
  message: z.string(),
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
