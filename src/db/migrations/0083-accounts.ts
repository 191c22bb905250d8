/** @file Accounts, the sessions and API keys that belong to them, and the audit log. */
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table accounts (
    id integer generated always as identity primary key,
    name text not null check (name <> ''),
    role text not null,
    password text,
    invitation_hash bytea unique check (length(invitation_hash) = 32),
    invitation_until timestamptz,
    disabled_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz
  )`.execute(db)
  await sql`create unique index accounts_name on accounts (lower(name)) where deleted_at is null`.execute(db)
  // sessions of browsers become one kind of what proves who asks; API keys are the other
  await sql`alter table sessions rename to credentials`.execute(db)
  await sql`alter table credentials rename column device to name`.execute(db)
  await sql`alter table credentials
    add column kind text not null default 'session' check (kind in ('session', 'key')),
    add column account_id integer references accounts (id) on delete cascade,
    add column scopes text[],
    add column expires_at timestamptz,
    alter column token_hash drop not null,
    alter column last_used_at drop not null,
    alter column last_used_at drop default,
    add check ((account_id is null) <> (token_hash is null)),
    add check ((scopes is null) = (kind = 'session'))`.execute(db)
  await sql`create index credentials_of_account on credentials (account_id)`.execute(db)
  await sql`create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    target jsonb not null,
    status integer not null,
    address text not null
  )`.execute(db)
  await sql`create index audit_at on audit (at desc, id desc)`.execute(db)
}
