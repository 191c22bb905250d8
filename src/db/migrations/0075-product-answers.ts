/** @file What a model said of a product picture as a product, with who said it. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // A row of each picture: the last answer. What the call cost stands with the description it gave (`descriptions`).
  await sql`
    create table product_answers (
      picture_id integer primary key references product_pictures (id) on delete cascade,
      -- what the model was told it is
      kind text not null,
      name text not null,
      description text,
      attributes text[] not null,
      colour text,
      prompt text,
      -- of the photo; null where the model did not see it
      grade text check (grade in ('A', 'B', 'C')),
      said_by text not null,
      -- every model that had a part, as the servers name them
      models text[] not null,
      prompt_version text not null,
      created_at timestamptz not null default now()
    )`.execute(db)
}
