/**
 * @file What a browser or a program shows to prove who asks: the session of a browser, in its cookie, or an API key, in a header. Each is a random
 * secret of which only the hash is stored; each belongs to an account, or to whoever held the token.
 */
import { sql } from 'kysely'
import type { KeyReport, KeyScope, Role } from '../contract/accounts.ts'
import type { Db } from '../db/client.ts'
import type { Who } from '../domain/actor.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { hashSecret, makeSecret } from './secrets.ts'

export interface Session {
  readonly id: number
  readonly device: string
  readonly createdAt: Date
  readonly lastUsedAt: Date
}

/** Whose: an account’s, or null for whoever holds the token. */
export type Holder = number | null

export interface NewKey {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  readonly expiresAt: Date | null
}

export interface Credentials {
  /** @returns the secret: for the cookie, and nowhere else */
  openSession(holder: Holder, device: string): Promise<string>
  /** @returns the key itself, which is told this once */
  makeKey(holder: Holder, key: NewKey): Promise<{ id: number; secret: string }>
  /** Who asks with this secret, which is used by that; undefined for none, or one that ended, or whose account was disabled. */
  use(kind: 'session' | 'key', secret: string): Promise<Who | undefined>
  /** the last used first */
  listSessions(holder: Holder): Promise<Session[]>
  /** @param holder undefined: everybody’s */
  listKeys(holder?: Holder): Promise<KeyReport[]>
  /**
   * @param holder undefined: whosever it is
   * @returns whether there was one
   */
  end(kind: 'session' | 'key', id: number, holder?: Holder): Promise<boolean>
  /** Ends all sessions of an account but one. */
  endOthers(account: number, exceptSession: number | null): Promise<void>
  /** After an account changed, what is known of its credentials is read anew. */
  forget(): void
}

/** A session nobody used for so long has ended. */
const MAX_IDLE_MS = 30 * 24 * 3_600_000
/** The time of the last use is written at most so often. */
const SAVE_USE_MS = 60_000
/** What another process ended still works for so long at most. */
const KNOWN_MS = 500
const MAX_KNOWN = 1_000

interface Known {
  readonly who: Who
  readonly until: number
}

