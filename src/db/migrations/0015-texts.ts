/** @file Spaces of texts: what photos are said to show, embedded by a model for texts, and which of it is due (again). */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // of_texts: its vectors are of descriptions; due_from: photos above this id are still to be listed in due_texts
  'alter table spaces add column of_texts boolean not null default false, add column due_from integer',
  // Photos whose text may be another than the one that was embedded; changed_in tells a change that came while it was on its way.
  `create table due_texts (
    space_id integer not null references spaces (id) on delete cascade,
    photo_id integer not null references photos (id) on delete cascade,
    changed_in xid8 not null default pg_current_xact_id(),
    primary key (space_id, photo_id)
  )`,
  'create index due_texts_by_photo on due_texts (photo_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
