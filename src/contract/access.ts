/** @file Who is signed in. */
import { z } from 'zod'

export const SessionReport = z.object({
  id: z.number().int(),
  device: z.string().describe('browser and system, as the browser tells them'),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  current: z.boolean().describe('this request came with it'),
})
