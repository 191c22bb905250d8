/** @file Whether plain words are a caption: not a refusal, not a form, not empty. */
import { DESCRIPTION_LIMITS } from '../../domain/description.ts'
import { ProviderFailure } from '../providers/provider-failure.ts'
import { cleanText } from './clean-text.ts'
import { dropThoughts } from './parse-answer.ts'

/** How models begin when they will not answer. Other languages are not known here: there a refusal would stand as a caption. */
const REFUSAL =
  /^\W*(?:(?:i['’]?m|i am|we are) (?:very |so |really )?sorry|sorry\b|i (?:can(?:no|['’])t|cannot|am (?:not able|unable)|won['’]?t)|i['’]m (?:not able|unable)|as an ai\b|unfortunately,? i\b)/i

/** @throws ProviderFailure `refused` or `bad-answer` */
export function checkCaption(text: string): string {
  const said = dropThoughts(text)
  if (REFUSAL.test(said)) throw new ProviderFailure('refused', `the model will not describe this picture: “${cleanText(said, 160)}”`)
  if (/^(?:```\w*\s*)?[{[]/.test(said)) throw new ProviderFailure('bad-answer', 'the model answered a form where a caption was asked for')
  const caption = cleanText(said, DESCRIPTION_LIMITS.descriptionCharacters)
  if (caption === null || caption.length < 3) throw new ProviderFailure('bad-answer', 'the model answered nothing that could be a caption')
  return caption
}
