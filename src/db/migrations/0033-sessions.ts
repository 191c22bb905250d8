/** @file Who is signed in: sessions of browsers. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // SHA-256 of what the cookie holds: who reads the database gets in by none of them. `token_hash` is that of the token it was opened with.
  await sql`create table sessions (
    id integer generated always as identity primary key,
    secret_hash bytea not null unique check (length(secret_hash) = 32),
    token_hash bytea not null check (length(token_hash) = 32),
    device text not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now()
  )`.execute(db)
}
