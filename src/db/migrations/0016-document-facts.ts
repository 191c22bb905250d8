/** @file The facts a search document was made of, kept beside it: a page of hits says why it matched without gathering them again. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // a table of its own: the rows of search_documents are walked for every word. Older documents have none until they are written again.
  await sql`create table document_facts (
    photo_id integer primary key references photos (id) on delete cascade,
    facts json not null
  )`.execute(db)
}
