/** @file Asks a chat for the structured answer; when it cannot be used, asks once more with the error told. */
import { DESCRIPTION_LIMITS } from '../../domain/description.ts'
import type { AskOptions, Chat, ChatTurn } from '../ports/chat.ts'
import type { Usage } from '../ports/usage.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { ANSWER_SCHEMA, type DescriptionAnswer } from './answer.ts'
import { normaliseAnswer } from './normalise.ts'
import { parseAnswer } from './parse-answer.ts'
import { tellError } from './prompts.ts'

/** A whole answer takes 250–500 tokens in English; other scripts take up to three times as many. */
const MAX_TOKENS = 1500
/** What is told back to the model of its own wrong answer. */
const QUOTED_CHARACTERS = 4000

export interface AskedAnswer {
  /** null when nothing of it can be used */
  readonly answer: Partial<DescriptionAnswer> | null
  /** why it is not whole; null when it is */
  readonly problem: string | null
}

/** @param onSpent told of every answer's cost as it comes, so that a failure later does not lose it */
export async function askForAnswer(
  chat: Chat,
  turns: readonly ChatTurn[],
  { onSpent, ...options }: Pick<AskOptions, 'signal' | 'nextKey'> & { readonly onSpent: (usage: Usage, model: string) => void },
): Promise<AskedAnswer> {
  const ask = async (asked: readonly ChatTurn[]) => {
    const said = await chat.ask(asked, { schema: ANSWER_SCHEMA, maxTokens: MAX_TOKENS, ...options })
    onSpent(said.usage, said.model)
    const parsed = parseAnswer(said.text)
    if (!parsed.isWhole && !said.isWhole)
      return { said: said.text, parsed: { ...parsed, error: 'the answer was too long and was cut off; be briefer' } }
    return { said: said.text, parsed }
  }
  const first = await ask(turns)
  const tagCount = first.parsed.isWhole ? normaliseAnswer(first.parsed.answer).tags.length : 0
  if (first.parsed.isWhole && tagCount >= DESCRIPTION_LIMITS.tagsAsked) return { answer: first.parsed.answer, problem: null }
  const error = first.parsed.isWhole ? `tags: at least ${DESCRIPTION_LIMITS.tagsAsked} different ones are wanted` : first.parsed.error
  const second = await ask([
    ...turns,
    { role: 'assistant', text: first.said.slice(0, QUOTED_CHARACTERS) || '(empty)' },
    { role: 'user', text: tellError(error) },
  ]).catch((failure: unknown) => {
    if (first.parsed.isWhole && failure instanceof ProviderFailure) return first // better a short list than none
    throw failure
  })
  if (second.parsed.isWhole) return { answer: second.parsed.answer, problem: null }
  // a picture of a white wall has no five tags: what it said at first was whole
  if (first.parsed.isWhole) return { answer: first.parsed.answer, problem: null }
  return { answer: second.parsed.parts ?? first.parsed.parts, problem: second.parsed.error }
}
