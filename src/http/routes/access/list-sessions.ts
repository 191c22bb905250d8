/** @file GET /api/sessions */
import type { Handler } from '../../handler.ts'

export const listSessions: Handler<'listSessions'> = async ({ request, services }) => ({
  sessions: services.sessions.list().map(({ id, device, createdAt, lastUsedAt }) => ({
    id,
    device,
    created_at: createdAt.toISOString(),
    last_used_at: lastUsedAt.toISOString(),
    current: id === request.sessionId,
  })),
})
