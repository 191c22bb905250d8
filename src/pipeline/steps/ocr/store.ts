/** @file The text found in photos (table `ocr_texts`): one row per photo with text, none for a photo without; and the tag of a page full of it. */
import type { Trx } from '../../../db/client.ts'
import { DOCUMENT_TAG, isDocument, meanConfidence, measureText } from '../../../domain/text-coverage.ts'
import type { ReadText } from '../../../models/ports/capability.ts'

/** Replaces what any earlier reader read and said; other sayers’ tags stay. */
export async function replaceOcrText(trx: Trx, photoId: number, found: ReadText, modelId: string): Promise<void> {
  const before = await trx.deleteFrom('ocr_texts').where('photo_id', '=', photoId).returning('model_id').execute()
  const sayers = [...new Set([modelId, ...before.map(({ model_id }) => model_id)])]
  await trx
    .deleteFrom('photo_tags')
    .where('photo_id', '=', photoId)
    .where('tag', '=', DOCUMENT_TAG)
    .where('said_by', 'in', sayers)
    .execute()
  const text = withoutNul(found.text)
  if (text.trim() === '') return
  const measure = measureText(found.lines)
  await trx
    .insertInto('ocr_texts')
    .values({
      photo_id: photoId,
      text,
      language: found.language,
      rotation: found.rotation,
      lines: JSON.stringify(
        found.lines.map((line) => ({
          ...line,
          text: withoutNul(line.text),
          words: line.words.map((word) => ({ ...word, text: withoutNul(word.text) })),
        })),
      ),
      ...measure,
      model_id: modelId,
    })
    .execute()
  if (!isDocument(measure)) return
  await trx
    .insertInto('photo_tags')
    .values({ photo_id: photoId, tag: DOCUMENT_TAG, said_by: modelId, confidence: meanConfidence(found.lines) })
    .execute()
}

/** PostgreSQL keeps no NUL in text or jsonb. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '')
}
