/** @file A message as it is sent. Apart from the sentences, which the page takes: it has no room for zod, which tries whether it may evaluate code. */
import { z } from 'zod'

/** A code may be of another version. */
export const MessageReport = z
  .object({ code: z.string(), params: z.record(z.string(), z.unknown()) })
  .describe('a sentence of the catalogue: its code, and what is put in')
