/** @file `describe` with a caption model, whose words a small language model turns into the form. It never sees the picture. */

import type { Captioner, Chat } from '../ports/chat.ts'
import type { DescribablePicture, DescribeOptions } from '../ports/describer.ts'
import { askForAnswer, PICTURE_FORM } from './ask-for-answer.ts'
import { checkCaption } from './check-caption.ts'
import type { Spending, Told } from './make-describer.ts'
import { missingParts, normaliseAnswer } from './normalise.ts'
import { askCaption, sayCaptionTask } from './prompts.ts'

/** @param chat null where no language model is set up: then there is the caption alone */
export async function describeInTwoCalls(
  captioner: Captioner,
  chat: Chat | null,
  picture: DescribablePicture,
  { signal, maxTokens, language = 'english' }: DescribeOptions & { readonly maxTokens: number },
  spending: Spending,
): Promise<Told> {
  const seen = await captioner.caption(picture.jpeg, { signal, nextKey: spending.nextKey })
  spending.add(seen.usage, seen.model)
  const caption = checkCaption(seen.text)
  const short = seen.short === undefined ? undefined : checkCaption(seen.short)
  const located = normaliseAnswer({ detected_objects: (seen.objects ?? []).map((name) => ({ name, confidence: -1 })) }).detectedObjects
  const asked =
    chat === null
      ? { answer: null, problem: 'no language model is set up for the facts (FOTOTECA_PHI35_ENDPOINT), so there is the caption alone' }
      : await askForAnswer(
          chat,
          [
            { role: 'system', text: sayCaptionTask(language) },
            { role: 'user', text: askCaption(caption) },
          ],
          PICTURE_FORM,
          { signal, nextKey: spending.nextKey, maxTokens, onSpent: spending.add },
        )
  const facts = normaliseAnswer(asked.answer ?? {})
  const description = {
    ...facts,
    // the caption is the description: the language model saw nothing that it could add
    description: caption,
    altText: facts.altText ?? normaliseAnswer({ alt_text: short ?? '' }).altText,
    detectedObjects: located.length > 0 ? located : facts.detectedObjects,
  }
  return { description, problem: asked.problem ?? missingParts(description) }
}