/** @param token what was made with another one has ended; undefined: nobody needs one */
export function createCredentials(db: Db, token: string | undefined, log: Log, now: () => number = Date.now): Credentials {
  const tokenHash = hashSecret(token ?? '')
  const known = new Map<string, Known>()

  const ofHolder = (holder: Holder | undefined) =>
    holder === undefined
      ? sql<boolean>`(account_id is not null or token_hash = ${tokenHash})`
      : holder === null
        ? sql<boolean>`token_hash = ${tokenHash}`
        : sql<boolean>`account_id = ${holder}`

  async function insert(holder: Holder, kind: 'session' | 'key', name: string, scopes: readonly KeyScope[] | null, expiresAt: Date | null) {
    const secret = kind === 'key' ? `ftk_${makeSecret()}` : makeSecret()
    const at = new Date(now())
    const { id } = await db
      .insertInto('credentials')
      .values({
        ...{ kind, name, secret_hash: hashSecret(secret), account_id: holder, token_hash: holder === null ? tokenHash : null },
        ...{
          scopes: scopes === null ? null : [...scopes],
          created_at: at,
          last_used_at: kind === 'session' ? at : null,
          expires_at: expiresAt,
        },
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id, secret }
  }

  async function look(kind: 'session' | 'key', hash: Buffer): Promise<Who | undefined> {
    const row = await db
      .selectFrom('credentials as c')
      .leftJoin('accounts as a', 'a.id', 'c.account_id')
      .select(['c.id', 'c.account_id', 'c.token_hash', 'c.scopes', 'c.last_used_at', 'c.expires_at'])
      .select(['a.name', 'a.role', 'a.disabled_at', 'a.deleted_at'])
      .where('c.kind', '=', kind)
      .where('c.secret_hash', '=', hash)
      .executeTakeFirst()
    const at = now()
    if (row === undefined || (row.expires_at !== null && row.expires_at.getTime() <= at)) return undefined
    if (kind === 'session' && (row.last_used_at?.getTime() ?? 0) < at - MAX_IDLE_MS) return undefined
    if (row.token_hash !== null && !tokenHash.equals(row.token_hash)) return undefined
    if (row.disabled_at !== null || row.deleted_at !== null) return undefined
    // also where the clock was set back: a time in the future would keep it for as much longer
    if (Math.abs(at - (row.last_used_at?.getTime() ?? 0)) >= SAVE_USE_MS) saveUse(row.id, row.account_id)
    const by = { session: kind === 'session' ? row.id : null, scopes: row.scopes }
    if (row.account_id === null || row.name === null || row.role === null) return { kind: 'owner', ...by }
    return { kind: 'account', id: row.account_id, name: row.name, role: row.role as Role, ...by }
  }

  function saveUse(id: number, account: number | null): void {
    const at = new Date(now())
    const save = async () => {
      await db.updateTable('credentials').set({ last_used_at: at }).where('id', '=', id).execute()
      if (account !== null) await db.updateTable('accounts').set({ last_seen_at: at }).where('id', '=', account).execute()
    }
    save().catch((error: unknown) => log.warn({ err: describeError(error) }, 'the last use of a session or an API key could not be saved'))
  }

  return {
    openSession: async (holder, device) => {
      const { secret } = await insert(holder, 'session', device, null, null)
      // whoever signs in pays for what ended by itself
      await db
        .deleteFrom('credentials')
        .where((eb) =>
          eb.or([
            eb.and([eb('kind', '=', 'session'), eb('last_used_at', '<', new Date(now() - MAX_IDLE_MS))]),
            eb.and([eb('kind', '=', 'session'), eb('token_hash', '!=', tokenHash)]),
          ]),
        )
        .execute()
      return secret
    },
    makeKey: (holder, { name, scopes, expiresAt }) => insert(holder, 'key', name, scopes, expiresAt),

    async use(kind, secret) {
      const hash = hashSecret(secret)
      const key = `${kind} ${hash.toString('base64')}`
      const before = known.get(key)
      if (before !== undefined && before.until > now()) return before.who
      const who = await look(kind, hash)
      known.delete(key)
      if (who === undefined) return undefined
      known.set(key, { who, until: now() + KNOWN_MS })
      const [oldest] = known.keys()
      if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest)
      return who
    },

    async listSessions(holder) {
      const rows = await db
        .selectFrom('credentials')
        .select(['id', 'name as device', 'created_at as createdAt', 'last_used_at as lastUsedAt'])
        .where('kind', '=', 'session')
        .where('last_used_at', '>=', new Date(now() - MAX_IDLE_MS))
        .where(ofHolder(holder))
        .orderBy('last_used_at', 'desc')
        .orderBy('id', 'desc')
        .execute()
      return rows.map((row) => ({ ...row, lastUsedAt: row.lastUsedAt ?? row.createdAt }))
    },
    async listKeys(holder) {
      const rows = await db
        .selectFrom('credentials as c')
        .leftJoin('accounts as a', 'a.id', 'c.account_id')
        .select(['c.id', 'c.name', 'a.name as account', 'c.scopes', 'c.created_at', 'c.last_used_at', 'c.expires_at'])
        .where('c.kind', '=', 'key')
        .where(ofHolder(holder))
        .orderBy('c.id')
        .execute()
      return rows.map((row) => ({
        ...row,
        scopes: row.scopes ?? [],
        created_at: row.created_at.toISOString(),
        last_used_at: row.last_used_at?.toISOString() ?? null,
        expires_at: row.expires_at?.toISOString() ?? null,
      }))
    },
    async end(kind, id, holder) {
      known.clear()
      const { numDeletedRows } = await db
        .deleteFrom('credentials')
        .where('kind', '=', kind)
        .where('id', '=', id)
        .where(ofHolder(holder))
        .executeTakeFirst()
      known.clear()
      return numDeletedRows > 0n
    },
    async endOthers(account, exceptSession) {
      await db
        .deleteFrom('credentials')
        .where('kind', '=', 'session')
        .where('account_id', '=', account)
        .$if(exceptSession !== null, (query) => query.where('id', '!=', exceptSession))
        .execute()
      known.clear()
    },
    forget: () => known.clear(),
  }
}
