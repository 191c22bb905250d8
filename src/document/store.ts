/** @file Keeps what is derived of each photo for search, its document and its categories: rebuilt from the facts, never edited. */

import { type RawBuilder, sql } from 'kysely'
import type { Config } from '../config/schema.ts'
import { toIntegers } from '../db/arrays.ts'
import type { Db, DbOrTrx, Trx } from '../db/client.ts'
import { readSetting, saveSetting } from '../db/settings.ts'
import { transact } from '../db/transact.ts'
import { isKept } from '../db/visible.ts'
import { findBroader } from '../lexicon/broader.ts'
import { listWords, makeDocument, type PhotoFacts, type SearchDocument } from './document.ts'

export type SearchLanguage = Config['language']

/** The language the stored documents are folded in; a changed setting rewrites them (`applySearchLanguage`). */
const LANGUAGE_KEY = 'search.language'

/** Photos per statement when many are refreshed: a few hundred kilobytes of facts. */
const BATCH = 500

/** Recomputes the document of one photo from its facts, inside the transaction that changed them. */
export async function refreshSearchDocument(trx: Trx, photoId: number): Promise<void> {
  await refreshSearchDocuments(trx, [photoId])
}

/** The same where the photo may still be in line for it. Out of the line first, as `continueDocuments` does: neither waits for the other in a ring. */
export async function settleSearchDocument(trx: Trx, photoId: number): Promise<void> {
  await sql`delete from stale_documents where photo_id = ${photoId}`.execute(trx)
  await refreshSearchDocument(trx, photoId)
}

export async function refreshSearchDocuments(trx: Trx, photoIds: readonly number[]): Promise<void> {
  for (let start = 0; start < photoIds.length; start += BATCH) {
    const some = photoIds.slice(start, start + BATCH)
    await refreshPhotoCategories(trx, some)
    const facts = await readPhotoFacts(trx, some)
    if (facts.length > 0) {
      await writeDocuments(trx, facts.map(makeDocument))
      await keepFacts(trx, facts)
    }
    await markTextsDue(trx, some)
  }
}

/** What is said of these photos may be another text now: spaces of texts look at it again. */
async function markTextsDue(trx: Trx, photoIds: readonly number[]): Promise<void> {
  await sql`
    insert into due_texts (space_id, photo_id)
    select s.id, p.id from spaces s, photos p where s.of_texts and p.id = any (${toIntegers(photoIds)})
    on conflict (space_id, photo_id) do update set changed_in = excluded.changed_in`.execute(trx)
}

/** What is in the trash is found by no word and counted by no facet; `refreshSearchDocuments` brings it back. */
export async function emptySearchDocuments(trx: Trx, photoIds: readonly number[]): Promise<void> {
  await sql`update search_documents set tsv = '', changed_in = pg_current_xact_id()
    where photo_id = any (${toIntegers(photoIds)})`.execute(trx)
}

/** Photos that are to be named in rows without a foreign key: none of them is deleted before this transaction ends. */
export async function holdPhotos(trx: Trx, which: RawBuilder<unknown>): Promise<void> {
  await sql`select count(*) from (select 1 from photos where ${which} order by id for key share) held`.execute(trx)
}

/** Brings the categories of these photos in line with their tags, the mapping and what persons decided. */
export async function refreshPhotoCategories(trx: Trx, photoIds: readonly number[]): Promise<void> {
  await ensureBroader(trx, photoIds)
  const ids = toIntegers(photoIds)
  await holdPhotos(trx, sql`id = any (${ids})`)
  // said of the view too: a list is not carried over to it, and it would be worked out for every photo (0.7 s at 100,000)
  await sql`
    delete from photo_categories pc where pc.photo_id = any (${ids}) and not exists (
      select 1 from derived_categories d
      where d.photo_id = any (${ids}) and d.photo_id = pc.photo_id and d.category_id = pc.category_id)`.execute(trx)
  await sql`
    insert into photo_categories (category_id, photo_id)
    select category_id, photo_id from derived_categories where photo_id = any (${ids}) on conflict do nothing`.execute(trx)
}

