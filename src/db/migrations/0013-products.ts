/** @file Product pictures: which photos lie in which store, what is on its way there, and the products they show. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `create table products (
    id integer generated always as identity primary key,
    store text not null,
    sku text not null,
    name text,
    kind text,
    created_at timestamptz not null default now(),
    unique (store, sku)
  )`,
  // A photo that also lies in a store. held: a person decides first, nothing is in the store; trashed: taken out of it, and can be put back.
  `create table product_pictures (
    id integer generated always as identity primary key,
    photo_id integer not null references photos (id) on delete cascade,
    store text not null,
    key text not null,
    display_name text not null,
    kind text,
    state text not null default 'stored' check (state in ('stored', 'held', 'trashed')),
    product_id integer references products (id) on delete set null,
    slot text check (slot in ('main', 'angle', 'detail', 'on-model', 'dimension', 'lifestyle')),
    like_id integer references product_pictures (id) on delete set null,
    like_kind text check (like_kind in ('same-file', 'same-picture', 'similar')),
    like_distance real,
    origin_id integer references product_pictures (id) on delete set null,
    made_by text,
    shot jsonb,
    colour text,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    unique (store, key)
  )`,
  'create index product_pictures_by_photo on product_pictures (photo_id, store)',
  'create index product_pictures_by_store on product_pictures (store, state, id)',
  'create index product_pictures_by_product on product_pictures (product_id)',

  // What is about to be put into a store or taken out of it: written before, removed with the row’s change. What a dead process left
  // here is repaired by the rows: a picture that is stored is put, everything else is taken out.
  `create table store_intents (
    id integer generated always as identity primary key,
    owner text,
    store text not null,
    key text not null,
    created_at timestamptz not null default now()
  )`,
  // Whoever deletes the photo, its copy in the store goes too.
  `create function fototeca_product_picture_gone() returns trigger language plpgsql as $$
  begin
    if old.state = 'stored' then insert into store_intents (store, key) values (old.store, old.key); end if;
    return null;
  end $$`,
  `create trigger product_picture_gone after delete on product_pictures for each row execute function fototeca_product_picture_gone()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
