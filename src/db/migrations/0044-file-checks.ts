/** @file What checks of files found: originals that are not as they came, and the hashes that renditions are held against. */
import { type Kysely, sql } from 'kysely'

const STATEMENTS = [
  // one row per file that is wrong now; it goes when the file is right again
  `create table file_problems (
    file_id integer primary key references photo_files (id) on delete cascade,
    kind text not null check (kind in ('damaged', 'missing', 'unreadable')),
    reason text not null,
    found_sha256 text,
    found_at timestamptz not null default now(),
    checked_at timestamptz not null default now()
  )`,
  `create table photo_renditions (
    photo_id integer not null references photos (id) on delete cascade,
    kind text not null check (kind in ('thumbnail', 'preview')),
    bytes integer not null,
    sha256 text not null,
    primary key (photo_id, kind)
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
