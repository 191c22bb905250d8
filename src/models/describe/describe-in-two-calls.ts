/** @file `describe` with a caption model, whose words a small language model turns into the form. It never sees the picture. */

import type { Captioner, Chat, ChatTurn } from '../ports/chat.ts'
import type { DescribablePicture, DescribeOptions } from '../ports/describer.ts'
import type { CaptionedProductAnswer } from './answer.ts'
import { type AskedAnswer, askForAnswer, CAPTIONED_PRODUCT_FORM, PICTURE_FORM } from './ask-for-answer.ts'
import { checkCaption } from './check-caption.ts'
import { PRODUCT_TOKENS } from './describe-in-one-call.ts'
import type { Spending, Told } from './make-describer.ts'
import { missingParts, normaliseAnswer, normaliseProduct } from './normalise.ts'
import { askCaption, sayCaptionedProductTask, sayCaptionTask } from './prompts.ts'

/** @param chat null where no language model is set up: then there is the caption alone */
export async function describeInTwoCalls(
  captioner: Captioner,
  chat: Chat | null,
  picture: DescribablePicture,
  { signal, maxTokens, product, language = 'english' }: DescribeOptions & { readonly maxTokens: number },
  spending: Spending,
): Promise<Told> {
  const seen = await captioner.caption(picture.jpeg, { signal, nextKey: spending.nextKey })
  spending.add(seen.usage, seen.model)
  const caption = checkCaption(seen.text)
  const short = seen.short === undefined ? undefined : checkCaption(seen.short)
  const located = normaliseAnswer({ detected_objects: (seen.objects ?? []).map((name) => ({ name, confidence: -1 })) }).detectedObjects
  const ask = async (chat: Chat): Promise<AskedAnswer<Partial<CaptionedProductAnswer>>> => {
    const turns: ChatTurn[] = [
      { role: 'system', text: product ? sayCaptionedProductTask(language, product.kind) : sayCaptionTask(language) },
      { role: 'user', text: askCaption(caption) },
    ]
    const spent = { signal, nextKey: spending.nextKey, onSpent: spending.add }
    return product
      ? askForAnswer(chat, turns, CAPTIONED_PRODUCT_FORM, { ...spent, maxTokens: maxTokens * PRODUCT_TOKENS })
      : askForAnswer(chat, turns, PICTURE_FORM, { ...spent, maxTokens })
  }
  const asked =
    chat === null
      ? { answer: null, problem: 'no language model is set up for the facts (FOTOTECA_PHI35_ENDPOINT), so there is the caption alone' }
      : await ask(chat)
  const facts = normaliseAnswer(asked.answer ?? {})
  const description = {
    ...facts,
    // the caption is the description: the language model saw nothing that it could add
    description: caption,
    altText: facts.altText ?? normaliseAnswer({ alt_text: short ?? '' }).altText,
    detectedObjects: located.length > 0 ? located : facts.detectedObjects,
  }
  const words = product && asked.answer ? { product: normaliseProduct(asked.answer) } : {}
  return { description, ...words, problem: asked.problem ?? missingParts(description) }
}