/** For many photos at once: their documents are written again by `continueDocuments`. */
export async function markDocumentsStale(trx: Trx, photoIds: readonly number[]): Promise<void> {
  const ids = toIntegers(photoIds)
  await sql`insert into stale_documents (photo_id) select unnest(${ids}) on conflict do nothing`.execute(trx)
}

/** Writes the next stale documents again, in one transaction. @returns how many; 0 when there is none */
export async function continueDocuments(db: Db, limit: number): Promise<number> {
  const { rows: due } = await sql`select 1 from stale_documents limit 1`.execute(db)
  if (due.length === 0) return 0
  return transact(db, async (trx) => {
    // before a photo leaves the line: who takes categories away locks their members, then puts those in line
    await sql`lock table photo_categories in row exclusive mode`.execute(trx)
    const { rows } = await sql<{ photo_id: number }>`
      delete from stale_documents where photo_id in (
        select photo_id from stale_documents order by photo_id desc limit ${limit} for update skip locked)
      returning photo_id`.execute(trx)
    if (rows.length === 0) return 0
    await refreshSearchDocuments(
      trx,
      rows.map(({ photo_id }) => photo_id),
    )
    return rows.length
  })
}

/**
 * At the start: if the library’s documents were folded in another language, all of them are written again, in batches.
 * An interrupted run is repeated whole at the next start.
 * @returns how many documents were written
 */
export async function applySearchLanguage(db: Db, language: SearchLanguage): Promise<number> {
  if ((await readSetting(db, LANGUAGE_KEY)) === language) return 0
  // from here on new documents use the new language; the mark that all do is the second row
  await saveSetting(db, `${LANGUAGE_KEY}.next`, language)
  let written = 0
  for (let after = 0; ; ) {
    const ids = await db
      .selectFrom('search_documents')
      .select('photo_id')
      .where('photo_id', '>', after)
      .orderBy('photo_id')
      .limit(BATCH)
      .execute()
    const last = ids.at(-1)
    if (!last) break
    await db.transaction().execute((trx) =>
      refreshSearchDocuments(
        trx,
        ids.map(({ photo_id }) => photo_id),
      ),
    )
    written += ids.length
    after = last.photo_id
  }
  await saveSetting(db, LANGUAGE_KEY, language)
  return written
}

/** Tags that are new to the library get their broader terms. Sorted, as the words below are. */
async function ensureBroader(trx: Trx, photoIds: readonly number[]): Promise<void> {
  const { rows } = await sql<{ tag: string }>`
    select distinct t.tag from effective_tags t where t.photo_id in (${sql.join(photoIds)})
      and not exists (select 1 from tag_broader b where b.tag = t.tag) order by t.tag`.execute(trx)
  const pairs = rows.flatMap(({ tag }) => [tag, ...findBroader(tag)].map((broader) => ({ tag, broader })))
  if (pairs.length === 0) return
  await sql`
    insert into tag_broader (tag, broader)
    select tag, broader from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r (tag text, broader text)
    on conflict do nothing`.execute(trx)
}

