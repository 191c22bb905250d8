/** @file Runs of generation have a budget of their own, and a store that gets what they make. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  `alter table generations
    add column store text,
    add column reason text,
    add column most_scenes integer,
    add column most_tokens integer,
    add column most_cost double precision,
    add column scenes integer not null default 0,
    add column tokens integer not null default 0,
    add column cost double precision not null default 0`,
  'alter table generations drop constraint generations_state_check',
  `alter table generations add constraint generations_state_check check (state in ('running', 'done', 'cancelled', 'budget'))`,
  // stored_at stays when the product picture is deleted later: then it is not copied again
  `alter table generated_images
    add column cost double precision,
    add column stored_at timestamptz,
    add column store_picture_id integer references product_pictures (id) on delete set null`,
  'create index generated_images_store_picture on generated_images (store_picture_id)',
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
