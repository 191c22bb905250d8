/** @file Who asks. Every request has one, and background work is one: what reads photos or changes something is told who wants it. */
import type { Access } from '../contract/routes/route.ts'
import { EVERY_PHOTO, type Visibility } from './visibility.ts'

/** `owner`: on loopback without a token, or who holds it. `system`: background work. `nobody`: came without the token that is needed. */
type Who =
  | {
      readonly kind: 'owner' /** the session of the browser that asks; null for programs, and where no token is set */
      readonly session: number | null
    }
  | { readonly kind: 'system' | 'nobody' }

export type Actor = Who & {
  /** the photos there are for this actor: what it does not see does not exist for it */
  readonly sees: Visibility
}

export const OWNER = { kind: 'owner', session: null, sees: EVERY_PHOTO } as const satisfies Actor
export const SYSTEM = { kind: 'system', sees: EVERY_PHOTO } as const satisfies Actor
export const NOBODY = { kind: 'nobody', sees: EVERY_PHOTO } as const satisfies Actor

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
