/** @file The handlers of `contract/routes/access.ts`; the compiler says which is missing. What does more than one call has a file of its own. */
import type { ACCESS_ROUTES } from '../../contract/routes/access.ts'
import { FototecaError } from '../../domain/errors.ts'
import type { HandlersOf } from '../handler.ts'
import { clearSessionCookie } from '../session-cookie.ts'

export const accessHandlers = {
  listSessions: async ({ actor, services }) => ({
    sessions: services.sessions.list().map(({ id, device, createdAt, lastUsedAt }) => ({
      id,
      device,
      created_at: createdAt.toISOString(),
      last_used_at: lastUsedAt.toISOString(),
      current: actor.kind === 'owner' && id === actor.session,
    })),
  }),
  endSession: async ({ params, services }) => {
    if (!(await services.sessions.end(params.id)))
      throw new FototecaError('not_found', `there is no session ${params.id}; it may have ended`)
    return { id: params.id }
  },
  logOut: async ({ actor, request, reply, services }) => {
    if (actor.kind !== 'owner' || actor.session === null) return { ended: false }
    clearSessionCookie(request, reply)
    return { ended: await services.sessions.end(actor.session) }
  },
} satisfies HandlersOf<typeof ACCESS_ROUTES>
