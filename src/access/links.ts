/**
 * @file Signed addresses (ADR 91): whoever has one may fetch that one picture or ZIP without signing in. What is signed is the path, with
 * the version of the picture and the end; the key is made once and kept in the database, so that addresses outlive restarts and restores.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Message, message } from '../contract/messages/message.ts'
import type { Db } from '../db/client.ts'

/** Makes the path of a picture or ZIP one that others can fetch. */
export type SignPath = (path: string) => string

export interface Links {
  readonly sign: SignPath
  /** Whether the address was given out and still holds; a message says why not. Null: it is not signed at all. */
  check(address: string): true | Message | null
}

interface Options {
  /** whether whoever asks must prove who they are; every address works as it is otherwise */
  readonly isOn: () => boolean
  /** null: they have no end */
  readonly days: number | null
  readonly now?: () => number
}

const DAY_S = 86_400
const SETTING = 'links.key'

export async function createLinks(db: Db, { isOn, days, now = Date.now }: Options): Promise<Links> {
  const key = await ensureKey(db)
  const signatureOf = (path: string, version: string | null, expires: string | null) =>
    createHmac('sha256', key)
      .update(JSON.stringify([path, version, expires]))
      .digest()
  return {
    sign(address) {
      if (!isOn()) return address
      const [path, query] = parse(address)
      // as of midnight UTC: the same address all day, so that caches know it again
      const expires = days === null ? null : String((Math.floor(now() / 1000 / DAY_S) + 1 + days) * DAY_S)
      if (expires !== null) query.set('expires', expires)
      query.set('signature', signatureOf(path, query.get('v'), expires).toString('base64url'))
      return `${address.split('?', 1)[0]}?${query}`
    },
    check(address) {
      const [path, query] = parse(address)
      const given = query.get('signature')
      if (given === null) return null
      const [expires, ...more] = query.getAll('expires')
      const wanted = signatureOf(path, query.get('v'), expires ?? null)
      const bytes = Buffer.from(given, 'base64url')
      if (more.length > 0 || bytes.length !== wanted.length || !timingSafeEqual(bytes, wanted)) return message('link.wrong')
      const end = Number(expires) * 1000
      return expires !== undefined && end <= now() ? message('link.expired', { at: new Date(end).toISOString() }) : true
    },
  }
}

/** Clients write the same path in more than one way. */
function parse(address: string): [path: string, query: URLSearchParams] {
  const [path = '', query = ''] = address.split('?', 2)
  try {
    return [decodeURIComponent(path), new URLSearchParams(query)]
  } catch {
    return [path, new URLSearchParams(query)]
  }
}

/** Of several processes that start at once, one makes it. */
async function ensureKey(db: Db): Promise<Buffer> {
  const fresh = JSON.stringify(randomBytes(32).toString('base64'))
  await db
    .insertInto('settings')
    .values({ key: SETTING, value: fresh })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const { value } = await db.selectFrom('settings').select('value').where('key', '=', SETTING).executeTakeFirstOrThrow()
  return Buffer.from(String(value), 'base64')
}
