/** @file The handlers of `contract/routes/access.ts`; the compiler says which is missing. */
import { type Invited, refuseWider } from '../../access/accounts.ts'
import type { Holder } from '../../access/store-credentials.ts'
import { message } from '../../contract/messages/message.ts'
import type { ACCESS_ROUTES } from '../../contract/routes/access.ts'
import { type Actor, permissionsOf } from '../../domain/actor.ts'
import { FototecaError } from '../../domain/errors.ts'
import { nameDevice } from '../device-name.ts'
import type { HandlersOf } from '../handler.ts'
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts'

/** Whose sessions and keys the actor has. */
const holderOf = (actor: Actor): Holder => (actor.kind === 'account' ? actor.id : null)
const isOwner = (actor: Actor) => permissionsOf(actor).includes('own')

const toInvitation = ({ account, code, until }: Invited) => ({
  ...account,
  invitation: { path: `/join?code=${code}`, expires_at: until.toISOString() },
})

export const accessHandlers = {
  getMe: async ({ actor, services }) => ({
    kind:
      actor.kind === 'account'
        ? ('account' as const)
        : services.hasToken || (await services.accounts.exist())
          ? ('token' as const)
          : ('open' as const),
    account: actor.kind === 'account' ? await services.accounts.get(actor.id) : null,
    may: [...permissionsOf(actor)],
  }),
  changePassword: async ({ actor, body, services }) => {
    if (actor.kind !== 'account') throw new FototecaError('conflict', message('account.no-account'))
    await services.accounts.changePassword(actor.id, body.old, body.password, actor.session)
    return { changed: true as const }
  },
  listAccounts: async ({ services }) => ({ accounts: await services.accounts.list() }),
  addAccount: async ({ body, request, reply, services }) => {
    const { accounts, credentials } = services
    const isFirst = !(await accounts.exist())
    const account = await accounts.add({ ...body, password: body.password })
    if (isFirst && request.headers['sec-fetch-mode'] !== undefined)
      setSessionCookie(request, reply, await credentials.openSession(account.id, nameDevice(request.headers['user-agent'])))
    return body.password === undefined ? toInvitation(await accounts.invite(account.id)) : { ...account, invitation: null }
  },
  changeAccount: ({ params, body, services }) => services.accounts.change(params.id, body),
  removeAccount: async ({ params, services }) => {
    await services.accounts.remove(params.id)
    return { id: params.id }
  },
  inviteAccount: async ({ params, services }) => toInvitation(await services.accounts.invite(params.id)),
  listSessions: async ({ actor, services }) => ({
    sessions: (await services.credentials.listSessions(holderOf(actor)))
      .map(({ id, device, createdAt, lastUsedAt }) => ({
        id,
        device,
        created_at: createdAt.toISOString(),
        last_used_at: lastUsedAt.toISOString(),
        current: 'session' in actor && id === actor.session,
      }))
      .sort((a, b) => Number(b.current) - Number(a.current)),
  }),
  endSession: async ({ actor, params, services }) => {
    if (!(await services.credentials.end('session', params.id, holderOf(actor))))
      throw new FototecaError('not_found', message('session.none', { id: params.id }))
    return { id: params.id }
  },
  logOut: async ({ actor, request, reply, services }) => {
    if (!('session' in actor) || actor.session === null) return { ended: false }
    clearSessionCookie(request, reply)
    return { ended: await services.credentials.end('session', actor.session, holderOf(actor)) }
  },
  listKeys: async ({ actor, services }) => ({
    keys: await services.credentials.listKeys(isOwner(actor) ? undefined : holderOf(actor)),
  }),
  makeKey: async ({ actor, body, services }) => {
    const { accounts, credentials } = services
    const { account = holderOf(actor), name, scopes, days } = body
    if (account !== holderOf(actor) && !isOwner(actor)) throw new FototecaError('forbidden', message('access.not-allowed'))
    if (account === null && !services.hasToken) throw new FototecaError('conflict', message('account.key-of-nobody'))
    const owner = account === null ? null : await accounts.get(account)
    if (owner !== null) refuseWider(owner.role, scopes)
    const expiresAt = days === null ? null : new Date(Date.now() + days * 86_400_000)
    const { id, secret } = await credentials.makeKey(account, { name, scopes: [...new Set(scopes)], expiresAt })
    const made = (await credentials.listKeys(account)).find((key) => key.id === id)
    if (made === undefined) throw new FototecaError('not_found', message('key.none', { id }))
    return { ...made, key: secret }
  },
  endKey: async ({ actor, params, services }) => {
    if (!(await services.credentials.end('key', params.id, isOwner(actor) ? undefined : holderOf(actor))))
      throw new FototecaError('not_found', message('key.none', { id: params.id }))
    return { id: params.id }
  },
  listAudit: async ({ query, services }) => ({ entries: await services.audit.list({ ...query, text: query.text, before: query.before }) }),
} satisfies HandlersOf<typeof ACCESS_ROUTES>
