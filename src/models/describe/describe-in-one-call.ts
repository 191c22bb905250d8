/** @file `describe` with a vision–language model that sees the picture and answers the whole form. */

import type { Chat, ChatTurn } from '../ports/chat.ts'
import type { DescribablePicture, DescribeOptions } from '../ports/describer.ts'
import type { ProductAnswer } from './answer.ts'
import { type AskedAnswer, askForAnswer, PICTURE_FORM, PRODUCT_FORM } from './ask-for-answer.ts'
import { checkCaption } from './check-caption.ts'
import type { Spending, Told } from './make-describer.ts'
import { missingParts, normaliseAnswer, normaliseProduct } from './normalise.ts'
import { ASK_PICTURE, ASK_PRODUCT, sayPictureTask, sayPlainTask, sayProductTask } from './prompts.ts'

const CAPTION_TOKENS = 300
/** So many times those of a picture: the words of a product stand beside the picture’s. */
export const PRODUCT_TOKENS = 2

/** A model that does not manage the form is asked for a plain caption at last, which then stands alone and says so. */
export async function describeInOneCall(
  chat: Chat,
  picture: DescribablePicture,
  options: DescribeOptions & { readonly maxTokens: number },
  spending: Spending,
): Promise<Told> {
  const language = options.language ?? 'english'
  const { signal, maxTokens, product } = options
  const { nextKey } = spending
  const user: ChatTurn = { role: 'user', text: product ? ASK_PRODUCT : ASK_PICTURE, jpeg: picture.jpeg }
  const turns: ChatTurn[] = [{ role: 'system', text: product ? sayProductTask(language, product.kind) : sayPictureTask(language) }, user]
  const spent = { signal, nextKey, onSpent: spending.add }
  const asked: AskedAnswer<Partial<ProductAnswer>> = product
    ? await askForAnswer(chat, turns, PRODUCT_FORM, { ...spent, maxTokens: maxTokens * PRODUCT_TOKENS })
    : await askForAnswer(chat, turns, PICTURE_FORM, { ...spent, maxTokens })
  const description = asked.answer === null ? null : normaliseAnswer(asked.answer)
  const words = product && asked.answer ? { product: normaliseProduct(asked.answer) } : {}
  if (description?.description) return { description, ...words, problem: asked.problem ?? missingParts(description) }
  const plain = await chat.ask([{ role: 'system', text: sayPlainTask(language) }, user], { maxTokens: CAPTION_TOKENS, signal, nextKey })
  spending.add(plain.usage, plain.model)
  return {
    description: { ...(description ?? normaliseAnswer({})), description: checkCaption(plain.text) },
    ...words,
    problem: asked.problem ?? 'the answer had no usable description',
  }
}