/** The facts of these photos as the tables say them now, those that exist, by id. Some 15 ms for 50 photos, half of it planning. */
export async function readPhotoFacts(db: DbOrTrx, photoIds: readonly number[]): Promise<PhotoFacts[]> {
  if (photoIds.length === 0) return []
  const ids = toIntegers(photoIds)
  const { rows } = await sql<PhotoFacts>`
    select photos.id, photos.day::text as day,
      array(select photos.filename union select f.filename from photo_files f where f.photo_id = photos.id order by 1) as filenames,
      array(select distinct regexp_replace(f.path, '/?[^/]*$', '') from photo_files f
        join sources s on s.id = f.source_id and s.kind = 'folder' where f.photo_id = photos.id order by 1) as folders,
      array(select p.name from faces f join people p on p.id = f.person_id where f.photo_id = photos.id and p.name is not null
        union select r ->> 'name' from jsonb_array_elements(m.face_regions) r where r ->> 'name' <> '' and not exists (
          select 1 from faces f join face_rejections x on x.face_id = f.id join people p on p.id = x.person_id
          where f.photo_id = photos.id and p.name = r ->> 'name') order by 1) as people,
      e.title,
      array(select t.tag from effective_tags t where t.photo_id = photos.id
        union select c.name from photo_categories pc join categories c on c.id = pc.category_id where pc.photo_id = photos.id order by 1) as tags,
      array(select k from unnest(m.keywords) k where not exists (
        select 1 from decisions d where d.photo_id = photos.id and d.field = 'tag' and d.value = 'false'
          and d.key = any (regexp_split_to_array(lower(k), '\\s*/\\s*')))) as keywords,
      array(select b.broader from effective_tags t join tag_broader b on b.tag = t.tag where t.photo_id = photos.id
        except select t.tag from effective_tags t where t.photo_id = photos.id order by 1) as broader,
      o.text as ocr, e.file_caption as description, e.captions,
      array_remove(array[m.camera_make, m.camera_model, m.lens], null) as camera,
      m.city, m.country
    from photos
    join effective_facts e on e.photo_id = photos.id
    left join photo_metadata m on m.photo_id = photos.id
    left join ocr_texts o on o.photo_id = photos.id
    -- said of the view too: a list is not carried over to it, and it would be worked out for every photo (0.5 s at 100,000)
    where photos.id = any (${ids}) and e.photo_id = any (${ids}) and ${isKept('photos')}
    order by photos.id`.execute(db)
  return rows
}

/** The facts that the documents of these photos were made of, by id; gathered anew for documents older than this table. */
export async function readDocumentFacts(db: DbOrTrx, photoIds: readonly number[]): Promise<PhotoFacts[]> {
  if (photoIds.length === 0) return []
  const ids = toIntegers(photoIds)
  // as one text: rows of objects take PGlite longer than the database
  const { rows } = await sql<{ facts: string | null }>`
    select '[' || string_agg(facts::text, ',') || ']' as facts from document_facts where photo_id = any (${ids})`.execute(db)
  const kept = new Map((JSON.parse(rows[0]?.facts ?? '[]') as PhotoFacts[]).map((facts) => [facts.id, facts]))
  const others = photoIds.filter((id) => !kept.has(id))
  return others.length === 0 ? [...kept.values()] : [...kept.values(), ...(await readPhotoFacts(db, others))]
}

async function keepFacts(trx: Trx, facts: readonly PhotoFacts[]): Promise<void> {
  await sql`
    insert into document_facts (photo_id, facts)
    select (f ->> 'id')::integer, f from json_array_elements(${JSON.stringify(facts)}::json) f
    on conflict (photo_id) do update set facts = excluded.facts`.execute(trx)
}

async function writeDocuments(trx: Trx, documents: readonly SearchDocument[]): Promise<void> {
  // exact words and word forms side by side; a phrase is found by the positions of the exact words
  const weighted = sql.join(
    (['a', 'b', 'c', 'd'] as const).flatMap((weight) => [
      sql`setweight(to_tsvector('simple', ${sql.ref(`d.${weight}`)}), ${sql.lit(weight)})`,
      sql`setweight(to_tsvector(l.language, ${sql.ref(`d.${weight}`)}), ${sql.lit(weight)})`,
    ]),
    sql` || `,
  )
  await sql`
    insert into search_documents (photo_id, tsv)
    select d.photo_id, ${weighted}
    from jsonb_to_recordset(${JSON.stringify(documents)}::jsonb) as d (photo_id integer, a text, b text, c text, d text),
      (select coalesce((select value #>> '{}' from settings where key = ${`${LANGUAGE_KEY}.next`}), 'english')::regconfig as language) l
    on conflict (photo_id) do update set tsv = excluded.tsv, changed_in = pg_current_xact_id()`.execute(trx)
  // sorted, so that two transactions that bring the same new words never wait for each other in a ring
  await sql`
    insert into search_words (word)
    select word from jsonb_array_elements_text(${JSON.stringify(listWords(documents))}::jsonb) with ordinality as r (word, position)
    order by position on conflict do nothing`.execute(trx)
}
