/** @file Passwords as Argon2id hashes in PHC format, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`: the parameters stand beside each. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

interface Cost {
  /** KiB */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** The first choice of the OWASP password storage cheat sheet for Argon2id: about 100 ms of one core here. */
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32

const derive = promisify(argon2)

async function compute(password: string, nonce: Uint8Array, cost: Cost): Promise<Buffer> {
  return derive('argon2id', { ...cost, nonce, message: password.normalize('NFC'), tagLength: HASH_BYTES })
}

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(await compute(password, salt, cost))}`
}

const FORMAT = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/**
 * @param stored null: nobody of that name, or no password yet; it takes as long all the same, so that the time tells nothing
 * @returns `old`: right, but hashed at another cost than today’s; hash it anew
 */
export async function checkPassword(password: string, stored: string | null): Promise<boolean | 'old'> {
  const [, memory, passes, parallelism, salt, hash] = FORMAT.exec(stored ?? '') ?? []
  if (salt === undefined || hash === undefined) {
    await compute(password, randomBytes(SALT_BYTES), COST)
    return false
  }
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const wanted = Buffer.from(hash, 'base64')
  const given = await compute(password, Buffer.from(salt, 'base64'), cost)
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return false
  return cost.memory === COST.memory && cost.passes === COST.passes && cost.parallelism === COST.parallelism ? true : 'old'
}
