/** @file The text found in photos (table `ocr_texts`): one row per photo with text, none for a photo without. */
import type { Trx } from '../../../db/client.ts'
import type { ReadText } from '../../../models/capability.ts'

export async function replaceOcrText(trx: Trx, photoId: number, found: ReadText, modelId: string): Promise<void> {
  await trx.deleteFrom('ocr_texts').where('photo_id', '=', photoId).execute()
  const text = withoutNul(found.text)
  if (text.trim() === '') return
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
      model_id: modelId,
    })
    .execute()
}

/** PostgreSQL keeps no NUL in text or jsonb. */
function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '')
}
