/** @file The words a library looks for in its pictures, as the outside sees and changes them. */
import { z } from 'zod'
import { EditReport } from './edits.ts'

const Word = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'must be plain text')

/** What scores can be at all: standard deviations above a photo’s mean over the vocabulary. */
const Threshold = z.number().min(0).max(20)

export const VocabularyInput = z.object({
  word: Word.describe('the tag as it will appear on photos'),
  prompt: Word.max(300).optional().describe('text given to the model instead of the word, such as “a brown labrador with a red collar”'),
  broader: z.array(Word).max(20).default([]).describe('broader terms; theirs are added automatically'),
  threshold: Threshold.optional().describe('score from which the tag is given; default: as measured'),
})
export type VocabularyInput = z.output<typeof VocabularyInput>

export const ThresholdInput = z.object({ threshold: Threshold.nullable().describe('null: use the measured one') })

export const VocabularyParams = z.object({ word: Word })

export const VocabularyReport = z.object({
  starting: z.number().int().describe('words of the starting list'),
  added: z.array(z.object({ word: z.string(), prompt: z.string().nullable(), broader: z.array(z.string()) })),
  removed: z.array(z.string()).describe('removed words of the starting list'),
  thresholds: z.array(z.object({ word: z.string(), threshold: z.number() })).describe('words with a threshold set by a person'),
  space: z.string().nullable().describe('embedding space used for tags; null: none'),
  unknown: z.array(z.string()).describe('words the model of this space does not know'),
})
export type VocabularyReport = z.infer<typeof VocabularyReport>

/** What was changed, to be undone by its edit (null: it was so already), and what the vocabulary is now. */
export const VocabularyChange = VocabularyReport.extend({ edit: EditReport.nullable() })
export type VocabularyChange = z.infer<typeof VocabularyChange>

/** Which words a list is about. */
export const WORD_KINDS = ['all', 'own', 'removed', 'threshold', 'unknown'] as const
export type WordKind = (typeof WORD_KINDS)[number]

export const WordsQuery = z.object({
  q: z.string().trim().max(100).default('').describe('part of a word; words that start with it come first'),
  show: z.enum(WORD_KINDS).default('all').describe('`own`: added or changed by a person; `threshold`: with a threshold set by a person'),
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('number of entries to skip'),
  limit: z.coerce.number().int().min(1).max(500).default(60).describe('maximum number of entries'),
})
export type WordsQuery = z.output<typeof WordsQuery>

export const WordReport = z.object({
  word: z.string(),
  from: z.enum(['starting', 'person']).describe('`person`: added by a person'),
  is_said: z.boolean().describe('false: removed'),
  prompt: z.string().nullable(),
  broader: z.array(z.string()).describe('broader terms, nearest first'),
  own_broader: z.array(z.string()).describe('broader terms added by a person'),
  threshold: z
    .number()
    .nullable()
    .describe('score from which the tag is given, in standard deviations above a photo’s mean; null: not measured yet'),
  measured: z.number().nullable().describe('threshold measured on this library; null: not yet'),
  is_known: z.boolean().nullable().describe('true: the model knows the word; null: not checked yet'),
  photos: z.number().int().describe('photos with this tag, from any source'),
})
export type WordReport = z.infer<typeof WordReport>

export const WordList = z.object({ words: z.array(WordReport), total: z.number().int() })
