/** @file What stood as the language of a text was its script; the language is told from the text, by whom is kept beside it. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ocr_texts rename column language to script`.execute(db)
  await sql`
    alter table ocr_texts
      -- ISO 639-1; null where it cannot be told
      add column language text,
      -- of who told it, 0–1
      add column language_score real,
      -- who was asked; null: nobody yet
      add column language_source text`.execute(db)
  await sql`create index ocr_texts_language on ocr_texts (language) where language is not null`.execute(db)
}
