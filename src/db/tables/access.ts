/** @file Who may come in: accounts, what a browser or a program shows to prove who it is, and what was done by whom. */
import type { Generated } from 'kysely'
import type { KeyScope, Role } from '../../contract/accounts.ts'
import type { Timestamp } from './columns.ts'

export interface AccessTables {
  accounts: {
    id: Generated<number>
    name: string
    role: Role
    /** Argon2id with its parameters, in PHC format; null: not chosen yet */
    password: string | null
    /** SHA-256 of the code in the link by which a password is chosen; null: there is none */
    invitation_hash: Uint8Array | null
    invitation_until: Timestamp | null
    disabled_at: Timestamp | null
    /** the row stays: history names it */
    deleted_at: Timestamp | null
    created_at: Timestamp
    last_seen_at: Timestamp | null
  }
  credentials: {
    id: Generated<number>
    kind: 'session' | 'key'
    /** SHA-256 of what the cookie or the header holds */
    secret_hash: Uint8Array
    /** null: of whoever held the token */
    account_id: number | null
    /** SHA-256 of the token it was made with: it ends with that token; null: of an account */
    token_hash: Uint8Array | null
    /** the device of a session, the name of a key */
    name: string
    /** null: a session */
    scopes: KeyScope[] | null
    created_at: Timestamp
    last_used_at: Timestamp | null
    expires_at: Timestamp | null
  }
  audit: {
    id: Generated<number>
    at: Timestamp
    /** as `toAuthor` says */
    actor: string
    action: string
    target: Record<string, unknown>
    status: number
    address: string
  }
}
