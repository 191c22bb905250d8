/** @file Tags by words: the user's own words, what each word means in each space, and what each tag is a kind of. */
import { type Kysely, sql } from 'kysely'
import { findBroader } from '../../lexicon/broader.ts'

const STATEMENTS = [
  // What a tag is a kind of, for every tag in use: all levels, and the tag itself (so a join reaches both).
  `create table tag_broader (
    tag text not null,
    broader text not null,
    primary key (tag, broader)
  )`,
  'create index tag_broader_by_term on tag_broader (broader, tag)',
  // The vocabulary is the starting list of the program, without the words removed here and with the words added here.
  `create table vocabulary_words (
    word text primary key,
    kind text not null check (kind in ('added', 'removed')),
    prompt text,
    broader text[] not null default '{}',
    created_at timestamptz not null default now()
  )`,
  // A word in a space: its vector (null: the model does not know it) and how near a photo must be to have it said.
  `create table space_tags (
    space_id integer not null references spaces (id) on delete cascade,
    tag text not null,
    prompt text not null,
    vector bytea,
    usual real,
    threshold real,
    primary key (space_id, tag)
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  const { rows } = await sql<{ tag: string }>`select distinct tag from photo_tags`.execute(db)
  const pairs = rows.flatMap(({ tag }) => [tag, ...findBroader(tag)].map((broader) => ({ tag, broader })))
  await sql`insert into tag_broader (tag, broader)
    select tag, broader from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r (tag text, broader text)`.execute(db)
}
