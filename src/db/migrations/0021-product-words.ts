/** @file What persons say of product pictures over the machine, with its history; pictures whose photo is in the trash leave their store. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // A row is a person’s word, also when it says “nothing” (null); without a row the machine’s stands.
  `create table product_words (
    picture_id integer not null references product_pictures (id) on delete cascade,
    field text not null check (field in ('name', 'description', 'attributes', 'colour', 'prompt')),
    value text,
    decided_at timestamptz not null default now(),
    primary key (picture_id, field)
  )`,
  // Before and after of each edit: {"value": text or null}, or null where nobody had said (or says) anything.
  `create table product_word_changes (
    edit_id integer not null references edits (id) on delete cascade,
    picture_id integer not null references product_pictures (id) on delete cascade,
    field text not null,
    before jsonb,
    after jsonb,
    primary key (edit_id, picture_id, field)
  )`,
  'create index product_word_changes_by_picture on product_word_changes (picture_id)',

  // Whoever throws a photo away or brings it back need not know of stores either: the rows say what must lie there.
  `create function fototeca_product_photo_trashed() returns trigger language plpgsql as $$
  begin
    insert into store_intents (store, key) select store, key from product_pictures where photo_id = new.id and state = 'stored';
    return null;
  end $$`,
  `create trigger product_photo_trashed after update of trashed_at on photos for each row
    when ((old.trashed_at is null) <> (new.trashed_at is null)) execute function fototeca_product_photo_trashed()`,
  `insert into store_intents (store, key) select p.store, p.key from product_pictures p
    join photos on photos.id = p.photo_id and photos.trashed_at is not null where p.state = 'stored'`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
