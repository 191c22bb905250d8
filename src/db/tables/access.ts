/** @file Who is signed in. */
import type { Generated } from 'kysely'
import type { Timestamp } from './columns.ts'

export interface AccessTables {
  sessions: {
    id: Generated<number>
    /** SHA-256 of what the cookie holds */
    secret_hash: Uint8Array
    /** SHA-256 of the token it was opened with: it ends with that token */
    token_hash: Uint8Array
    device: string
    created_at: Timestamp
    last_used_at: Timestamp
  }
}
