/** @file The words a library looks for in its pictures, as the outside sees and changes them. */
import { z } from 'zod'

const Word = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'must be plain text')

export const VocabularyInput = z.object({
  word: Word.describe('the tag, as it will stand on photos'),
  prompt: Word.max(300).optional().describe('what the model is asked instead of the word, e.g. “a brown labrador with a red collar”'),
  broader: z.array(Word).max(20).default([]).describe('what it is a kind of; its own broader terms follow by themselves'),
})
export type VocabularyInput = z.output<typeof VocabularyInput>

export const VocabularyParams = z.object({ word: Word })

export const VocabularyReport = z.object({
  starting: z.number().int().describe('words of the starting list'),
  added: z.array(z.object({ word: z.string(), prompt: z.string().nullable(), broader: z.array(z.string()) })),
  removed: z.array(z.string()).describe('words of the starting list that are not to be said'),
  space: z.string().nullable().describe('the embedding space tags are said by; null while there is none'),
  unknown: z.array(z.string()).describe('words that the model of this space does not know'),
})
export type VocabularyReport = z.infer<typeof VocabularyReport>
