/** @file What a scan has to say of a folder becomes codes with parameters (ADR 81); the next scan says anew what an earlier version said in words. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table sources alter column notice type jsonb using case when notice is null then null
    else jsonb_build_array(jsonb_build_object('code', 'text', 'params', jsonb_build_object('text', notice))) end`.execute(db)
}
