/** @file Spaces that fill beside the one that answers: why one is paused, and photos that a model could not embed. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  'alter table spaces add column paused_because text',
  // what was embedded, for vectors of text: it is embedded again when the text is another
  'alter table embeddings add column digest text',
  // Only of fills beside the ledger; the ledger itself tells about the model that answers.
  `create table space_failures (
    space_id integer not null references spaces (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    attempts integer not null default 1,
    reason text not null,
    primary key (space_id, photo_id)
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
