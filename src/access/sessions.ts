/** @file Sessions of browsers: each has a random secret of its own, of which only the hash is stored. */
import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../db/client.ts'
import { describeError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { deleteSession, insertSession, readSessions, type StoredSession, saveLastUse } from './store-sessions.ts'

export interface Session {
  readonly id: number
  readonly device: string
  readonly createdAt: Date
  readonly lastUsedAt: Date
}

export interface Sessions {
  /** @returns the secret: for the cookie, and nowhere else */
  open(device: string): Promise<string>
  /** The session of a secret, which is used by that; undefined for none, or one that ended. */
  use(secret: string): Session | undefined
  /** the last used first */
  list(): Session[]
  /** @returns whether there was one */
  end(id: number): Promise<boolean>
}

const SECRET_BYTES = 32
/** A session nobody used for so long has ended. */
const MAX_IDLE_MS = 30 * 24 * 3_600_000
/** The time of the last use is written at most so often. */
const SAVE_USE_MS = 60_000

const hash = (text: string) => createHash('sha256').update(text).digest()
const toKey = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** @param token sessions that were opened with another one have ended; undefined: nobody needs one */
export async function createSessions(db: Db, token: string | undefined, log: Log, now: () => number = Date.now): Promise<Sessions> {
  const tokenHash = hash(token ?? '')
  const isOver = (lastUse: Date) => lastUse.getTime() < now() - MAX_IDLE_MS
  // every request asks: they are few, so they are kept in memory
  const stored = token === undefined ? [] : await readSessions(db, tokenHash, new Date(now() - MAX_IDLE_MS))
  const sessions = new Map(stored.map((session) => [toKey(session.secret_hash), { ...session, saved_at: session.last_used_at }]))
  const report = ({ id, device, created_at, last_used_at }: StoredSession): Session => ({
    id,
    device,
    createdAt: created_at,
    lastUsedAt: last_used_at,
  })

  return {
    async open(device) {
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const at = new Date(now())
      const session = { secret_hash: hash(secret), token_hash: tokenHash, device, created_at: at, last_used_at: at }
      const id = await insertSession(db, session)
      sessions.set(toKey(session.secret_hash), { ...session, id, saved_at: at })
      return secret
    },
    use(secret) {
      const session = sessions.get(toKey(hash(secret)))
      if (session === undefined || isOver(session.last_used_at)) return undefined
      session.last_used_at = new Date(now())
      // also where the clock was set back: a time in the future would keep the session for as much longer
      if (Math.abs(session.last_used_at.getTime() - session.saved_at.getTime()) >= SAVE_USE_MS) {
        session.saved_at = session.last_used_at
        saveLastUse(db, session.id, session.last_used_at).catch((error: unknown) =>
          log.warn({ err: describeError(error) }, 'the last use of a session could not be saved'),
        )
      }
      return report(session)
    },
    list: () =>
      [...sessions.values()]
        .filter((session) => !isOver(session.last_used_at))
        .sort((a, b) => b.last_used_at.getTime() - a.last_used_at.getTime() || b.id - a.id)
        .map(report),
    async end(id) {
      const found = [...sessions].find(([, session]) => session.id === id)
      if (!found) return false
      sessions.delete(found[0])
      await deleteSession(db, id)
      return true
    },
  }
}
