/** @file POST /api/logout */
import type { Handler } from '../../handler.ts'
import { clearSessionCookie } from '../../session-cookie.ts'

export const logOut: Handler<'logOut'> = async ({ request, reply, services }) => {
  if (request.sessionId === null) return { ended: false }
  clearSessionCookie(request, reply)
  return { ended: await services.sessions.end(request.sessionId) }
}
