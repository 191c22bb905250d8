/** @file `describe` with a vision–language model that sees the picture and answers the whole form. */

import type { Chat, ChatTurn } from '../ports/chat.ts'
import type { DescribablePicture, DescribeOptions } from '../ports/describer.ts'
import { askForAnswer, PICTURE_FORM } from './ask-for-answer.ts'
import { checkCaption } from './check-caption.ts'
import type { Spending, Told } from './make-describer.ts'
import { missingParts, normaliseAnswer } from './normalise.ts'
import { ASK_PICTURE, sayPictureTask, sayPlainTask } from './prompts.ts'

const CAPTION_TOKENS = 300

/** A model that does not manage the form is asked for a plain caption at last, which then stands alone and says so. */
export async function describeInOneCall(
  chat: Chat,
  picture: DescribablePicture,
  options: DescribeOptions & { readonly maxTokens: number },
  spending: Spending,
): Promise<Told> {
  const language = options.language ?? 'english'
  const { signal, maxTokens } = options
  const { nextKey } = spending
  const user: ChatTurn = { role: 'user', text: ASK_PICTURE, jpeg: picture.jpeg }
  const turns: ChatTurn[] = [{ role: 'system', text: sayPictureTask(language) }, user]
  const asked = await askForAnswer(chat, turns, PICTURE_FORM, { signal, nextKey, maxTokens, onSpent: spending.add })
  const description = asked.answer === null ? null : normaliseAnswer(asked.answer)
  if (description?.description) return { description, problem: asked.problem ?? missingParts(description) }
  const plain = await chat.ask([{ role: 'system', text: sayPlainTask(language) }, user], { maxTokens: CAPTION_TOKENS, signal, nextKey })
  spending.add(plain.usage, plain.model)
  return {
    description: { ...(description ?? normaliseAnswer({})), description: checkCaption(plain.text) },
    problem: asked.problem ?? 'the answer had no usable description',
  }
}
