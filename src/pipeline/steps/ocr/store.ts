/** @file The text found in photos (table `ocr_texts`): one row per photo with text, none for a photo without; and the tag of a page full of it. */
import { sql } from 'kysely'
import type { Db, DbOrTrx, Trx } from '../../../db/client.ts'
import { readSetting, saveSetting } from '../../../db/settings.ts'
import { markDocumentsStale } from '../../../document/store.ts'
import { DOCUMENT_TAG, isDocument, meanConfidence, measureText } from '../../../domain/text-coverage.ts'
import { type FoundLanguage, findLanguage, LANGUAGE_SOURCE } from '../../../lexicon/find-language.ts'
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
  const told = await findLanguage(text)
  await trx
    .insertInto('ocr_texts')
    .values({
      photo_id: photoId,
      text,
      script: found.script,
      language: told?.language ?? null,
      language_score: told?.score ?? null,
      language_source: LANGUAGE_SOURCE,
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

/** Who was asked for the language of all texts. */
const SOURCE_KEY = 'texts.language-source'

export const readLanguageSource = (db: DbOrTrx): Promise<unknown> => readSetting(db, SOURCE_KEY)

export const saveLanguageSource = (db: Db): Promise<void> => saveSetting(db, SOURCE_KEY, LANGUAGE_SOURCE)

export interface TextOfPhoto {
  readonly photo_id: number
  readonly text: string
}

/** Texts whose language another one was asked for, or nobody; by id. */
export async function readUntold(db: DbOrTrx, after: number, limit: number): Promise<TextOfPhoto[]> {
  const { rows } = await sql<TextOfPhoto>`
    select photo_id, text from ocr_texts where photo_id > ${after} and language_source is distinct from ${LANGUAGE_SOURCE}
    order by photo_id limit ${limit}`.execute(db)
  return rows
}

/** Where the text is still the one that was looked at; documents are written again later: facets are counted by them. */
export async function saveLanguages(db: Db, told: readonly (TextOfPhoto & { readonly found: FoundLanguage | null })[]): Promise<void> {
  const values = told.map(({ photo_id, text, found }) => ({ photo_id, text, ...found }))
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ photo_id: number }>`
      with told as (
        select * from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r (photo_id integer, text text, language text, score real)
      ), changed as (
        select o.photo_id from ocr_texts o join told t on t.photo_id = o.photo_id where o.language is distinct from t.language
      ), saved as (
        update ocr_texts o set language = t.language, language_score = t.score, language_source = ${LANGUAGE_SOURCE} from told t
        where o.photo_id = t.photo_id and o.text = t.text returning o.photo_id
      )
      select s.photo_id from saved s join changed c on c.photo_id = s.photo_id`.execute(trx)
    await markDocumentsStale(
      trx,
      rows.map((row) => row.photo_id),
    )
  })
}
