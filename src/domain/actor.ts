/** @file Who asks. Every request has one, and background work is one: what reads photos or changes something is told who wants it. */
import type { Access } from '../contract/routes/route.ts'

/** `owner`: on loopback without a token, or who holds it. `system`: background work. `nobody`: came without the token that is needed. */
export type Actor =
  | {
      readonly kind: 'owner' /** the session of the browser that asks; null for programs, and where no token is set */
      readonly session: number | null
    }
  | { readonly kind: 'system' | 'nobody' }

export const OWNER: Actor = { kind: 'owner', session: null }
export const SYSTEM: Actor = { kind: 'system' }
export const NOBODY: Actor = { kind: 'nobody' }

/** Whether a route of this access answers this actor. No by default: also where a route says nothing. */
export function mayUse(actor: Actor, access: Access | undefined): boolean {
  switch (access) {
    case 'anyone':
      return true
    case 'member':
    case 'owner':
      return actor.kind === 'owner'
    default:
      return false
  }
}
