/** @file The purpose `inspiration`: a prompt for another picture of the same feel, and nothing else. */
import { DESCRIPTION_LIMITS } from '../../domain/description.ts'
import type { Captioner, Chat, ChatTurn } from '../ports/chat.ts'
import type { DescribablePicture, DescribeOptions } from '../ports/describer.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { INSPIRATION_SCHEMA, InspirationAnswer } from './answer.ts'
import { type AskedForm, askForAnswer } from './ask-for-answer.ts'
import { checkCaption } from './check-caption.ts'
import type { Spending, Told } from './make-describer.ts'
import { normaliseAnswer } from './normalise.ts'
import { ASK_INSPIRATION, askCaption, sayInspirationTask, sayPlainInspirationTask } from './prompts.ts'

const INSPIRATION_FORM: AskedForm<(typeof InspirationAnswer)['shape']> = {
  form: InspirationAnswer,
  schema: INSPIRATION_SCHEMA,
  complain: (answer) => (promptOf(answer) === null ? 'inspiration_prompt: one is wanted' : null),
}
const promptOf = (answer: Partial<InspirationAnswer>) => normaliseAnswer(answer).inspirationPrompt

type Options = DescribeOptions & { readonly maxTokens: number }

export const inspireByPicture = (chat: Chat, { jpeg }: DescribablePicture, options: Options, spending: Spending): Promise<Told> =>
  inspire(chat, { role: 'user', text: ASK_INSPIRATION, jpeg }, options, spending)

/** @throws ProviderFailure `misconfigured` */
export function requireChat(chat: Chat | null): Chat {
  if (chat !== null) return chat
  throw new ProviderFailure(
    'misconfigured',
    'an inspiration prompt needs a language model beside the captions: set FOTOTECA_PHI35_ENDPOINT',
  )
}

/** A caption model sees the picture; the language model knows it by the caption alone. */
export async function inspireByCaption(
  captioner: Captioner,
  chat: Chat | null,
  { jpeg }: DescribablePicture,
  options: Options,
  spending: Spending,
): Promise<Told> {
  const words = requireChat(chat)
  const seen = await captioner.caption(jpeg, { signal: options.signal, nextKey: spending.nextKey })
  spending.add(seen.usage, seen.model)
  return await inspire(words, { role: 'user', text: askCaption(checkCaption(seen.text)) }, options, spending)
}

/** A model that does not manage the form is asked for plain words at last, which says so. */
async function inspire(
  chat: Chat,
  user: ChatTurn,
  { signal, maxTokens, language = 'english' }: Options,
  spending: Spending,
): Promise<Told> {
  const { nextKey } = spending
  const turns: ChatTurn[] = [{ role: 'system', text: sayInspirationTask(language) }, user]
  const asked = await askForAnswer(chat, turns, INSPIRATION_FORM, { signal, nextKey, maxTokens, onSpent: spending.add })
  const prompt = promptOf(asked.answer ?? {})
  if (prompt !== null) return { description: { ...normaliseAnswer({}), inspirationPrompt: prompt }, problem: asked.problem }
  const plain = await chat.ask([{ role: 'system', text: sayPlainInspirationTask(language) }, user], { maxTokens, signal, nextKey })
  spending.add(plain.usage, plain.model)
  const text = checkCaption(plain.text).slice(0, DESCRIPTION_LIMITS.inspirationPromptCharacters)
  return {
    description: { ...normaliseAnswer({}), inspirationPrompt: text },
    problem: asked.problem ?? 'the answer had no usable inspiration prompt',
  }
}
