/** @file People who may sign in, and what each may do. As long as there is none, whoever reaches the server owns it. */
import { type AccountReport, ROLES, type Role } from '../contract/accounts.ts'
import { message } from '../contract/messages/message.ts'
import type { Db, Trx } from '../db/client.ts'
import { FototecaError } from '../domain/errors.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import { type AccountRow, anyAccount, findByName, isOnlyAccount, lockAccounts, selectAccounts } from './store-accounts.ts'
import type { Credentials } from './store-credentials.ts'

export interface Invited {
  readonly account: AccountReport
  /** to be given to the person */
  readonly code: string
  readonly until: Date
}

export interface AccountChange {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly disabled?: boolean | undefined
}

export interface Accounts {
  /** Whether anybody has to sign in. Once true it stays so: the last owner cannot go. */
  exist(): Promise<boolean>
  /** as `exist` answered the last time */
  readonly areThere: boolean
  list(): Promise<AccountReport[]>
  get(id: number): Promise<AccountReport>
  /**
   * @param password undefined: the person chooses one by an invitation
   * @throws FototecaError `conflict`: the name is taken; `invalid`: the first account must be an owner with a password
   */
  add(account: { readonly name: string; readonly role: Role; readonly password: string | undefined }): Promise<AccountReport>
  /** @throws FototecaError `not_found`; `conflict`: no owner would be left, or the name is taken */
  change(id: number, change: AccountChange): Promise<AccountReport>
  /** Its photos stay in the library. @throws FototecaError as `change` */
  remove(id: number): Promise<void>
  /** A link by which the person chooses a password; the one before it no longer works. */
  invite(id: number): Promise<Invited>
  /** By an invitation. @returns undefined: the code is wrong, was used, or is over */
  join(code: string, password: string): Promise<AccountReport | undefined>
  /** For the page of an invitation. */
  findInvited(code: string): Promise<string | undefined>
  /** @returns undefined: the name or the password is wrong, or it may not sign in */
  signIn(name: string, password: string): Promise<AccountReport | undefined>
  /** Ends the other sessions. @throws FototecaError `forbidden`: the old one is wrong */
  changePassword(id: number, old: string, password: string, session: number | null): Promise<void>
}

const INVITATION_MS = 7 * 24 * 3_600_000
/** Whether there are accounts is asked of the database at most so often, as long as there are none. */
const NONE_KNOWN_MS = 500

const report = (row: AccountRow): AccountReport => ({
  id: row.id,
  name: row.name,
  role: row.role,
  state: row.disabled_at !== null ? 'disabled' : row.password === null ? 'invited' : 'active',
  created_at: row.created_at.toISOString(),
  last_seen_at: row.last_seen_at?.toISOString() ?? null,
})

const noAccount = (id: number) => new FototecaError('not_found', message('account.none', { id }))

