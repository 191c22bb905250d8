/**
 * @file How much of each picture is text; pictures that are pages of it get the tag `document`, from what was read of them long ago.
 * Tags that may be this or that are a kind of nothing any more; COCO's mouse is called by what it is.
 */
import { type Kysely, sql } from 'kysely'
import { DOCUMENT_TAG, isDocument, meanConfidence, measureText } from '../../domain/text-coverage.ts'
import { findBroader } from '../../lexicon/broader.ts'

/** Texts measured at once: a page of text is some 20 kB. */
const BATCH = 200
/** the built-in detector of that time */
const DETECTOR = 'builtin/centernet@1'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table ocr_texts add column coverage real not null default 0, add column words integer not null default 0`.execute(db)
  await tagDocuments(db)
  await renameMouse(db)
  await refreshBroader(db)
}

/** Of every text that is stored: no picture is looked at again. */
export async function tagDocuments(db: Kysely<unknown>): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await sql<{ photo_id: number; lines: Parameters<typeof measureText>[0] }>`
      select photo_id, lines from ocr_texts where photo_id > ${after} order by photo_id limit ${sql.lit(BATCH)}`.execute(db)
    const last = rows.at(-1)
    if (!last) break
    const measured = rows.map(({ photo_id, lines }) => {
      const measure = measureText(lines)
      return { photo_id, ...measure, confidence: isDocument(measure) ? meanConfidence(lines) : null }
    })
    await sql`
      with measured as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(measured)}::jsonb)
          as r (photo_id integer, coverage real, words integer, confidence real)),
      texts as (
        update ocr_texts o set coverage = m.coverage, words = m.words from measured m where m.photo_id = o.photo_id
        returning o.photo_id, o.model_id, m.confidence),
      tagged as (
        insert into photo_tags (photo_id, tag, said_by, confidence)
        select photo_id, ${DOCUMENT_TAG}, model_id, confidence from texts where confidence is not null on conflict do nothing
        returning photo_id)
      insert into stale_documents (photo_id) select photo_id from tagged on conflict do nothing`.execute(db)
    after = last.photo_id
  }
  const pairs = [DOCUMENT_TAG, ...findBroader(DOCUMENT_TAG)].map((broader) => ({ tag: DOCUMENT_TAG, broader }))
  await sql`
    insert into tag_broader (tag, broader)
    select tag, broader from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r (tag text, broader text)
    where exists (select 1 from photo_tags t where t.tag = ${DOCUMENT_TAG}) on conflict do nothing`.execute(db)
}

/** The built-in detector says it so from now on; what it said before is the same thing. */
export async function renameMouse(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into tag_category_mappings (tag, category_id) select 'computer mouse', category_id from tag_category_mappings where tag = 'mouse'
    on conflict do nothing`.execute(db)
  await sql`update detected_objects set label = 'computer mouse' where label = 'mouse' and model_id = ${DETECTOR}`.execute(db)
  await sql`
    with renamed as (update photo_tags set tag = 'computer mouse' where tag = 'mouse' and said_by = ${DETECTOR} returning photo_id)
    insert into stale_documents (photo_id) select photo_id from renamed on conflict do nothing`.execute(db)
}

/** What each tag in use is a kind of, as the lexicon says now; what a person said a word is stays. */
export async function refreshBroader(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ tag: string; broader: string[] }>`
    select tag, array_agg(broader) as broader from (
      select tag, broader from tag_broader union select tag, tag from photo_tags where tag = 'computer mouse') known
    where tag not in (select word from vocabulary_words where broader <> '{}') group by tag`.execute(db)
  const changed = rows.flatMap(({ tag, broader }) => {
    const now = new Set([tag, ...findBroader(tag)])
    return broader.length === now.size && broader.every((term) => now.has(term)) ? [] : [{ tag, now: [...now] }]
  })
  if (changed.length === 0) return
  const tags = sql`(select value from jsonb_array_elements_text(${JSON.stringify(changed.map(({ tag }) => tag))}::jsonb))`
  const pairs = changed.flatMap(({ tag, now }) => now.map((broader) => ({ tag, broader })))
  await sql`delete from tag_broader where tag in ${tags}`.execute(db)
  await sql`
    insert into tag_broader (tag, broader)
    select tag, broader from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r (tag text, broader text)`.execute(db)
  await sql`
    insert into stale_documents (photo_id) select distinct photo_id from effective_tags where tag in ${tags} on conflict do nothing`.execute(
    db,
  )
}
