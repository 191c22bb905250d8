/** @file Who asks. Every request has one, and background work is one: what reads photos or changes something is told who wants it. */
import { type KeyScope, PERMISSIONS, type Permission, ROLES, type Role } from '../contract/accounts.ts'
import type { Route } from '../contract/routes/route.ts'
import { EVERY_PHOTO, type Visibility } from './visibility.ts'

interface ByCredential {
  /** the session of the browser that asks; null for programs, and where nobody signs in */
  readonly session: number | null
  /** what the API key that came with the request may be used for; null: no key, so whatever the actor may do */
  readonly scopes: readonly KeyScope[] | null
}

/** `owner`: whoever holds the token, the command line of this machine, or anybody on loopback where there is neither token nor account. */
export type Who =
  | ({ readonly kind: 'owner' } & ByCredential)
  | ({ readonly kind: 'account'; readonly id: number; readonly name: string; readonly role: Role } & ByCredential)
  /** `system`: background work; `nobody`: came without what is needed */
  | { readonly kind: 'system' | 'nobody' }

export type Actor = Who & {
  /** the photos there are for this actor: what it does not see does not exist for it */
  readonly sees: Visibility
}

export const OWNER = { kind: 'owner', session: null, scopes: null, sees: EVERY_PHOTO } as const satisfies Actor
export const SYSTEM = { kind: 'system', sees: EVERY_PHOTO } as const satisfies Actor
export const NOBODY = { kind: 'nobody', sees: EVERY_PHOTO } as const satisfies Actor

/** What the person may do, whatever the key of the request allows. */
export function permissionsOf(actor: Actor): readonly Permission[] {
  if (actor.kind === 'owner') return PERMISSIONS
  return actor.kind === 'account' ? ROLES[actor.role] : []
}

/** Whether this route answers this actor. No by default: also where a route says nothing. */
export function mayUse(
  actor: Actor,
  { access, tag, method, link }: Pick<Route, 'tag' | 'method' | 'link'> & { readonly access: Route['access'] | undefined },
): boolean {
  if (access === 'anyone') return true
  if (access === undefined || actor.kind === 'system' || actor.kind === 'nobody') return false
  if (!permissionsOf(actor).includes(access)) return false
  const { scopes } = actor as Extract<Actor, ByCredential>
  if (scopes === null) return true
  // a key never changes who may come in: a stolen one could make itself last
  if (tag === 'access' && method !== 'GET') return false
  return scopes.includes(access) || (scopes.includes('described') && (tag === 'described systems' || link === true))
}

/** What a person is called who asks. */
export const nameOf = (actor: Actor): string => (actor.kind === 'account' ? actor.name : actor.kind)

/** As history and the audit log store whoever did something: an account by its id, since names change. */
export function toAuthor(actor: Actor): string {
  return actor.kind === 'account' ? `account:${actor.id}` : actor.kind
}
