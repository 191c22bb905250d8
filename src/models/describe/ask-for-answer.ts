/** @file Asks a chat for a structured answer; when it cannot be used, asks once more with the error told. */
import type { z } from 'zod'
import { DESCRIPTION_LIMITS } from '../../domain/description.ts'
import type { AnswerSchema, AskOptions, Chat, ChatTurn } from '../ports/chat.ts'
import type { Usage } from '../ports/usage.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import {
  ANSWER_SCHEMA,
  CAPTIONED_PRODUCT_SCHEMA,
  CaptionedProductAnswer,
  DescriptionAnswer,
  PRODUCT_SCHEMA,
  ProductAnswer,
} from './answer.ts'
import { normaliseAnswer, normaliseProduct } from './normalise.ts'
import { parseForm } from './parse-answer.ts'
import { tellError } from './prompts.ts'

/** An answer that was cut off is asked for again with so many times the tokens: other scripts than Latin take up to three times as many. */
const LONGER = 3
/** What is told back to the model of its own wrong answer. */
const QUOTED_CHARACTERS = 4000

export interface AskedAnswer<T> {
  /** null when nothing of it can be used */
  readonly answer: Partial<T> | null
  /** why it is not whole; null when it is */
  readonly problem: string | null
}

/** What is asked for. */
export interface AskedForm<S extends z.ZodRawShape> {
  readonly form: z.ZodObject<S>
  readonly schema: AnswerSchema
  /** what a whole answer lacks, for the model; null when it is good. It stands all the same when the second one is no better */
  readonly complain: (answer: z.infer<z.ZodObject<S>>) => string | null
}

export const PICTURE_FORM: AskedForm<(typeof DescriptionAnswer)['shape']> = {
  form: DescriptionAnswer,
  schema: ANSWER_SCHEMA,
  complain: complainOfTags,
}
export const PRODUCT_FORM: AskedForm<(typeof ProductAnswer)['shape']> = {
  form: ProductAnswer,
  schema: PRODUCT_SCHEMA,
  complain: complainOfProduct,
}
export const CAPTIONED_PRODUCT_FORM: AskedForm<(typeof CaptionedProductAnswer)['shape']> = {
  form: CaptionedProductAnswer,
  schema: CAPTIONED_PRODUCT_SCHEMA,
  complain: complainOfProduct,
}

function complainOfTags(answer: DescriptionAnswer): string | null {
  return normaliseAnswer(answer).tags.length >= DESCRIPTION_LIMITS.tagsAsked
    ? null
    : `tags: at least ${DESCRIPTION_LIMITS.tagsAsked} different ones are wanted`
}

function complainOfProduct(answer: CaptionedProductAnswer): string | null {
  return normaliseProduct(answer) === null ? 'name: a name of 2 to 8 words is wanted' : complainOfTags(answer)
}

interface AskForOptions extends Pick<AskOptions, 'signal' | 'nextKey' | 'maxTokens'> {
  /** told of every answer's cost as it comes, so that a failure later does not lose it */
  readonly onSpent: (usage: Usage, model: string) => void
}

export async function askForAnswer<S extends z.ZodRawShape>(
  chat: Chat,
  turns: readonly ChatTurn[],
  { form, schema, complain }: AskedForm<S>,
  { onSpent, maxTokens, ...options }: AskForOptions,
): Promise<AskedAnswer<z.infer<z.ZodObject<S>>>> {
  const ask = async (asked: readonly ChatTurn[], limit: number) => {
    const said = await chat.ask(asked, { schema, maxTokens: limit, ...options })
    onSpent(said.usage, said.model)
    const parsed = parseForm(said.text, form)
    const isCut = !parsed.isWhole && !said.isWhole
    return {
      said: said.text,
      isCut,
      parsed: isCut ? { ...parsed, error: 'the answer was too long and was cut off; be briefer' } : parsed,
    }
  }
  const first = await ask(turns, maxTokens)
  const complaint = first.parsed.isWhole ? complain(first.parsed.answer) : first.parsed.error
  if (first.parsed.isWhole && complaint === null) return { answer: first.parsed.answer, problem: null }
  const second = await ask(
    [
      ...turns,
      { role: 'assistant', text: first.said.slice(0, QUOTED_CHARACTERS) || '(empty)' },
      { role: 'user', text: tellError(complaint ?? '') },
    ],
    first.isCut ? maxTokens * LONGER : maxTokens,
  ).catch((failure: unknown) => {
    if (first.parsed.isWhole && failure instanceof ProviderFailure) return first // better a short list than none
    throw failure
  })
  if (second.parsed.isWhole) return { answer: second.parsed.answer, problem: null }
  // a picture of a white wall has no five tags: what it said at first was whole
  if (first.parsed.isWhole) return { answer: first.parsed.answer, problem: null }
  const better = countFilled(second.parsed.parts) >= countFilled(first.parsed.parts) ? second.parsed : first.parsed
  return { answer: better.parts, problem: better.error }
}

const countFilled = (parts: object | null): number =>
  Object.values(parts ?? {}).filter((value) => !Array.isArray(value) || value.length > 0).length