export function createAccounts(db: Db, credentials: Pick<Credentials, 'forget' | 'endOthers'>, now: () => number = Date.now): Accounts {
  let exists = false
  let askedAt = Number.NEGATIVE_INFINITY

  let asking: Promise<boolean> | null = null
  async function ask(): Promise<boolean> {
    const at = now()
    exists = await anyAccount(db)
    askedAt = at
    return exists
  }

  async function read(from: Db | Trx, id: number): Promise<AccountRow> {
    const row = await selectAccounts(from).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw noAccount(id)
    return row
  }

  async function refuseTaken(trx: Trx, name: string, except: number | null): Promise<void> {
    const other = await findByName(trx, name)
    if (other !== undefined && other.id !== except) throw new FototecaError('conflict', message('account.taken', { name }))
  }

  const change = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (trx) => {
      await lockAccounts(trx)
      return work(trx)
    })

  async function refuseWithoutOwner(trx: Trx): Promise<void> {
    const owner = await selectAccounts(trx)
      .where('role', '=', 'owner')
      .where('disabled_at', 'is', null)
      .where('password', 'is not', null)
      .executeTakeFirst()
    if (owner === undefined) throw new FototecaError('conflict', message('account.last-owner'))
  }

  async function savePassword(id: number, password: string): Promise<void> {
    const hash = await hashPassword(password)
    await db.updateTable('accounts').set({ password: hash, invitation_hash: null, invitation_until: null }).where('id', '=', id).execute()
  }

  async function readInvited(code: string): Promise<AccountRow | undefined> {
    return selectAccounts(db)
      .where('invitation_hash', '=', hashSecret(code))
      .where('invitation_until', '>', new Date(now()))
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
  }

  return {
    async exist() {
      if (exists || now() - askedAt < NONE_KNOWN_MS) return exists
      // one question for all who wait: requests go on in the order in which they came
      asking ??= ask().finally(() => {
        asking = null
      })
      return asking
    },
    get areThere() {
      return exists
    },
    list: async () => (await selectAccounts(db).orderBy('id').execute()).map(report),
    get: async (id) => report(await read(db, id)),

    async add({ name, role, password }) {
      const hash = password === undefined ? null : await hashPassword(password)
      const row = await change(async (trx) => {
        await refuseTaken(trx, name, null)
        const made = await trx
          .insertInto('accounts')
          .values({ name, role, password: hash, created_at: new Date(now()) })
          .returningAll()
          .executeTakeFirstOrThrow()
        if ((role !== 'owner' || hash === null) && (await isOnlyAccount(trx))) throw new FototecaError('invalid', message('account.first'))
        return made
      })
      askedAt = Number.NEGATIVE_INFINITY
      return report(row)
    },

    async change(id, { name, role, disabled }) {
      const row = await change(async (trx) => {
        const before = await read(trx, id)
        if (name !== undefined) await refuseTaken(trx, name, id)
        const after = await trx
          .updateTable('accounts')
          .set({
            name: name ?? before.name,
            role: role ?? before.role,
            disabled_at: disabled === undefined ? before.disabled_at : disabled ? (before.disabled_at ?? new Date(now())) : null,
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow()
        await refuseWithoutOwner(trx)
        return after
      })
      credentials.forget()
      return report(row)
    },

    async remove(id) {
      await change(async (trx) => {
        await read(trx, id)
        await trx.deleteFrom('credentials').where('account_id', '=', id).execute()
        await trx
          .updateTable('accounts')
          .set({ deleted_at: new Date(now()), password: null, invitation_hash: null, invitation_until: null })
          .where('id', '=', id)
          .execute()
        await refuseWithoutOwner(trx)
      })
      credentials.forget()
    },

    async invite(id) {
      const code = makeSecret()
      const until = new Date(now() + INVITATION_MS)
      const row = await db
        .updateTable('accounts')
        .set({ invitation_hash: hashSecret(code), invitation_until: until })
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) throw noAccount(id)
      return { account: report(row), code, until }
    },
    async findInvited(code) {
      return (await readInvited(code))?.name
    },
    async join(code, password) {
      const invited = await readInvited(code)
      if (invited === undefined) return undefined
      const hash = await hashPassword(password)
      // of two who use it at once, one does
      const row = await db
        .updateTable('accounts')
        .set({ password: hash, invitation_hash: null, invitation_until: null })
        .where('id', '=', invited.id)
        .where('invitation_hash', '=', hashSecret(code))
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) return undefined
      await credentials.endOthers(row.id, null)
      return report(row)
    },

    async signIn(name, password) {
      const row = await findByName(db, name)
      const is = await checkPassword(password, row?.password ?? null)
      if (row === undefined || row.disabled_at !== null || is === false) return undefined
      if (is === 'old')
        await db
          .updateTable('accounts')
          .set({ password: await hashPassword(password) })
          .where('id', '=', row.id)
          .execute()
      await db
        .updateTable('accounts')
        .set({ last_seen_at: new Date(now()) })
        .where('id', '=', row.id)
        .execute()
      return report(row)
    },
    async changePassword(id, old, password, session) {
      const row = await read(db, id)
      if ((await checkPassword(old, row.password)) === false) throw new FototecaError('forbidden', message('account.wrong-password'))
      await savePassword(id, password)
      await credentials.endOthers(id, session)
    },
  }
}

/** @throws FototecaError `invalid`: a key may not be used for more than its account may do */
export function refuseWider(role: Role, scopes: readonly string[]): void {
  const beyond = scopes.filter((scope) => scope !== 'described' && !(ROLES[role] as readonly string[]).includes(scope))
  if (beyond.length > 0) throw new FototecaError('invalid', message('account.wider-key', { role, scopes: beyond }))
}
